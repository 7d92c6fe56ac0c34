package diskblob_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"collateral/internal/blob"
)

func TestRoomIsKept(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("free space is asked for on Linux only")
	}
	s, _ := openTemp(t)
	s.KeepFree = math.MaxInt64
	if _, err := s.Put(t.Context(), strings.NewReader("x")); !errors.Is(err, blob.ErrFull) {
		t.Errorf("Put with too little room left: got %v, want %v", err, blob.ErrFull)
	}
	if err := s.Probe(t.Context()); !errors.Is(err, blob.ErrFull) {
		t.Errorf("Probe with too little room left: got %v, want %v", err, blob.ErrFull)
	}
	s.KeepFree = 1
	mustPut(t, s, "x")
}

func TestProbe(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	if err := s.Probe(t.Context()); err != nil {
		t.Errorf("Probe: %v", err)
	}
	wantNoTempFiles(t, dir)
	for _, folder := range []string{"tmp", "sha256"} {
		away := filepath.Join(dir, "away")
		if err := os.Rename(filepath.Join(dir, folder), away); err != nil {
			t.Fatal(err)
		}
		if err := s.Probe(t.Context()); err == nil {
			t.Errorf("Probe without the folder %s: got no error, want one", folder)
		}
		if err := os.Rename(away, filepath.Join(dir, folder)); err != nil {
			t.Fatal(err)
		}
	}
}
