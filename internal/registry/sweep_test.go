package registry_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"collateral/internal/blob"
	"collateral/internal/blob/diskblob"
	"collateral/internal/registry"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// onFolder has the world keep its files in a folder that the test can look into.
func (w *world) onFolder() (folder string) {
	w.t.Helper()
	folder = w.t.TempDir()
	blobs, err := diskblob.Open(folder)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Blobs = blobs
	return folder
}

// age makes every file below the folder look as if nobody had touched it for two days.
func age(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		then := time.Now().Add(-48 * time.Hour)
		return os.Chtimes(path, then, then)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSweepTakesWhatACrashLeft(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		folder := w.onFolder()
		kept := w.created("Kept", "bytes of a version")
		put := func(text string) blob.Info { return must(w.Blobs.Put(t.Context(), strings.NewReader(text)))(t) }
		put("arrived, never committed")
		half := filepath.Join(folder, "tmp", "put-1")
		if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}

		sweep := func() {
			t.Helper()
			if err := w.SweepBlobs(t.Context(), 24*time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		if got := w.blobs(); len(got) != 2 {
			t.Errorf("got %d files after a sweep within the grace time, want 2", len(got))
		}
		age(t, folder)
		young := put("being uploaded")
		sweep()
		got := w.blobs()
		if len(got) != 2 || !strings.Contains(strings.Join(got, " "), young.SHA256) || !strings.Contains(strings.Join(got, " "), kept.Newest.SHA256) {
			t.Errorf("got %v after the grace time, want what is used and what is young", got)
		}
		if _, err := os.Stat(half); err == nil {
			t.Error("a half-written file was left")
		}
	})
}

// An upload whose bytes lie there already, stale and about to be swept, keeps them.
func TestSweepSparesUploads(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		folder := w.onFolder()
		w.uploadsWhatIsSwept(folder, w.Registry)
	})
}

// The same when it is another server on the same folder that sweeps.
func TestSweepSparesUploadsOfOtherServers(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, store.Postgres)
	var stores [2]*store.Store
	for i := range stores {
		s, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		stores[i] = s
	}
	w := newWorld(t, stores[0])
	folder := w.onFolder()
	w.uploadsWhatIsSwept(folder, &registry.Registry{Store: stores[1], Blobs: must(diskblob.Open(folder))(t), Log: w.Log})
}

func (w *world) uploadsWhatIsSwept(folder string, sweeper *registry.Registry) {
	t := w.t
	t.Helper()
	const text = "the same bytes, again and again"
	for round := range 15 {
		a := must(w.Create(t.Context(), w.mia, details("Deck", exploration)))(t)
		must(w.Blobs.Put(t.Context(), strings.NewReader(text)))(t)
		age(t, folder)
		var both sync.WaitGroup
		var uploaded atomic.Bool
		both.Go(func() {
			defer uploaded.Store(true)
			if _, _, err := w.Upload(t.Context(), w.mia, a.ID, registry.File{Name: "a.txt", Content: strings.NewReader(text)}); err != nil {
				t.Errorf("round %d: uploading what is being swept: %v", round, err)
			}
		})
		both.Go(func() {
			for again := true; again; again = !uploaded.Load() {
				if err := sweeper.SweepBlobs(t.Context(), 24*time.Hour); err != nil {
					t.Errorf("sweeping: %v", err)
				}
			}
		})
		both.Wait()
		if got := w.blobs(); len(got) != 1 {
			t.Fatalf("round %d: got files %v, want the one of the version", round, got)
		}
		if err := w.Delete(t.Context(), w.mia, a.ID); err != nil {
			t.Fatal(err)
		}
	}
}
