package extract

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html/charset"
)

// office is an open OOXML package: parts in a zip archive, tied together by relationships.
type office struct {
	ctx   context.Context
	parts map[string]*zip.File // by lower-case name: part names are compared without case
	left  int64                // bytes that may still be unpacked
	depth int
}

// errFull ends the walk through a part when the collector takes no more.
var errFull = errors.New("extract: enough text")

func openOffice(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (*office, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", Damaged, err)
	}
	o := &office{ctx: ctx, parts: make(map[string]*zip.File, len(z.File)), left: lim.unpackable(size), depth: lim.Depth}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := o.parts[name]; !twice {
			o.parts[name] = f
		}
	}
	return o, nil
}

// relation is a link from one part to another.
type relation struct {
	ID, Type, Target, Mode string
}

// is compares the last word of the type, which transitional and strict OOXML share.
func (r relation) is(kind string) bool {
	return strings.HasSuffix(r.Type, "/"+kind) && r.Mode != "External"
}

// relations returns the links from a part, with targets as part names. A part without links has none; "" stands
// for the package itself.
func (o *office) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	if _, ok := o.parts[strings.ToLower(name)]; !ok {
		return nil, nil
	}
	var rels []relation
	err := o.walk(name, func(el xml.StartElement) (bool, error) {
		if el.Name.Local != "Relationship" {
			return true, nil
		}
		rel := relation{ID: attr(el, "Id"), Type: attr(el, "Type"), Target: attr(el, "Target"), Mode: attr(el, "TargetMode")}
		if after, absolute := strings.CutPrefix(rel.Target, "/"); absolute {
			rel.Target = after
		} else {
			rel.Target = path.Join(dir, rel.Target)
		}
		rels = append(rels, rel)
		return true, nil
	}, nil, nil)
	return rels, err
}

// mainPart returns the name of the part where the document begins.
func (o *office) mainPart() (string, error) {
	rels, err := o.relations("")
	if err != nil {
		return "", err
	}
	for _, rel := range rels {
		if rel.is("officeDocument") {
			return rel.Target, nil
		}
	}
	return "", fmt.Errorf("%w: the package names no document", Damaged)
}

// walk calls start, end and text for a part's XML in document order; end and text may be nil. The elements inside
// one for which start reports false are left out.
func (o *office) walk(part string, start func(xml.StartElement) (bool, error), end func(name string) error, text func([]byte) error) error {
	f, ok := o.parts[strings.ToLower(part)]
	if !ok {
		return fmt.Errorf("%w: part %s is missing", Damaged, part)
	}
	if f.Flags&1 != 0 {
		return fmt.Errorf("%w: part %s", Encrypted, part)
	}
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: part %s: %v", Damaged, part, err)
	}
	defer in.Close()
	metered := &meter{ctx: o.ctx, in: in, left: &o.left}
	d := xml.NewDecoder(metered)
	d.CharsetReader = charset.NewReaderLabel

	for depth := 0; ; {
		tok, err := d.Token()
		if err == nil {
			switch t := tok.(type) {
			case xml.StartElement:
				if depth++; depth > o.depth {
					return fmt.Errorf("%w: part %s: more than %d elements inside each other", TooLarge, part, o.depth)
				}
				var enter bool
				if enter, err = start(t); err == nil && !enter {
					depth--
					err = d.Skip()
				}
			case xml.EndElement:
				depth--
				if end != nil {
					err = end(t.Name.Local)
				}
			case xml.CharData:
				if text != nil {
					err = text(t)
				}
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errFull):
			return err
		case metered.err != nil: // not damage, which is all the decoder can tell
			return fmt.Errorf("part %s: %w", part, metered.err)
		default:
			return fmt.Errorf("%w: part %s: %v", Damaged, part, err)
		}
	}
}

func attr(el xml.StartElement, local string) string {
	for _, a := range el.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// meter counts what is really unpacked, whatever the archive declares, and ends with the context.
type meter struct {
	ctx  context.Context
	in   io.Reader
	left *int64
	err  error // why reading was ended
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if m.err == nil && m.ctx.Err() != nil {
		m.err = m.ctx.Err()
	}
	if m.err == nil && *m.left <= 0 {
		m.err = fmt.Errorf("%w: it unpacks to more than is read", TooLarge)
	}
	if m.err != nil {
		return 0, m.err
	}
	n, err := m.in.Read(p[:min(int64(len(p)), *m.left)])
	*m.left -= int64(n)
	return n, err
}
