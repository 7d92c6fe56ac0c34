package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// OpenSized opens a blob whose size the caller has on record, and refuses with ErrDamaged one of any other size:
// a file cut short would otherwise be served as if it were whole.
func OpenSized(ctx context.Context, s Store, digest string, size int64) (File, Info, error) {
	content, info, err := s.Open(ctx, digest)
	if err != nil {
		return nil, Info{}, err
	}
	if info.Size != size {
		content.Close()
		return nil, Info{}, fmt.Errorf("blob %s has %d bytes instead of %d: %w", digest, info.Size, size, ErrDamaged)
	}
	return content, info, nil
}

// Verify reads a whole blob and compares it with its digest: nil, or ErrDamaged, or why it could not be read.
func Verify(ctx context.Context, s Store, digest string) error {
	content, info, err := s.Open(ctx, digest)
	if err != nil {
		return err
	}
	defer content.Close()
	if _, err := io.Copy(io.Discard, checked(content, info, nil)); err != nil {
		return fmt.Errorf("verifying blob %s: %w", digest, err)
	}
	return nil
}

// checkedFile is a File whose bytes are hashed as they are read from the first to the last. The end of wrong ones is held
// back: whoever reads them gets ErrDamaged instead, and never all of them. What is read from elsewhere, by Seek or ReadAt,
// passes unchecked.
type checkedFile struct {
	File
	info   Info
	whole  func() // told when all was read and is right
	hash   hash.Hash
	hashed int64 // how many bytes from the start
	right  bool  // all of them were hashed, and are right
	at     int64 // where Read goes on
}

// checked has a file that was just opened checked. whole may be nil.
func checked(f File, info Info, whole func()) *checkedFile {
	return &checkedFile{File: f, info: info, whole: whole, hash: sha256.New()}
}

// Read implements io.Reader.
func (f *checkedFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	sequential := f.at == f.hashed
	f.at += int64(n)
	if !sequential {
		return n, err
	}
	_, _ = f.hash.Write(p[:n]) // documented never to fail
	f.hashed = f.at
	switch {
	case f.hashed < f.info.Size && errors.Is(err, io.EOF):
		return 0, fmt.Errorf("blob %s ends after %d bytes of %d: %w", f.info.SHA256, f.hashed, f.info.Size, ErrDamaged)
	case f.hashed >= f.info.Size && !f.right:
		if found := hex.EncodeToString(f.hash.Sum(nil)); found != f.info.SHA256 {
			return 0, fmt.Errorf("blob %s reads as %s: %w", f.info.SHA256, found, ErrDamaged)
		}
		f.right = true
		if f.whole != nil {
			f.whole()
		}
	}
	return n, err
}

// Seek implements io.Seeker. From the start on, all is checked anew.
func (f *checkedFile) Seek(offset int64, whence int) (int64, error) {
	at, err := f.File.Seek(offset, whence)
	if err != nil {
		return at, err
	}
	if f.at = at; at == 0 {
		f.hash.Reset()
		f.hashed, f.right = 0, false
	}
	return at, nil
}
