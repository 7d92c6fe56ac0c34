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

// maxTitles is how many titles are looked at for those that hold the words as they are: the server forgives faults.
const maxTitles = 100

// Complete looks for the words in titles, the most used first, and reads the values of tags from the counts over all
// documents.
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
			Query: queryText(words, firstReading), AttributesToSearchOn: []string{fieldTitle, fieldTitle + formsSuffix},
			HitsPerPage: new(int64(maxTitles)), Page: 1, AttributesToRetrieve: []string{fieldKey, fieldHeading},
			Sort: []string{fieldUses + ":desc", fieldPublished + ":desc", fieldKey + ":asc"},
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
		if len(c.Titles) < limit && search.Completes(words, d.Title) {
			c.Titles = append(c.Titles, d.ID)
		}
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
