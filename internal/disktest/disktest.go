// Package disktest gives a test a small disk of its own, which can be filled up and freed again. It knows nothing of what
// is kept there.
package disktest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Disk is a small file system, mounted at Dir.
type Disk struct{ Dir string }

// ballast is the file that fills a disk up.
const ballast = "ballast"

// Fill leaves no room, not for a single byte in a new file.
func (d Disk) Fill(t *testing.T) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(d.Dir, ballast), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatalf("filling the disk up: %v", err)
	}
	defer file.Close()
	for size := 1 << 20; size > 0; {
		_, err := file.Write(make([]byte, size))
		switch {
		case errors.Is(err, syscall.ENOSPC):
			size /= 2
		case err != nil:
			t.Fatalf("filling the disk up: %v", err)
		}
	}
}

// Leave fills the disk up but for the given number of bytes.
func (d Disk) Leave(t *testing.T, bytes int64) {
	t.Helper()
	d.Fill(t)
	path := filepath.Join(d.Dir, ballast)
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, max(info.Size()-bytes, 0))
	}
	if err != nil {
		t.Fatalf("leaving %d bytes on the disk: %v", bytes, err)
	}
}

// Empty takes away again what Fill put there.
func (d Disk) Empty(t *testing.T) {
	t.Helper()
	if err := os.Remove(filepath.Join(d.Dir, ballast)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("emptying the disk: %v", err)
	}
}
