package meiliindex

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// Query asks the server for the hits and all counts in one request. What is shown of a hit is worked out here.
func (x *Index) Query(ctx context.Context, q search.Query) (search.Page, error) {
	page, err := x.query(ctx, q)
	if err != nil {
		return search.Page{}, fmt.Errorf("searching for %q: %w", q.Words, err)
	}
	return page, nil
}

func (x *Index) query(ctx context.Context, q search.Query) (search.Page, error) {
	if err := checkFacets(q.Filter); err != nil {
		return search.Page{}, err
	}
	synonyms := x.currentSynonyms(ctx)
	words := synonyms.Words(q.Words)
	results, err := x.search(ctx, queries(q, words, firstReading))
	if err != nil {
		return search.Page{}, err
	}
	if results[0].TotalHits == 0 && hasReadings(words) {
		if results, err = x.search(ctx, queries(q, words, lastReading)); err != nil {
			return search.Page{}, err
		}
	}
	page := search.Page{Total: int(results[0].TotalHits), Hits: make([]search.Hit, 0, len(results[0].Hits))}
	if page.Facets, err = countsOf(results); err != nil {
		return search.Page{}, err
	}
	finder := search.NewFinder(q, synonyms)
	for _, found := range results[0].Hits {
		if err := ctx.Err(); err != nil {
			return search.Page{}, err
		}
		d, err := hit(found).document()
		if err != nil {
			return search.Page{}, err
		}
		page.Hits = append(page.Hits, finder.Explain(d))
	}
	return page, nil
}

// queries are the one for the hits, and one for each facet that is chosen from, whose counts its own choice does not narrow.
func queries(q search.Query, words []search.Word, read reading) []*meilisearch.SearchRequest {
	text := ""
	if len(words) > 0 {
		text = queryText(words, read)
	}
	offset, limit := q.Window()
	hits := &meilisearch.SearchRequest{
		Query: text, Page: int64(offset/limit) + 1, HitsPerPage: new(int64(limit)), Sort: order(q, len(words) > 0),
		AttributesToRetrieve: []string{fieldKey},
	}
	if len(words) > 0 {
		hits.AttributesToRetrieve = append(hits.AttributesToRetrieve, fieldHeading, fieldShown)
	}
	if filter := filterOf(q.Filter, ""); len(filter) > 0 {
		hits.Filter = filter
	}
	all := []*meilisearch.SearchRequest{hits}
	for _, facet := range search.Facets() {
		hits.AttributesToRetrieve = append(hits.AttributesToRetrieve, string(facet))
		if len(q.Filter[facet]) == 0 {
			hits.Facets = append(hits.Facets, string(facet))
			continue
		}
		counts := &meilisearch.SearchRequest{Query: text, HitsPerPage: new(int64(0)), Page: 1, Facets: []string{string(facet)}}
		if filter := filterOf(q.Filter, facet); len(filter) > 0 {
			counts.Filter = filter
		}
		all = append(all, counts)
	}
	return all
}

// order is the strict order that a query asks for; there is none for relevance.
func order(q search.Query, words bool) []string {
	const byKey = fieldKey + ":asc"
	switch {
	case q.Sort == search.SortMostUsed:
		return []string{fieldUses + ":desc", byKey}
	case q.Sort == search.SortNewest || !words:
		return []string{fieldPublished + ":desc", byKey}
	default:
		return nil
	}
}

// search sends queries together, and returns as many results.
func (x *Index) search(ctx context.Context, queries []*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	var answer *meilisearch.MultiSearchResponse
	err := x.ask(ctx, func(ctx context.Context) (err error) {
		request := &meilisearch.MultiSearchRequest{}
		for _, q := range queries {
			own := *q // the client changes what it is given
			own.IndexUID, own.MatchingStrategy = x.name, meilisearch.All
			request.Queries = append(request.Queries, &own)
		}
		answer, err = x.client.MultiSearchWithContext(ctx, request)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(answer.Results) != len(queries) {
		return nil, fmt.Errorf("the search server gives %d results to %d queries", len(answer.Results), len(queries))
	}
	return answer.Results, nil
}

// countsOf puts the counts of all results together: for each facet the values, the most frequent first, then by value.
func countsOf(results []meilisearch.SearchResponse) (map[search.Facet][]search.Count, error) {
	counts := make(map[search.Facet][]search.Count)
	for _, facet := range search.Facets() {
		counts[facet] = []search.Count{}
	}
	for _, r := range results {
		distribution, err := distributionOf(r)
		if err != nil {
			return nil, err
		}
		for facet, values := range distribution {
			own := make(map[string]int, len(values))
			for value, n := range values {
				own[valueOf(value)] = n
			}
			counts[search.Facet(facet)] = search.Counts(own)
		}
	}
	return counts, nil
}

func distributionOf(r meilisearch.SearchResponse) (map[string]map[string]int, error) {
	var distribution map[string]map[string]int
	if len(r.FacetDistribution) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(r.FacetDistribution, &distribution); err != nil {
		return nil, fmt.Errorf("reading the counts of facets: %w", err)
	}
	return distribution, nil
}
