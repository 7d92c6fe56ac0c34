package meilitest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// query is the body of a search.
type query struct {
	IndexUID             string
	Q                    string
	Offset               int
	Limit                *int
	Page                 *int
	HitsPerPage          *int
	Filter               any
	Sort                 []string
	Facets               []string
	AttributesToRetrieve []string
	AttributesToSearchOn []string
	MatchingStrategy     string
}

// scored is a document that a query finds.
type scored struct {
	*document
	costs []int
}

func (x *index) search(q *query) (map[string]any, error) {
	candidates, err := x.filtered(q.Filter)
	if err != nil {
		return nil, err
	}
	bySort, err := x.sorting(q.Sort)
	if err != nil {
		return nil, err
	}
	for _, facet := range q.Facets {
		if !slices.Contains(x.settings.FilterableAttributes, facet) {
			return nil, refuse(http.StatusBadRequest, "invalid_search_facets", "Attribute `%s` is not filterable.", facet)
		}
	}
	allows, err := x.searchedOn(q.AttributesToSearchOn)
	if err != nil {
		return nil, err
	}
	hits := x.find(q.Q, candidates, allows)
	slices.SortStableFunc(hits, x.ranking(bySort))

	view := map[string]any{"processingTimeMs": 0, "query": q.Q}
	if q.Facets != nil {
		view["facetDistribution"] = x.distribution(hits, q.Facets)
		view["facetStats"] = map[string]any{}
	}
	total := min(len(hits), x.settings.Pagination.MaxTotalHits)
	from, to := q.window()
	if q.Page != nil || q.HitsPerPage != nil {
		perPage := to - from
		pages := 0
		if perPage > 0 {
			pages = (total + perPage - 1) / perPage
		}
		view["totalHits"], view["hitsPerPage"], view["page"], view["totalPages"] = total, perPage, pageOr(q.Page, 1), pages
	} else {
		view["estimatedTotalHits"], view["offset"], view["limit"] = total, from, to-from
	}
	shown := []any{}
	for _, h := range hits[min(from, total):min(to, total)] {
		shown = append(shown, x.shown(h.document, q.AttributesToRetrieve))
	}
	view["hits"] = shown
	return view, nil
}

func pageOr(n *int, usual int) int {
	if n == nil {
		return usual
	}
	return *n
}

// window is which of the hits are wanted. Pages win over offsets.
func (q *query) window() (from, to int) {
	const usual = 20
	if q.Page != nil || q.HitsPerPage != nil {
		page, perPage := pageOr(q.Page, 1), pageOr(q.HitsPerPage, usual)
		if page < 1 {
			return 0, 0
		}
		return (page - 1) * perPage, page * perPage
	}
	return q.Offset, q.Offset + pageOr(q.Limit, usual)
}

// searchedOn says by rank which attributes are searched.
func (x *index) searchedOn(only []string) ([]bool, error) {
	const many = 1000 // more attributes than a document of a test has
	allows := slices.Repeat([]bool{only == nil}, many)
	for _, attribute := range only {
		rank := slices.Index(x.settings.SearchableAttributes, attribute)
		if rank < 0 {
			return nil, refuse(http.StatusBadRequest, "invalid_search_attributes_to_search_on", "Attribute `%s` is not searchable.", attribute)
		}
		allows[rank] = true
	}
	return allows, nil
}

// find returns the candidates that hold all words of a query; without words, all of them.
func (x *index) find(q string, candidates []*document, allows []bool) []scored {
	groups := readQuery(q)
	if len(groups) == 0 {
		hits := make([]scored, len(candidates))
		for i, d := range candidates {
			hits[i].document = d
		}
		return hits
	}
	typos := slices.Repeat([]bool{true}, len(allows))
	for rank, attribute := range x.settings.SearchableAttributes {
		typos[rank] = !slices.Contains(x.settings.TypoTolerance.DisableOnAttributes, attribute)
	}
	rules := wordRules(x.settings.RankingRules)
	var hits []scored
	paths := x.paths(groups)
	for _, d := range candidates {
		var best []int
		for _, nodes := range paths {
			m := &matcher{x, nodes, allows, typos}
			if all, ok := m.match(d); ok {
				if costs := m.costs(d, all, rules); best == nil || slices.Compare(costs, best) < 0 {
					best = costs
				}
			}
		}
		if best != nil {
			hits = append(hits, scored{d, best})
		}
	}
	return hits
}

// ranking compares two hits by the ranking rules, in their order.
func (x *index) ranking(bySort func(a, b *document) int) func(a, b scored) int {
	return func(a, b scored) int {
		at := 0
		for _, rule := range x.settings.RankingRules {
			order := 0
			switch {
			case rule == "sort":
				order = bySort(a.document, b.document)
			case rule == "words" || len(a.costs) == 0 && !strings.Contains(rule, ":"):
			case strings.Contains(rule, ":"):
				order = byField(rule, a.document, b.document)
			case rule == "exactness":
				order = slices.Compare(a.costs[at:at+2], b.costs[at:at+2])
				at += 2
			default:
				order = cmp.Compare(a.costs[at], b.costs[at])
				at++
			}
			if order != 0 {
				return order
			}
		}
		return 0
	}
}

// distribution counts the values of facets over the hits. Values that differ in case only are one.
func (x *index) distribution(hits []scored, facets []string) map[string]map[string]int {
	all := make(map[string]map[string]int)
	for _, facet := range facets {
		counts, spelled := make(map[string]int), make(map[string]string)
		for _, h := range hits {
			seen := make(map[string]bool)
			for _, v := range texts(h.fields[facet]) {
				normal := NormalFacet(v)
				if _, known := spelled[normal]; !known {
					spelled[normal] = v
				}
				if !seen[normal] {
					seen[normal] = true
					counts[normal]++
				}
			}
		}
		all[facet] = x.most(counts, spelled, facet)
	}
	return all
}

// most leaves as many values as the setting allows: the most frequent ones, or the first by the alphabet.
func (x *index) most(counts map[string]int, spelled map[string]string, facet string) map[string]int {
	var values []string
	for v := range counts {
		values = append(values, v)
	}
	by := x.settings.Faceting.SortFacetValuesBy[facet]
	if by == "" {
		by = x.settings.Faceting.SortFacetValuesBy[everything]
	}
	slices.SortFunc(values, func(a, b string) int {
		if by == "count" {
			return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
		}
		return strings.Compare(a, b)
	})
	kept := make(map[string]int)
	for _, v := range values[:min(len(values), x.settings.Faceting.MaxValuesPerFacet)] {
		kept[spelled[v]] = counts[v]
	}
	return kept
}
