package searchtest

import (
	"strings"
	"testing"

	"collateral/internal/search"
)

func testRanking(t *testing.T, open func(*testing.T) search.Index) {
	much := strings.Repeat("freight ", 300)
	for _, c := range []struct {
		name string
		docs []search.Document // in the order in which they are wanted
	}{
		{"TitleTagsSummaryText", []search.Document{
			{ID: "title", Title: "A very long title that only mentions freight somewhere in its middle, and goes on", PublishedAt: day(1)},
			{ID: "tag", Industries: []string{"freight"}, Products: []string{"one", "two", "three", "four"}, PublishedAt: day(2)},
			{ID: "summary", Summary: "The freight business, " + strings.Repeat("and what else there is to say ", 20), PublishedAt: day(3)},
			{ID: "text", Pages: []string{much, much}, Uses: 900, PublishedAt: day(4)},
		}},
		{"RightBeforeMistyped", []search.Document{
			{ID: "text", Pages: []string{strings.Repeat("other words ", 500) + "freight"}, PublishedAt: day(1)},
			{ID: "mistyped", Title: "Frieght", Summary: "frieght", Pages: []string{"frieght"}, Uses: 900, PublishedAt: day(9)},
		}},
		{"WholeBeforeBeginning", []search.Document{
			{ID: "whole", Title: "Freight costs", PublishedAt: day(1)},
			{ID: "longer", Title: "Freightliner costs", PublishedAt: day(2)},
		}},
		{"UsesBreakNearTies", []search.Document{
			{ID: "used", Title: "Freight", Uses: 50, PublishedAt: day(1)},
			{ID: "unused", Title: "Freight", PublishedAt: day(1)},
		}},
		{"NewnessBreaksNearTies", []search.Document{
			{ID: "z-new", Title: "Freight", PublishedAt: day(90)},
			{ID: "a-old", Title: "Freight", PublishedAt: day(1)},
		}},
		{"PopularityBuriesNothing", []search.Document{
			{ID: "summary", Summary: "Freight", PublishedAt: day(1)},
			{ID: "text", Pages: []string{"freight"}, Uses: 1_000_000, PublishedAt: day(300)},
		}},
		{"ByIDInTheEnd", []search.Document{
			{ID: "a", Title: "Freight", PublishedAt: day(1)},
			{ID: "b", Title: "Freight", PublishedAt: day(1)},
			{ID: "c", Title: "Freight", PublishedAt: day(1)},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := open(t)
			var want []string
			for i := range c.docs {
				// The order of putting is the reverse of what is wanted, and each is a commit of its own.
				put(t, x, c.docs[len(c.docs)-1-i])
				want = append(want, c.docs[i].ID)
			}
			same(t, "hits", hits(query(t, x, search.Query{Words: "freight"})), want)
		})
	}
}
