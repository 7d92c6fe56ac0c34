package diskblob_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"collateral/internal/blob"
)

// Bytes that are stored again while their old copy is swept are there afterwards, whoever was quicker.
func TestSweepSparesWhatIsStoredAgain(t *testing.T) {
	t.Parallel()
	s, dir := openTemp(t)
	other := mustOpenStore(t, dir) // another process has nothing but the folder in common
	digest := mustPut(t, s, "again and again").SHA256
	path := filepath.Join(dir, filepath.FromSlash(blob.Key(digest)))
	for range 300 {
		now := time.Now()
		if err := os.Chtimes(path, now, now.Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		both.Go(func() { mustPut(t, s, "again and again") })
		both.Go(func() {
			if err := other.DeleteStale(t.Context(), digest, now.Add(-24*time.Hour)); err != nil {
				t.Errorf("DeleteStale: %v", err)
			}
		})
		both.Wait()
		if _, err := s.Stat(t.Context(), digest); err != nil {
			t.Fatalf("the bytes that were stored again: %v", err)
		}
	}
	wantNoTempFiles(t, dir)
}
