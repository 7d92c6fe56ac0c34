package bleveindex

import (
	"context"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"collateral/internal/search"
)

// Query answers from one snapshot of the index.
func (x *Index) Query(ctx context.Context, q search.Query) (search.Page, error) {
	for facet := range q.Filter {
		if !slices.Contains(search.Facets(), facet) {
			return search.Page{}, fmt.Errorf("searching: there is no facet %q", facet)
		}
	}
	snapshot, release, err := x.snapshot()
	if err != nil {
		return search.Page{}, fmt.Errorf("searching: %w", err)
	}
	defer release()
	page, err := x.answer(ctx, snapshot, q)
	if err != nil {
		return search.Page{}, fmt.Errorf("searching: %w", err)
	}
	return page, nil
}

func (x *Index) answer(ctx context.Context, snapshot *scorch.IndexSnapshot, q search.Query) (search.Page, error) {
	synonyms := x.synonyms.Load()
	words, err := plan(ctx, snapshot, synonyms.Words(q.Words))
	if err != nil {
		return search.Page{}, err
	}
	columns, err := x.columns.of(snapshot)
	if err != nil {
		return search.Page{}, err
	}
	var matches []*segmentMatch
	total := 0
	for i, s := range snapshot.Segments() {
		if err := ctx.Err(); err != nil {
			return search.Page{}, err
		}
		m, err := matchSegment(i, s, columns[i], words, q.Filter)
		if err != nil {
			return search.Page{}, err
		}
		matches = append(matches, m)
		total += int(m.hits.GetCardinality())
	}
	hits, err := x.rank(ctx, matches, words, q, total)
	if err != nil {
		return search.Page{}, err
	}
	page := search.Page{Total: total, Hits: make([]search.Hit, 0, len(hits)), Facets: sortCounts(countFacets(matches))}
	finder := search.NewFinder(q, synonyms)
	for _, hit := range hits {
		if err := ctx.Err(); err != nil {
			return search.Page{}, err
		}
		d, err := readDocument(hit, len(words) > 0)
		if err != nil {
			return search.Page{}, err
		}
		page.Hits = append(page.Hits, finder.Explain(d))
	}
	return page, nil
}

// rank returns the hits of the page that the query asks for.
func (x *Index) rank(ctx context.Context, matches []*segmentMatch, words []wordPlan, q search.Query, total int) ([]*ranked, error) {
	offset, limit := q.Window()
	if offset >= total {
		return nil, nil
	}
	r := ranking{limit: min(offset+limit, total)}
	rarity := rarities(matches, len(words))
	var newest int64
	for _, m := range matches {
		newest = max(newest, m.columns.newest)
	}
	for _, m := range matches {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if m.hits.IsEmpty() {
			continue
		}
		key := func(_ int, d uint32) float64 { return float64(m.columns.published[d]) }
		switch {
		case q.Sort == search.SortMostUsed:
			key = func(_ int, d uint32) float64 { return float64(m.columns.uses[d]) }
		case q.Sort != search.SortNewest && len(words) > 0:
			scores, err := x.scorers.scores(m.segment.Segment(), m.hits, words, rarity)
			if err != nil {
				return nil, err
			}
			standing := m.columns.standing(newest)
			key = func(at int, d uint32) float64 { return scores[at] * standing(d) }
		}
		at := 0
		for documents := m.hits.Iterator(); documents.HasNext(); at++ {
			d := documents.Next()
			r.offer(ranked{match: m, document: d, key: key(at, d)})
		}
	}
	return r.from(offset)
}

// sortCounts puts the values of each facet in order: the most frequent first, then by value.
func sortCounts(counts map[search.Facet]map[string]int) map[search.Facet][]search.Count {
	sorted := make(map[search.Facet][]search.Count, len(counts))
	for facet, values := range counts {
		sorted[facet] = search.Counts(values)
	}
	return sorted
}

// readDocument puts together what a hit is explained by: its tags, and for words the stored text.
func readDocument(hit *ranked, text bool) (*search.Document, error) {
	d := &search.Document{ID: hit.id}
	hit.match.columns.tag(hit.document, d)
	if !text {
		return d, nil
	}
	err := hit.match.segment.VisitDocument(uint64(hit.document), func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case storedTitle:
			d.Title = string(value)
		case storedSummary:
			d.Summary = string(value)
		case storedPage:
			d.Pages = append(d.Pages, string(value))
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("reading document %s: %w", hit.id, err)
	}
	return d, nil
}
