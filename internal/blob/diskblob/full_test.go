package diskblob

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"collateral/internal/blob"
)

func TestFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no /dev/full here: it is Linux that has a device on which every write meets a full disk")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.copy(t.Context(), full, strings.NewReader("x")); !errors.Is(err, blob.ErrFull) {
		t.Errorf("copying to a full disk: got %v, want %v", err, blob.ErrFull)
	}
}

func TestOrFull(t *testing.T) {
	t.Parallel()
	tests := []struct {
		errno syscall.Errno
		want  bool
	}{
		{syscall.ENOSPC, true},
		{syscall.EDQUOT, true},
		{syscall.EIO, false},
		{syscall.EACCES, false},
	}
	for _, test := range tests {
		err := orFull(&fs.PathError{Op: "write", Path: "x", Err: test.errno})
		if got := errors.Is(err, blob.ErrFull); got != test.want {
			t.Errorf("%v taken for a full disk: got %v, want %v", test.errno, got, test.want)
		}
		if !errors.Is(err, test.errno) {
			t.Errorf("%v does not keep its cause %v", err, test.errno)
		}
	}
}
