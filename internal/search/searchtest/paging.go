package searchtest

import (
	"fmt"
	"testing"

	"collateral/internal/search"
)

func testOrders(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	put(t, x,
		search.Document{ID: "a", Title: "Freight", Uses: 5, PublishedAt: day(1)},
		search.Document{ID: "b", Summary: "freight", Uses: 9, PublishedAt: day(2)},
		search.Document{ID: "d", Pages: []string{"freight"}, Uses: 5, PublishedAt: day(4)},
		search.Document{ID: "c", Pages: []string{"freight"}, Uses: 0, PublishedAt: day(4)},
	)
	for _, c := range []struct {
		sort  search.Sort
		words string
		want  []string
	}{
		{search.SortRelevance, "freight", []string{"a", "b", "d", "c"}},
		{"", "freight", []string{"a", "b", "d", "c"}},
		{search.SortRelevance, "", []string{"c", "d", "b", "a"}},
		{"", "", []string{"c", "d", "b", "a"}},
		{search.SortNewest, "freight", []string{"c", "d", "b", "a"}},
		{search.SortMostUsed, "freight", []string{"b", "a", "d", "c"}},
		{search.SortMostUsed, "", []string{"b", "a", "d", "c"}},
	} {
		got := hits(query(t, x, search.Query{Words: c.words, Sort: c.sort}))
		same(t, fmt.Sprintf("%q by %q", c.words, c.sort), got, c.want)
	}
}

func testPaging(t *testing.T, open func(*testing.T) search.Index) {
	const n = 250
	x := open(t)
	// All are equal, and come in several commits, in which the ids are mixed.
	for first := range 5 {
		var docs []search.Document
		for i := first; i < n; i += 5 {
			docs = append(docs, search.Document{ID: fmt.Sprintf("doc-%03d", (i*7)%n), Title: "Freight tariff", Type: "deck", Uses: 1, PublishedAt: day(1)})
		}
		put(t, x, docs...)
	}
	for _, words := range []string{"", "freight", "fre", "freihgt tarif"} {
		for _, sort := range []search.Sort{search.SortRelevance, search.SortNewest, search.SortMostUsed} {
			for _, perPage := range []int{7, 100} {
				var got []string
				for number := 1; ; number++ {
					page := query(t, x, search.Query{Words: words, Sort: sort, Page: number, PerPage: perPage})
					if page.Total != n {
						t.Fatalf("%q by %s, page %d: got a total of %d, want %d", words, sort, number, page.Total, n)
					}
					if len(page.Hits) == 0 {
						break
					}
					got = append(got, hits(page)...)
				}
				want := make([]string, n)
				for i := range want {
					want[i] = fmt.Sprintf("doc-%03d", i)
				}
				same(t, fmt.Sprintf("%q by %s, %d a page", words, sort, perPage), got, want)
			}
		}
	}
	for _, c := range []struct {
		page, perPage, want int
	}{
		{0, 0, search.DefaultPerPage}, {-3, 10, 10}, {1, 1000, search.MaxPerPage}, {4, 100, 0}, {1 << 40, 100, 0}, {1, -1, search.DefaultPerPage},
	} {
		page := query(t, x, search.Query{Words: "freight", Page: c.page, PerPage: c.perPage})
		same(t, fmt.Sprintf("hits on page %d of %d each", c.page, c.perPage), len(page.Hits), c.want)
		same(t, "decks", page.Facets[search.FacetType], []search.Count{{Value: "deck", Count: n}})
	}
}
