package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"collateral/internal/disktest"
	"collateral/internal/search"
)

// On a full disk writes are refused and queries go on, and when there is room again so do writes. Nothing that was put
// without an error is lost.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disktest.OnSmall(t, 8<<20, func(t *testing.T, disk disktest.Disk) {
		folder := filepath.Join(disk.Dir, "index")
		x := openQuick(t, folder)
		var ids []string
		put := func() error {
			id := fmt.Sprintf("%04d", len(ids))
			err := x.Put(t.Context(), wordy(id))
			if err == nil {
				ids = append(ids, id)
			}
			return err
		}
		ctx, stop := context.WithCancel(t.Context())
		var queries sync.WaitGroup
		defer queries.Wait()
		defer stop()
		for range 2 {
			queries.Go(func() {
				for ctx.Err() == nil {
					if _, err := x.Query(t.Context(), search.Query{Words: "freight w1"}); err != nil {
						t.Errorf("a query: %v", err)
						return
					}
				}
			})
		}
		for range 3 {
			for range 10 {
				if err := put(); err != nil {
					t.Fatalf("putting while there is room: %v", err)
				}
			}
			for refused := 0; refused < 5; time.Sleep(x.rest.pause) { // so that it really tries
				disk.Fill(t) // again, since the index itself may have made room meanwhile
				if err := put(); errors.Is(err, search.ErrFull) {
					refused++
				} else if err != nil {
					t.Fatalf("putting onto a full disk: got %v, want %v", err, search.ErrFull)
				}
			}
			disk.Empty(t)
			for deadline := time.Now().Add(time.Minute); put() != nil; time.Sleep(x.rest.pause) {
				if time.Now().After(deadline) {
					t.Fatal("nothing can be put though there is room again")
				}
			}
		}
		stop()
		queries.Wait()
		wantIDs(t, x, ids)
		if err := x.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
		again, fresh, err := Open(folder)
		if err != nil || fresh {
			t.Fatalf("opening again: fresh %v, error %v", fresh, err)
		}
		wantIDs(t, again, ids)
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What scorch merges on its own fails on a disk that is nearly full. That ends in rest as well, and not in trying for ever.
func TestNearlyFullDisk(t *testing.T) {
	t.Parallel()
	disktest.OnSmall(t, 4<<20, func(t *testing.T, disk disktest.Disk) {
		x := openQuick(t, filepath.Join(disk.Dir, "index"))
		var ids []string
		var err error
		for err == nil && len(ids) < 1000 {
			id := fmt.Sprintf("%04d", len(ids))
			if err = x.Put(t.Context(), wordy(id)); err == nil {
				ids = append(ids, id)
			}
		}
		if !errors.Is(err, search.ErrFull) {
			t.Fatalf("putting until the disk is full: got %v, want %v", err, search.ErrFull)
		}
		refused := fmt.Sprintf("%04d", len(ids)) // on disk, perhaps, when it was a merge that failed meanwhile
		wantIDs(t, x, ids, refused)
		if err := x.Delete(t.Context(), ids[0]); err == nil {
			wantIDs(t, x, ids[1:], refused)
		}
		if err := x.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

// openQuick opens an index that rests for a moment only.
func openQuick(t *testing.T, folder string) *Index {
	t.Helper()
	x, _, err := Open(folder)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	x.rest.pause = 20 * time.Millisecond
	return x
}

// wordy is a document of which a few fill a small disk.
func wordy(id string) search.Document {
	var text strings.Builder
	for range 2000 {
		fmt.Fprintf(&text, "w%d ", rand.N(100_000))
	}
	return search.Document{ID: id, Title: "Freight " + id, Pages: []string{text.String()}}
}

// wantIDs holds the documents of the index against those it must have, and those it may have beside them.
func wantIDs(t *testing.T, x *Index, want []string, may ...string) {
	t.Helper()
	revisions, err := x.Revisions(t.Context())
	maps.DeleteFunc(revisions, func(id, _ string) bool { return slices.Contains(may, id) })
	got := slices.Sorted(maps.Keys(revisions))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got documents %v, error %v, want %v", got, err, want)
	}
}
