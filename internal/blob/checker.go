package blob

import (
	"context"
	"io"
	"sync"
	"syscall"
)

// Checker opens blobs in such a way that wrong bytes are not taken for right ones, and remembers what it found right. Its
// zero value is ready; it is safe for concurrent use.
//
// A blob that is read from its first byte to its last is hashed on the way, and the end of a wrong one held back. Before a
// part of one is read, or it is fetched from elsewhere, Sound reads it as a whole once. What was found right is not read
// again for that as long as its mark stays the same, where the engine has marks.
type Checker struct {
	mu    sync.Mutex
	marks map[string]string // digest -> the mark it was found right with
}

// maxMarks bounds what is remembered: some megabytes. When it is reached, all is forgotten.
const maxMarks = 50_000

// Put stores r as Store.Put does, and remembers that what is stored is right.
func (c *Checker) Put(ctx context.Context, s Store, r io.Reader) (Info, error) {
	info, err := s.Put(ctx, r)
	if err != nil {
		return Info{}, err
	}
	if _, ok := s.(Marker); ok {
		if f, _, err := s.Open(ctx, info.SHA256); err == nil {
			c.remember(info.SHA256, markOf(s, f))
			f.Close()
		}
	}
	return info, nil
}

// Open is OpenSized, for reading a blob as a whole. A file of this machine that was found right and not touched since is
// handed out as it is, so that the kernel can send it; all else is hashed each time it is read, which costs little beside
// the network it comes from.
func (c *Checker) Open(ctx context.Context, s Store, digest string, size int64) (File, Info, error) {
	f, info, err := OpenSized(ctx, s, digest, size)
	if err != nil {
		return nil, Info{}, err
	}
	mark := markOf(s, f)
	if _, local := f.(syscall.Conn); local && c.knows(digest, mark) {
		return f, info, nil
	}
	return checked(f, info, func() {
		// Written to while it was read, it may be right in parts of two.
		if markOf(s, f) == mark {
			c.remember(digest, mark)
		}
	}), info, nil
}

// Sound tells whether a blob that Open returned is what its digest promises: nil, or ErrDamaged, or why that could not be
// found out.
func (c *Checker) Sound(ctx context.Context, s Store, digest string, f File) error {
	if wrapped, ok := f.(*checkedFile); ok {
		f = wrapped.File
	}
	mark := markOf(s, f)
	if c.knows(digest, mark) {
		return nil
	}
	if err := Verify(ctx, s, digest); err != nil {
		return err
	}
	c.remember(digest, mark)
	return nil
}

func markOf(s Store, f File) string {
	if m, ok := s.(Marker); ok {
		return m.Mark(f)
	}
	return ""
}

func (c *Checker) knows(digest, mark string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return mark != "" && c.marks[digest] == mark
}

func (c *Checker) remember(digest, mark string) {
	if mark == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.marks == nil || len(c.marks) >= maxMarks {
		c.marks = make(map[string]string)
	}
	c.marks[digest] = mark
}
