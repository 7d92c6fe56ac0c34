package meiliindex

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// Complete looks for the words in names, where the server forgives no fault, and reads the values of tags from the counts
// over all documents.
func (x *Index) Complete(ctx context.Context, typed string, limit int) (search.Completions, error) {
	words := search.Words(typed)
	if len(words) == 0 || limit < 1 {
		return search.Completions{}, nil
	}
	var tags []string
	for _, facet := range search.Tags() {
		tags = append(tags, string(facet))
	}
	results, err := x.search(ctx, []*meilisearch.SearchRequest{
		{
			Query: queryText(words, firstReading), AttributesToSearchOn: []string{fieldNames, fieldNames + formsSuffix}, HitsPerPage: new(int64(limit)), Page: 1,
			AttributesToRetrieve: []string{fieldKey},
			Sort:                 []string{fieldUses + ":desc", fieldPublished + ":desc", fieldKey + ":asc"},
		},
		{HitsPerPage: new(int64(0)), Page: 1, Facets: tags},
	})
	if err != nil {
		return search.Completions{}, fmt.Errorf("completing: %w", err)
	}
	var c search.Completions
	for _, found := range results[0].Hits {
		d, err := hit(found).document()
		if err != nil {
			return search.Completions{}, fmt.Errorf("completing: %w", err)
		}
		c.Titles = append(c.Titles, d.ID)
	}
	counts, err := countsOf(results[1:])
	if err != nil {
		return search.Completions{}, fmt.Errorf("completing: %w", err)
	}
	for _, facet := range search.Tags() {
		for _, count := range counts[facet] {
			if search.Completes(words, count.Value) {
				c.Values = append(c.Values, search.FacetCount{Facet: facet, Count: count})
			}
		}
	}
	slices.SortStableFunc(c.Values, func(a, b search.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count.Count, a.Count.Count),
			cmp.Compare(slices.Index(search.Tags(), a.Facet), slices.Index(search.Tags(), b.Facet)), strings.Compare(a.Value, b.Value))
	})
	c.Values = c.Values[:min(limit, len(c.Values))]
	return c, nil
}
