package cli_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// checkFiles holds the folder of blobs against the versions: each has its file, and a file without a version comes from
// a request that was never answered. Of half-written files nothing is left, a day after they were abandoned.
func (c *crash) checkFiles(db *sql.DB) {
	c.t.Helper()
	sizes := c.blobSizes()
	used := make(map[string]bool)
	c.rows(db, "SELECT sha256, size FROM versions", func(scan func(...any) error) error {
		var digest string
		var want int64
		err := scan(&digest, &want)
		if got, there := sizes[digest]; err == nil && (!there || got != want) {
			c.t.Errorf("blob %s: got %d bytes, there %t, want the %d of a version", digest, got, there, want)
		}
		used[digest] = true
		return err
	})
	for digest := range sizes {
		switch {
		case used[digest]:
		case !c.strays[digest]:
			c.t.Errorf("blob %s belongs to no version and was in no unanswered request", digest)
		case c.digestOf(digest) != digest:
			c.t.Errorf("blob %s has that name and other bytes", digest)
		}
	}
	half, err := os.ReadDir(filepath.Join(c.data, "blobs", "tmp"))
	if err != nil || len(half) > 0 {
		c.t.Errorf("got half-written files %v, error %v, want none", half, err)
	}
}

// checkSwept waits until files that belong to no version are gone, a day after they came.
func (c *crash) checkSwept() {
	c.t.Helper()
	db, done := c.openDatabase()
	defer done()
	c.poll("stray files are swept", func() bool {
		used := make(map[string]bool)
		for _, digest := range c.column(db, "SELECT sha256 FROM versions") {
			used[digest] = true
		}
		for digest := range c.blobSizes() {
			if !used[digest] {
				return false
			}
		}
		return true
	})
	clear(c.strays)
}

// blobSizes returns the size in bytes of each blob, by digest.
func (c *crash) blobSizes() map[string]int64 {
	c.t.Helper()
	sizes := make(map[string]int64)
	c.files(filepath.Join(c.data, "blobs", "sha256"), func(path string, info fs.FileInfo) error {
		sizes[filepath.Base(path)] = info.Size()
		return nil
	})
	return sizes
}

// digestOf reads a blob.
func (c *crash) digestOf(blob string) string {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.data, "blobs", "sha256", blob[:2], blob[2:4], blob))
	if err != nil {
		c.t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// age makes the files of a folder look as if nobody had touched them for more than a day, and counts them.
func (c *crash) age(folder string) (files int) {
	c.t.Helper()
	then := time.Now().Add(-25 * time.Hour)
	c.files(folder, func(path string, _ fs.FileInfo) error {
		files++
		return os.Chtimes(path, then, then)
	})
	return files
}

// files visits the files below a folder, if it is there. Files may go meanwhile.
func (c *crash) files(folder string, visit func(path string, info fs.FileInfo) error) {
	c.t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			var info fs.FileInfo
			if info, err = entry.Info(); err == nil {
				err = visit(path, info)
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		c.t.Fatalf("looking into %s: %v", folder, err)
	}
}
