package extract

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// archive is an open zip file whose parts are mostly XML, as those of OOXML and OpenDocument.
type archive struct {
	ctx   context.Context
	parts map[string]*zip.File // by lower-case name: OOXML compares part names without case
	left  int64                // bytes that may still be unpacked
	depth int
}

func openArchive(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", Damaged, err)
	}
	a := &archive{ctx: ctx, parts: make(map[string]*zip.File, len(z.File)), left: lim.unpackable(size), depth: lim.Depth}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, twice := a.parts[name]; !twice {
			a.parts[name] = f
		}
	}
	return a, nil
}

func (a *archive) has(part string) bool {
	_, ok := a.parts[strings.ToLower(part)]
	return ok
}

// walk walks through the XML of a part; see walkXML.
func (a *archive) walk(part string, start startElement, end endElement, text charData) error {
	f, ok := a.parts[strings.ToLower(part)]
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
	err = walkXML(&meter{ctx: a.ctx, in: in, left: &a.left}, a.depth, start, end, text)
	if err != nil && !errors.Is(err, errFull) {
		return fmt.Errorf("part %s: %w", part, err)
	}
	return err
}

// maxXMLToken bounds one tag or run of text, in bytes: the decoder holds it in memory as a whole, several times.
const maxXMLToken = 8 << 20

// meter counts what is really unpacked, whatever the archive declares, and ends with the context.
type meter struct {
	ctx  context.Context
	in   io.Reader
	left *int64

	token int64 // bytes read since the last token ended
	err   error // why reading was ended
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if m.err == nil && m.ctx.Err() != nil {
		m.err = m.ctx.Err()
	}
	if m.err == nil && *m.left <= 0 {
		m.err = fmt.Errorf("%w: it unpacks to more than is read", TooLarge)
	}
	if m.err == nil && m.token > maxXMLToken {
		m.err = fmt.Errorf("%w: a single tag or text of more than %d bytes", TooLarge, maxXMLToken)
	}
	if m.err != nil {
		return 0, m.err
	}
	n, err := m.in.Read(p[:min(int64(len(p)), *m.left)])
	*m.left -= int64(n)
	m.token += int64(n)
	return n, err
}
