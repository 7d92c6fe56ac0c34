package diskblob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"collateral/internal/blob"
)

// Put implements blob.Store.
func (s *Store) Put(ctx context.Context, r io.Reader) (blob.Info, error) {
	info, err := s.put(ctx, r)
	if err != nil {
		return blob.Info{}, fmt.Errorf("storing blob: %w", err)
	}
	return info, nil
}

func (s *Store) put(ctx context.Context, r io.Reader) (blob.Info, error) {
	if err := s.room(); err != nil {
		return blob.Info{}, err
	}
	file, err := os.CreateTemp(filepath.Join(s.dir, tempFolder), "put-*") // with mode 0600
	if err != nil {
		return blob.Info{}, orFull(err)
	}
	// After the rename there is nothing left under this name, and a second Close only reports that it is one.
	defer os.Remove(file.Name())
	defer file.Close()

	hash := sha256.New()
	if err := s.copy(ctx, io.MultiWriter(hash, &roomyFile{File: file, store: s}), r); err != nil {
		return blob.Info{}, err
	}
	if err := file.Sync(); err != nil {
		return blob.Info{}, orFull(err)
	}
	stat, err := file.Stat()
	if err != nil {
		return blob.Info{}, err
	}
	if err := file.Close(); err != nil {
		return blob.Info{}, orFull(err)
	}
	if err := ctx.Err(); err != nil {
		return blob.Info{}, err
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	if err := s.install(file.Name(), digest); err != nil {
		return blob.Info{}, orFull(err)
	}
	return infoOf(digest, stat), nil
}

// install gives a synced temporary file its name. It replaces a blob already there: the bytes are the same, the time
// is new, and if the old file was damaged this mends it.
func (s *Store) install(temp, digest string) error {
	path := s.path(digest)
	leaf := filepath.Dir(path)
	err := os.Rename(temp, path)
	if errors.Is(err, fs.ErrNotExist) {
		s.durable.set(digest, false)
		if err := os.MkdirAll(leaf, folderMode); err != nil {
			return err
		}
		err = os.Rename(temp, path)
	}
	if err != nil {
		return err
	}
	// Not only the Put that made a folder syncs the one above it: another that finds it made must not return before it is
	// durable.
	stale := []string{leaf}
	knownFirst, knownLeaf := s.durable.above(digest)
	if first := filepath.Dir(leaf); !knownLeaf {
		stale = append(stale, first)
		if !knownFirst {
			stale = append(stale, filepath.Dir(first))
		}
	}
	for _, folder := range stale {
		if err := syncFolder(folder); err != nil {
			return err
		}
	}
	s.durable.set(digest, true)
	return nil
}

// copy is io.Copy with a pooled buffer that looks at ctx between reads and tells a full disk from a failing reader.
func (s *Store) copy(ctx context.Context, w io.Writer, r io.Reader) error {
	buffer := s.buffers.Get().(*[bufferSize]byte) //nolint:forcetypeassert // nothing else is in the pool
	defer s.buffers.Put(buffer)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, readErr := r.Read(buffer[:])
		if _, err := w.Write(buffer[:n]); err != nil {
			return orFull(err)
		}
		// Not errors.Is: readers wrap io.EOF to say that the content was cut short.
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return fmt.Errorf("reading the content: %w", readErr)
		}
	}
}

// orFull marks the errors by which a file system says that there is no room, for everybody or for this user.
func orFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", blob.ErrFull, err)
	}
	return err
}
