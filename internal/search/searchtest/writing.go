package searchtest

import (
	"maps"
	"slices"
	"testing"

	"collateral/internal/search"
)

func testWriting(t *testing.T, open func(*testing.T) search.Index) {
	t.Run("EmptyIndex", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		page := query(t, x, search.Query{Words: "anything"})
		same(t, "hits", hits(page), nil)
		same(t, "total", page.Total, 0)
		same(t, "ids", ids(t, x), nil)
	})

	t.Run("PutIsFound", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x, search.Document{ID: "a", Title: "Renewal deck"}, search.Document{ID: "b", Title: "Price list"})
		same(t, "renewal", found(t, x, "renewal "), []string{"a"})
		same(t, "ids", ids(t, x), []string{"a", "b"})
	})

	t.Run("PutReplaces", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x, search.Document{ID: "a", Title: "Renewal deck", Stages: []string{"renewal"}, Pages: []string{"loyalty"}})
		put(t, x, search.Document{ID: "a", Title: "Kick-off deck", Stages: []string{"discovery"}})
		for _, gone := range []string{"renewal ", "loyalty "} {
			same(t, gone, found(t, x, gone), nil)
		}
		page := query(t, x, search.Query{Words: "kick-off"})
		same(t, "hits", hits(page), []string{"a"})
		same(t, "stages", page.Facets[search.FacetStage], []search.Count{{Value: "discovery", Count: 1}})
		same(t, "ids", ids(t, x), []string{"a"})
	})

	t.Run("LastOfSameIDCounts", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x, search.Document{ID: "a", Title: "First"}, search.Document{ID: "a", Title: "Second"})
		same(t, "first", found(t, x, "first "), nil)
		same(t, "second", found(t, x, "second "), []string{"a"})
	})

	t.Run("RevisionsAreKept", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x, search.Document{ID: "a", Title: "First", Revision: "r1"}, search.Document{ID: "b", Title: "None"})
		put(t, x, search.Document{ID: "c", Title: "Third", Revision: "7:ä/\"x\""}, search.Document{ID: "a", Title: "Second", Revision: "r2"})
		same(t, "revisions", revisions(t, x), map[string]string{"a": "r2", "b": "", "c": "7:ä/\"x\""})
	})

	t.Run("DeleteRemoves", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x, search.Document{ID: "a", Title: "Renewal deck", Type: "deck"}, search.Document{ID: "b", Title: "Renewal script", Type: "script"})
		if err := x.Delete(t.Context(), "a", "never there"); err != nil {
			t.Fatalf("Delete: %v", err)
		}
		flush(t, x)
		page := query(t, x, search.Query{Words: "renewal"})
		same(t, "hits", hits(page), []string{"b"})
		same(t, "total", page.Total, 1)
		same(t, "types", page.Facets[search.FacetType], []search.Count{{Value: "script", Count: 1}})
		same(t, "ids", ids(t, x), []string{"b"})
	})

	t.Run("NothingToDo", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x)
		if err := x.Delete(t.Context()); err != nil {
			t.Fatalf("Delete of nothing: %v", err)
		}
	})
}

// ids returns the ids of all documents, sorted.
func ids(t *testing.T, x search.Index) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(revisions(t, x)))
}

func revisions(t *testing.T, x search.Index) map[string]string {
	t.Helper()
	all, err := x.Revisions(t.Context())
	if err != nil {
		t.Fatalf("Revisions: %v", err)
	}
	return all
}
