package extract

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// asFile returns an open file with the bytes of r, for handing to another process, and a function that releases it.
func asFile(r io.ReaderAt, size int64) (*os.File, func(), error) {
	if s, ok := r.(*source); ok {
		r = s.ReaderAt
	}
	if f, ok := r.(*os.File); ok {
		return f, func() {}, nil
	}
	f, err := os.CreateTemp("", "collateral-extract-*")
	if err != nil {
		return nil, nil, fmt.Errorf("making room for a document: %w", err)
	}
	done := func() {
		f.Close()
		os.Remove(f.Name())
	}
	if _, err := io.Copy(f, fromStart(r, size)); err != nil {
		done()
		return nil, nil, fmt.Errorf("copying a document: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		done()
		return nil, nil, fmt.Errorf("copying a document: %w", err)
	}
	return f, done, nil
}

// fromStart reads a document from its first byte to its last: in one go where it can be, which takes one request of a store
// that is far away, and has what is read there checked.
func fromStart(r io.ReaderAt, size int64) io.Reader {
	if whole, ok := r.(io.ReadSeeker); ok {
		if _, err := whole.Seek(0, io.SeekStart); err == nil {
			return io.LimitReader(whole, size)
		}
	}
	return io.NewSectionReader(r, 0, size)
}

// beginning is a writer that keeps the first words of a program that may talk without end. They say what went wrong;
// what follows says where.
type beginning struct{ kept []byte }

const beginningSize = 1 << 10

// Write implements io.Writer.
func (b *beginning) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), beginningSize-len(b.kept))]...)
	return len(p), nil
}

// String returns what was kept, on one line.
func (b *beginning) String() string { return strings.ReplaceAll(clean(string(b.kept)), "\n", "; ") }
