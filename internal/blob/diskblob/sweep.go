package diskblob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"collateral/internal/blob"
)

// SweepUnfinished implements blob.Sweeper. A Put that ends by itself, however badly, cleans up.
func (s *Store) SweepUnfinished(ctx context.Context, before time.Time) (removed int, err error) {
	folder := filepath.Join(s.dir, tempFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0, fmt.Errorf("sweeping %s: %w", folder, err)
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		stat, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // its Put has ended meanwhile
		}
		if err != nil {
			return removed, fmt.Errorf("sweeping %s: %w", folder, err)
		}
		if !stat.Mode().IsRegular() || !stat.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("sweeping %s: %w", folder, err)
		}
		removed++
	}
	return removed, nil
}

// DeleteStale implements blob.Sweeper. The file is taken out of its place first and looked at then: a Put that renames
// into the place at the same moment, in whatever process, comes before that and is put back, or after it and not touched.
func (s *Store) DeleteStale(ctx context.Context, digest string, before time.Time) error {
	// Most are young, and none of those has to be moved.
	if info, err := s.Stat(ctx, digest); errors.Is(err, blob.ErrNotFound) || err == nil && !info.ModTime.Before(before) {
		return nil
	} else if err != nil {
		return err
	}
	path := s.path(digest)
	if err := s.deleteStale(path, before); err != nil {
		return fmt.Errorf("deleting stale blob %s: %w", digest, err)
	}
	return nil
}

func (s *Store) deleteStale(path string, before time.Time) error {
	taken := filepath.Join(s.dir, tempFolder, "stale-"+rand.Text())
	if err := os.Rename(path, taken); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	stat, err := os.Stat(taken)
	if err == nil && stat.ModTime().Before(before) {
		err = os.Remove(taken)
	} else {
		// The same bytes were stored again. If that happened once more meanwhile, one copy is as good as the other.
		err = errors.Join(err, os.Rename(taken, path))
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// All implements blob.Lister. Files that are not blobs are passed over: an admin may have left something here.
func (s *Store) All(ctx context.Context, yield func(blob.Info) error) error {
	return filepath.WalkDir(filepath.Join(s.dir, blobFolder), func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing blobs: %w", err)
		}
		key, err := filepath.Rel(s.dir, path)
		if err != nil {
			return fmt.Errorf("listing blobs: %w", err)
		}
		digest, ok := blob.DigestOf(filepath.ToSlash(key))
		if !ok || !entry.Type().IsRegular() {
			return nil
		}
		stat, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing blobs: %w", err)
		}
		return yield(infoOf(digest, stat))
	})
}
