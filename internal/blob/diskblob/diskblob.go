// Package diskblob keeps blobs as files in a folder of the local file system. A blob is written under a temporary
// name, synced and renamed, so that a name either holds the whole content or does not exist, also after a power
// loss. The package knows no other engine, and nothing of what the bytes mean.
//
// The folder looks like this; whoever backs it up may leave tmp out:
//
//	DIR/sha256/ab/cd/abcd...   a blob under its digest
//	DIR/tmp/put-123            a Put under way, or left behind by a process that was killed
//	DIR/tmp/stale-123          a blob on its way out
package diskblob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"collateral/internal/blob"
)

const (
	tempFolder = "tmp"
	blobFolder = "sha256" // the first part of every blob.Key
	folderMode = 0o700

	// bufferSize suits uploads that arrive over the network: large enough to make few writes.
	bufferSize = 256 << 10

	// staleAfter is how long a temporary file must have been idle before Open takes it for abandoned. Each write
	// of a running Put renews the file's time, so this bounds a pause, not an upload.
	staleAfter = 24 * time.Hour
)

// Store is a blob.Store on a folder.
type Store struct {
	// KeepFree is how many bytes must be free on the folder's disk for Put to take anything, so that what else is kept
	// there can still be written. Set it before the store is used.
	KeepFree int64

	dir     string
	buffers sync.Pool // of *[bufferSize]byte
	durable durableFolders
}

var (
	_ blob.Store   = (*Store)(nil)
	_ blob.Sweeper = (*Store)(nil)
	_ blob.Prober  = (*Store)(nil)
	_ blob.Marker  = (*Store)(nil)
)

// Open returns the store in dir, which it makes when it is missing, and removes what killed processes left behind.
// Several processes may have the same folder open.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("opening blob folder: %w", err)
	}
	for _, folder := range []string{dir, filepath.Join(dir, tempFolder), filepath.Join(dir, blobFolder)} {
		if err := makeFolder(folder); err != nil {
			return nil, fmt.Errorf("opening blob folder: %w", err)
		}
	}
	s := &Store{
		dir:     dir,
		buffers: sync.Pool{New: func() any { return new([bufferSize]byte) }},
	}
	if _, err := s.SweepUnfinished(context.Background(), time.Now().Add(-staleAfter)); err != nil {
		return nil, err
	}
	return s, nil
}

// Open implements blob.Store. What it returns is an *os.File, so the kernel can send it without copying.
func (s *Store) Open(ctx context.Context, digest string) (blob.File, blob.Info, error) {
	if err := ctx.Err(); err != nil {
		return nil, blob.Info{}, err
	}
	if !blob.IsDigest(digest) {
		return nil, blob.Info{}, blob.ErrNotFound
	}
	file, err := os.Open(s.path(digest))
	if err != nil {
		return nil, blob.Info{}, notFound("opening", digest, err)
	}
	stat, err := file.Stat()
	if err == nil && !stat.Mode().IsRegular() {
		err = fmt.Errorf("not a regular file: %w", blob.ErrDamaged)
	}
	if err != nil {
		file.Close()
		return nil, blob.Info{}, notFound("opening", digest, err)
	}
	return file, infoOf(digest, stat), nil
}

// Stat implements blob.Store.
func (s *Store) Stat(ctx context.Context, digest string) (blob.Info, error) {
	if err := ctx.Err(); err != nil {
		return blob.Info{}, err
	}
	if !blob.IsDigest(digest) {
		return blob.Info{}, blob.ErrNotFound
	}
	stat, err := os.Stat(s.path(digest))
	if err == nil && !stat.Mode().IsRegular() {
		err = fmt.Errorf("not a regular file: %w", blob.ErrDamaged)
	}
	if err != nil {
		return blob.Info{}, notFound("looking at", digest, err)
	}
	return infoOf(digest, stat), nil
}

// Delete implements blob.Store. It returns when the deletion is durable: a blob that was purged for good reason must
// not come back after a power loss. The folders stay, because a concurrent Put may be about to rename into them.
func (s *Store) Delete(ctx context.Context, digest string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !blob.IsDigest(digest) {
		return nil
	}
	path := s.path(digest)
	if err := os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("deleting blob %s: %w", digest, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("deleting blob %s: %w", digest, err)
	}
	return nil
}

func (s *Store) path(digest string) string {
	return filepath.Join(s.dir, filepath.FromSlash(blob.Key(digest)))
}

func infoOf(digest string, stat fs.FileInfo) blob.Info {
	return blob.Info{SHA256: digest, Size: stat.Size(), ModTime: stat.ModTime().UTC().Truncate(time.Microsecond)}
}

func notFound(doing, digest string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return blob.ErrNotFound
	}
	return fmt.Errorf("%s blob %s: %w", doing, digest, err)
}
