package bleveindex

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"collateral/internal/search"
)

// Complete looks for the words among the words of titles, and among the values of tags, which the columns hold. It reads
// no stored text.
func (x *Index) Complete(ctx context.Context, typed string, limit int) (search.Completions, error) {
	words := search.Words(typed)
	if len(words) == 0 || limit < 1 {
		return search.Completions{}, nil
	}
	snapshot, release, err := x.snapshot()
	if err != nil {
		return search.Completions{}, fmt.Errorf("completing: %w", err)
	}
	defer release()
	columns, err := x.columns.of(snapshot)
	if err != nil {
		return search.Completions{}, fmt.Errorf("completing: %w", err)
	}
	titles, err := completeTitles(ctx, snapshot, columns, words, limit)
	if err != nil {
		return search.Completions{}, fmt.Errorf("completing: %w", err)
	}
	return search.Completions{Titles: titles, Values: completeValues(snapshot, columns, words, limit)}, nil
}

func completeTitles(ctx context.Context, snapshot *scorch.IndexSnapshot, all []*columns, words []search.Word, limit int) ([]string, error) {
	e := expander{snapshot, fieldTitle}
	var plans []wordPlan
	for _, w := range words {
		p, err := e.plan(ctx, w, e.complete)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	r := ranking{limit: limit}
	var newest int64
	for _, c := range all {
		newest = max(newest, c.newest)
	}
	for i, s := range snapshot.Segments() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m := &segmentMatch{number: i, segment: s, columns: all[i]}
		found := s.DocNumbersLive()
		for _, w := range plans {
			documents, err := wordDocuments(s.Segment(), fieldTitle, w)
			if err != nil {
				return nil, err
			}
			found.And(documents)
		}
		standing := all[i].standing(newest)
		for documents := found.Iterator(); documents.HasNext(); {
			d := documents.Next()
			r.offer(ranked{match: m, document: d, key: standing(d)})
		}
	}
	hits, err := r.from(0)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, hit := range hits {
		ids[i] = hit.id
	}
	return ids, nil
}

func completeValues(snapshot *scorch.IndexSnapshot, all []*columns, words []search.Word, limit int) []search.FacetCount {
	segments := snapshot.Segments()
	var values []search.FacetCount
	for _, facet := range search.Tags() {
		counts := make(map[string]int)
		for i, c := range all {
			for value, documents := range c.facets[facet] {
				if _, fits := counts[value]; !fits && !search.Completes(words, value) {
					continue
				}
				counts[value] += int(segments[i].DocNumbersLive().AndCardinality(documents))
			}
		}
		for value, n := range counts {
			if n > 0 {
				values = append(values, search.FacetCount{Facet: facet, Count: search.Count{Value: value, Count: n}})
			}
		}
	}
	order := search.Tags()
	slices.SortFunc(values, func(a, b search.FacetCount) int {
		return cmp.Or(
			cmp.Compare(b.Count.Count, a.Count.Count),
			cmp.Compare(slices.Index(order, a.Facet), slices.Index(order, b.Facet)),
			strings.Compare(a.Value, b.Value),
		)
	})
	return values[:min(limit, len(values))]
}
