package diskblob_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"collateral/internal/blob"
	"collateral/internal/blob/blobtest"
	"collateral/internal/blob/diskblob"
)

func TestStore(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blobtest.Opened {
		s, dir := openTemp(t)
		t.Cleanup(func() { wantNoTempFiles(t, dir) })
		return blobtest.Opened{Store: s, Damage: func(t *testing.T, digest string, content []byte) {
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(blob.Key(digest))), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}}
	})
}

func TestReopenFindsBlobs(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	put := mustPut(t, s, "kept")
	got, err := mustOpenStore(t, dir).Stat(t.Context(), put.SHA256)
	if err != nil || got != put {
		t.Errorf("Stat after reopening: got %+v, %v, want %+v", got, err, put)
	}
}

func TestOpenMakesFolders(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "blobs")
	mustPut(t, mustOpenStore(t, dir), "x")

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := diskblob.Open(dir); err == nil {
			t.Errorf("Open(%s), where a file stands in the way: got no error, want one", dir)
		}
	}
}

// TestPutMakesFoldersAnew takes away folders that the store has made itself.
func TestPutMakesFoldersAnew(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	put := mustPut(t, s, "kept")
	path := filepath.Join(dir, filepath.FromSlash(blob.Key(put.SHA256)))
	for _, gone := range []string{filepath.Dir(path), filepath.Dir(filepath.Dir(path))} {
		if err := os.RemoveAll(gone); err != nil {
			t.Fatal(err)
		}
		mustPut(t, s, "kept")
		if _, err := os.Stat(path); err != nil {
			t.Errorf("after %s was taken away: %v", gone, err)
		}
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blobs")
	mustPut(t, mustOpenStore(t, dir), "private")
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		stat, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if stat.IsDir() {
			want = 0o700
		}
		if got := stat.Mode().Perm(); got != want {
			t.Errorf("mode of %s: got %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSweepRemovesOnlyIdleTempFiles(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	put := mustPut(t, s, "a blob however old")
	old := time.Now().Add(-48 * time.Hour)
	temp := func(name string, written time.Time) string {
		path := filepath.Join(dir, "tmp", name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, written, written); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Chtimes(filepath.Join(dir, filepath.FromSlash(blob.Key(put.SHA256))), old, old); err != nil {
		t.Fatal(err)
	}
	abandoned, running := temp("put-1", old), temp("put-2", time.Now())

	reopened := mustOpenStore(t, dir)
	if _, err := os.Stat(abandoned); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("abandoned temporary file after Open: got %v, want it gone", err)
	}
	if _, err := os.Stat(running); err != nil {
		t.Errorf("temporary file of a running Put after Open: got %v, want it kept", err)
	}
	if removed, err := reopened.SweepUnfinished(t.Context(), time.Now().Add(time.Minute)); removed != 1 || err != nil {
		t.Errorf("Sweep: got %d, %v, want 1 removed", removed, err)
	}
	if err := blob.Verify(t.Context(), reopened, put.SHA256); err != nil {
		t.Errorf("the old blob after sweeping: %v", err)
	}
}

func TestDamageIsToldAndMended(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	put := mustPut(t, s, "twelve bytes")
	path := filepath.Join(dir, filepath.FromSlash(blob.Key(put.SHA256)))
	if err := os.Truncate(path, 6); err != nil {
		t.Fatal(err)
	}
	if _, _, err := blob.OpenSized(t.Context(), s, put.SHA256, put.Size); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("OpenSized of a file cut short: got %v, want %v", err, blob.ErrDamaged)
	}
	if err := blob.Verify(t.Context(), s, put.SHA256); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("Verify of a file cut short: got %v, want %v", err, blob.ErrDamaged)
	}
	mustPut(t, s, "twelve bytes")
	if err := blob.Verify(t.Context(), s, put.SHA256); err != nil {
		t.Errorf("Verify after the bytes were stored again: got %v, want nil", err)
	}
}

func TestFolderInPlaceOfBlob(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	digest := strings.Repeat("ab", 32)
	if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(blob.Key(digest))), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Open(t.Context(), digest); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("Open: got %v, want %v", err, blob.ErrDamaged)
	}
	if _, err := s.Stat(t.Context(), digest); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("Stat: got %v, want %v", err, blob.ErrDamaged)
	}
}

func TestAllPassesOverForeignFiles(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	put := mustPut(t, s, "mine")
	misplaced := filepath.Join(dir, "sha256", strings.Repeat("ab", 32))
	for _, foreign := range []string{misplaced, filepath.Join(dir, "sha256", "README"), filepath.Join(dir, "notes.txt")} {
		if err := os.WriteFile(foreign, []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []blob.Info
	if err := s.All(t.Context(), func(info blob.Info) error { got = append(got, info); return nil }); err != nil {
		t.Fatalf("All: %v", err)
	}
	if len(got) != 1 || got[0] != put {
		t.Errorf("All: got %+v, want %+v alone", got, put)
	}
}

func TestPutIntoLostFolder(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("x")); err == nil {
		t.Error("Put after the folder was removed: got no error, want one")
	}
	// A disk that is not mounted must not look like an empty store that can be written to.
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder after Put: got %v, want it not made again", err)
	}
}

func openTemp(t *testing.T) (*diskblob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	return mustOpenStore(t, dir), dir
}

func mustOpenStore(t *testing.T, dir string) *diskblob.Store {
	t.Helper()
	s, err := diskblob.Open(dir)
	if err != nil {
		t.Fatalf("Open(%s): %v", dir, err)
	}
	return s
}

func mustPut(t *testing.T, s *diskblob.Store, content string) blob.Info {
	t.Helper()
	info, err := s.Put(t.Context(), iotest.OneByteReader(bytes.NewReader([]byte(content))))
	if err != nil {
		t.Fatalf("Put(%q): %v", content, err)
	}
	return info
}

func wantNoTempFiles(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Errorf("temporary file left behind: %s", entry.Name())
	}
}
