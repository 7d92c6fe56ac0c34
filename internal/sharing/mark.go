package sharing

import (
	"context"
	"errors"
	"slices"
	"sync"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/watermark"
)

// marked is the content of a PDF with whom it was given to on every page.
func (s *Sharing) marked(ctx context.Context, d *Door, v *collateral.Version) (*registry.Content, error) {
	if s.Marks == nil || v.MediaType != "application/pdf" || v.Size > watermark.MaxInput {
		return nil, cannotBeMarked()
	}
	content, err := s.Registry.OpenVersion(ctx, v)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	name := d.link.TakenBy(d.Visitor)
	key := v.SHA256 + " " + name
	pdf := s.marks.get(key)
	if pdf == nil {
		made, err, _ := s.marking.Do(key, func() (any, error) {
			return s.Marks.Mark(context.WithoutCancel(ctx), content, "For "+name)
		})
		if errors.Is(err, watermark.ErrCannot) {
			s.Log.Warn("a PDF cannot be marked, so it is not given out", "version", v.ID, "error", err)
			return nil, cannotBeMarked()
		}
		if err != nil {
			return nil, err
		}
		pdf, _ = made.([]byte)
		s.marks.put(key, pdf)
	}
	return content.Instead(pdf), nil
}

// checkMark notes that nothing would be written but the recipient's name, and that it cannot be.
func checkMark(f *collateral.Faults, t collateral.LinkTerms, recipient, email string) {
	if t.Watermark && t.EmailGate == collateral.GateNone && email == "" && !watermark.CanWrite(recipient) {
		f.Add("/watermark", "The name %q cannot be written on the pages, only Latin letters can. Give the recipient's e-mail address as well.", recipient)
	}
}

func cannotBeMarked() error {
	return collateral.Errorf(collateral.Forbidden, "This document can be read here, and not be taken: your name cannot be written on it. Ask the person who sent you the link for the file.")
}

// maxMarks is how many bytes of marked files are kept, for browsers that ask for one in many parts.
const maxMarks = 64 << 20

// marks are the files that were marked last.
type marks struct {
	mu   sync.Mutex
	all  []markedFile // the last one last
	size int
}

type markedFile struct {
	key string
	pdf []byte
}

// get returns the file with the key, or nil.
func (m *marks) get(key string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at := slices.IndexFunc(m.all, func(f markedFile) bool { return f.key == key }); at >= 0 {
		return m.all[at].pdf
	}
	return nil
}

// put keeps a file, and drops the oldest ones for it.
func (m *marks) put(key string, pdf []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.all, func(f markedFile) bool { return f.key == key }) {
		return
	}
	m.all, m.size = append(m.all, markedFile{key, pdf}), m.size+len(pdf)
	for m.size > maxMarks && len(m.all) > 1 {
		m.size -= len(m.all[0].pdf)
		m.all = slices.Delete(m.all, 0, 1)
	}
}
