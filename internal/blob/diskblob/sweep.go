package diskblob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"collateral/internal/blob"
)

// Sweep removes the temporary files that nothing was written to since before, and tells how many. They are what
// processes leave that are killed while they store; a Put that ends by itself, however badly, cleans up.
func (s *Store) Sweep(ctx context.Context, before time.Time) (removed int, err error) {
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
