package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"collateral/internal/blob"
	"collateral/internal/store"
)

// file writes a file of the store. What turns out to be damaged on the way is filled up with zeros, because the entry has
// said how long it is; an import recognises it by its hash.
func (e *exporter) file(ctx context.Context, f store.KeptFile) error {
	content, _, err := blob.OpenSized(ctx, e.archive.Blobs, f.SHA256, f.Size)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		e.miss(ctx, f, err)
		return nil
	}
	defer content.Close()
	if err := e.entry(filesFolder+blob.Key(f.SHA256), f.Size); err != nil {
		return err
	}
	hash := sha256.New()
	read := &soundReader{from: content}
	n, err := io.Copy(e.tar, io.TeeReader(io.LimitReader(read, f.Size), hash))
	if err == nil && n < f.Size {
		_, err = io.CopyN(e.tar, zeros{}, f.Size-n)
	}
	if err != nil {
		return fmt.Errorf("writing file %s: %w", f.SHA256, err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch found := hex.EncodeToString(hash.Sum(nil)); {
	case read.err != nil:
		e.miss(ctx, f, read.err)
	case n < f.Size || found != f.SHA256:
		e.miss(ctx, f, fmt.Errorf("it reads as %d bytes with the hash %s: %w", n, found, blob.ErrDamaged))
	default:
		e.manifest.Files++
		e.manifest.Bytes += f.Size
	}
	return nil
}

func (e *exporter) miss(ctx context.Context, f store.KeptFile, why error) {
	if used, err := e.archive.Store.BlobInUse(ctx, f.SHA256); err == nil && !used {
		why = errors.New("it was purged while the export ran")
	}
	e.archive.Log.Error("a file is missing from the export", "sha256", f.SHA256, "error", why)
	e.manifest.Missing = append(e.manifest.Missing, f.SHA256)
}

// soundReader ends where its source fails, and keeps why: what fails to be read is not what fails to be written.
type soundReader struct {
	from io.Reader
	err  error
}

func (r *soundReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err, err = err, io.EOF
	}
	return n, err
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
