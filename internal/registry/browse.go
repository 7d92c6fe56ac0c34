package registry

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// ask has the index answer a query. While the index is away, what asks for no words is answered from the database: stages
// and filters are enough for many who browse.
func (r *Registry) ask(ctx context.Context, q search.Query) (search.Page, error) {
	page, err := r.Index.Query(ctx, q)
	if !errors.Is(err, search.ErrUnavailable) || len(search.Words(q.Words)) > 0 || ctx.Err() != nil {
		return page, orRefusal(err)
	}
	r.Log.Warn("the search does not answer; somebody who browses is answered from the database", "error", err)
	now := r.Store.Now()
	shelf, err := r.Store.Shelf(ctx, now.AddDate(0, 0, -usesDays), now)
	if err != nil {
		return search.Page{}, err
	}
	return browse(shelf, q), nil
}

// browse answers a query without words as an index would: the same hits, in the same order, with the same counts.
func browse(shelf []*store.Shelved, q search.Query) search.Page {
	all := make([]*search.Document, len(shelf))
	for i, s := range shelf {
		all[i] = &search.Document{
			ID: s.ID.String(), Type: s.Type, Language: s.Language, Stages: s.Stages, Personas: s.Facets[collateral.Persona],
			Industries: s.Facets[collateral.Industry], Products: s.Facets[collateral.Product], PublishedAt: s.PublishedAt, Uses: s.Uses,
		}
	}
	var hits []*search.Document
	counts := make(map[search.Facet]map[string]int)
	for _, facet := range search.Facets() {
		counts[facet] = make(map[string]int)
	}
	for _, d := range all {
		var fails []search.Facet
		for _, facet := range search.Facets() {
			if !carries(d, facet, q.Filter[facet]) {
				fails = append(fails, facet)
			}
		}
		if len(fails) == 0 {
			hits = append(hits, d)
		}
		for _, facet := range search.Facets() {
			if len(fails) == 0 || len(fails) == 1 && fails[0] == facet { // its own choice does not narrow its counts
				for _, value := range d.Values(facet) {
					counts[facet][value]++
				}
			}
		}
	}
	slices.SortFunc(hits, func(a, b *search.Document) int {
		byID := strings.Compare(a.ID, b.ID)
		if q.Sort == search.SortMostUsed {
			return cmp.Or(cmp.Compare(b.Uses, a.Uses), byID)
		}
		return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), byID)
	})
	page := search.Page{Total: len(hits), Facets: sorted(counts)}
	offset, limit := q.Window()
	finder := search.NewFinder(q, nil)
	for _, d := range hits[min(offset, len(hits)):min(offset+limit, len(hits))] {
		page.Hits = append(page.Hits, finder.Explain(d))
	}
	return page
}

// carries tells whether a document has one of the values, which it has when none is asked for.
func carries(d *search.Document, facet search.Facet, wanted []string) bool {
	if len(wanted) == 0 {
		return true
	}
	return slices.ContainsFunc(d.Values(facet), func(v string) bool { return slices.Contains(wanted, v) })
}

func sorted(counts map[search.Facet]map[string]int) map[search.Facet][]search.Count {
	lists := make(map[search.Facet][]search.Count, len(counts))
	for facet, values := range counts {
		lists[facet] = search.Counts(values)
	}
	return lists
}
