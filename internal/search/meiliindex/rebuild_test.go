package meiliindex_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/search"
)

func TestRebuildIsNotNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, search.Document{ID: "old", Title: "SLA"}, search.Document{ID: "both", Title: "Freight"})
	if err := w.SetSynonyms(t.Context(), [][]string{{"SLA", "service level agreement"}}); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			page, err := w.Query(t.Context(), search.Query{Words: "freight"})
			if err != nil || page.Total == 0 || page.Hits[0].ID != "both" {
				t.Errorf("while it is rebuilt: got %+v, %v, want the piece that is in both", page, err)
				return
			}
		}
	})
	// Two registries rebuild at the same time.
	var building sync.WaitGroup
	for range 2 {
		building.Go(func() {
			r, err := w.Rebuild(t.Context())
			if err != nil {
				t.Errorf("Rebuild: %v", err)
				return
			}
			if err := r.Put(t.Context(), search.Document{ID: "both", Title: "Freight"}, search.Document{ID: "new", Title: "SLA"}); err != nil {
				t.Errorf("Put: %v", err)
			}
			if err := r.Commit(t.Context()); err != nil {
				t.Errorf("Commit: %v", err)
			}
			if err := r.Discard(t.Context()); err != nil {
				t.Errorf("Discard after Commit: %v", err)
			}
		})
	}
	building.Wait()
	close(stop)
	asking.Wait()
	if diff := cmp.Diff([]string{"new"}, w.ids(t, "service level agreement ")); diff != "" {
		t.Errorf("after the rebuild, by a synonym (-want +got):\n%s", diff)
	}
	left := w.server.Indexes()
	slices.Sort(left)
	if diff := cmp.Diff([]string{"pieces", "pieces-notes"}, left); diff != "" {
		t.Errorf("indexes that are left (-want +got):\n%s", diff)
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, search.Document{ID: "a", Title: "Freight"})
	r, err := w.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Discard(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(w.server.Indexes()); n != 2 {
		t.Errorf("got %d indexes, want the one that answers and its notes", n)
	}
	if diff := cmp.Diff([]string{"a"}, w.ids(t, "freight")); diff != "" {
		t.Errorf("what answers (-want +got):\n%s", diff)
	}
}
