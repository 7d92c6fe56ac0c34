package searchtest

import (
	"fmt"
	"sync"
	"testing"

	"collateral/internal/search"
)

// testConcurrency writes and asks from several goroutines, each with documents of its own, and then counts.
func testConcurrency(t *testing.T, open func(*testing.T) search.Index) {
	const writers, rounds = 4, 15
	x := open(t)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for r := range rounds {
				id := fmt.Sprintf("%d-%d", w, r)
				doc := search.Document{ID: id, Title: "Freight " + id, Type: "deck", Pages: []string{"tariffs"}, PublishedAt: day(r)}
				if err := x.Put(t.Context(), doc); err != nil {
					t.Errorf("Put %s: %v", id, err)
				}
				if r%3 == 0 {
					if err := x.Delete(t.Context(), id); err != nil {
						t.Errorf("Delete %s: %v", id, err)
					}
				}
			}
		})
		group.Go(func() {
			for range rounds {
				for _, words := range []string{"", "freight", "frieght tar"} {
					page, err := x.Query(t.Context(), search.Query{Words: words, PerPage: search.MaxPerPage})
					if err != nil {
						t.Errorf("Query %q: %v", words, err)
						continue
					}
					if page.Total != len(page.Hits) {
						t.Errorf("Query %q: got a total of %d with %d hits, want the same", words, page.Total, len(page.Hits))
					}
				}
				if _, err := x.Revisions(t.Context()); err != nil {
					t.Errorf("Revisions: %v", err)
				}
			}
		})
	}
	group.Wait()
	flush(t, x)
	const left = writers * rounds * 2 / 3
	same(t, "total", query(t, x, search.Query{Words: "freight"}).Total, left)
	same(t, "ids", len(ids(t, x)), left)
}
