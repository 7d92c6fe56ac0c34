// Package searchtest is the suite that every search.Index must pass. It knows the port only, so what it asks for is the
// port's contract and nothing that one engine happens to do.
package searchtest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"collateral/internal/search"
)

// Run runs the suite. Each subtest works on an index of its own; open makes an empty one and ends it with the test.
func Run(t *testing.T, open func(t *testing.T) search.Index) {
	t.Helper()
	for _, part := range []struct {
		name string
		run  func(*testing.T, func(*testing.T) search.Index)
	}{
		{"Writing", testWriting},
		{"FirstHit", testFirstHit},
		{"Words", testWords},
		{"Typos", testTypos},
		{"Ranking", testRanking},
		{"Synonyms", testSynonyms},
		{"Complete", testComplete},
		{"Similar", testSimilar},
		{"Filters", testFilters},
		{"Orders", testOrders},
		{"Paging", testPaging},
		{"Places", testPlaces},
		{"Hostile", testHostile},
		{"Concurrency", testConcurrency},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t, open)
		})
	}
}

// day returns a day of publication; greater is newer.
func day(n int) time.Time {
	return time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, n)
}

// put stores the documents and waits until they are visible.
func put(t *testing.T, x search.Index, docs ...search.Document) {
	t.Helper()
	if err := x.Put(t.Context(), docs...); err != nil {
		t.Fatalf("Put: %v", err)
	}
	flush(t, x)
}

func flush(t *testing.T, x search.Index) {
	t.Helper()
	if err := x.Flush(t.Context()); err != nil {
		t.Fatalf("Flush: %v", err)
	}
}

func query(t *testing.T, x search.Index, q search.Query) search.Page {
	t.Helper()
	page, err := x.Query(t.Context(), q)
	if err != nil {
		t.Fatalf("Query(%+v): %v", q, err)
	}
	return page
}

// hits returns the ids of a page's hits, in order.
func hits(page search.Page) []string {
	ids := make([]string, len(page.Hits))
	for i, h := range page.Hits {
		ids[i] = h.ID
	}
	return ids
}

// found returns the ids that the words find, sorted.
func found(t *testing.T, x search.Index, words string) []string {
	t.Helper()
	ids := hits(query(t, x, search.Query{Words: words, PerPage: search.MaxPerPage}))
	slices.Sort(ids)
	return ids
}

// same fails unless got is want; nothing and an empty list are the same.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: got other than wanted (-want +got):\n%s", what, diff)
	}
}
