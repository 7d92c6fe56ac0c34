package searchtest

import (
	"fmt"
	"slices"
	"testing"

	"collateral/internal/search"
)

func testFilters(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	put(t, x,
		search.Document{ID: "a", Title: "Freight one", Type: "deck", Stages: []string{"discovery", "renewal"}, Personas: []string{"cfo"}, Language: "en"},
		search.Document{ID: "b", Title: "Freight two", Type: "deck", Stages: []string{"renewal"}, Personas: []string{"cfo", "ciso"}, Language: "de"},
		search.Document{ID: "c", Title: "Freight three", Type: "video", Stages: []string{"discovery"}, Industries: []string{"food"}, Language: "en"},
		search.Document{ID: "d", Title: "Other", Type: "faq", Stages: []string{"renewal"}, Products: []string{"hub"}, Language: "de-AT"},
	)
	type filter = map[search.Facet][]string
	for _, c := range []struct {
		why    string
		words  string
		filter filter
		want   []string
	}{
		{"no filter", "", nil, []string{"a", "b", "c", "d"}},
		{"one value", "", filter{search.FacetStage: {"renewal"}}, []string{"a", "b", "d"}},
		{"values of one facet are alternatives", "", filter{search.FacetType: {"video", "faq"}}, []string{"c", "d"}},
		{"facets must all hold", "", filter{search.FacetStage: {"renewal"}, search.FacetType: {"deck", "video"}}, []string{"a", "b"}},
		{"with words", "freight", filter{search.FacetStage: {"renewal"}}, []string{"a", "b"}},
		{"persona", "", filter{search.FacetPersona: {"ciso"}}, []string{"b"}},
		{"industry", "", filter{search.FacetIndustry: {"food"}}, []string{"c"}},
		{"product", "", filter{search.FacetProduct: {"hub"}}, []string{"d"}},
		{"language as it is written", "", filter{search.FacetLanguage: {"de-AT"}}, []string{"d"}},
		{"a value that nobody carries", "", filter{search.FacetStage: {"nowhere"}}, nil},
		{"a value is not a beginning", "", filter{search.FacetStage: {"renew"}}, nil},
		{"beside one that somebody carries", "", filter{search.FacetStage: {"nowhere", "discovery"}}, []string{"a", "c"}},
		{"a facet without values is not asked for", "", filter{search.FacetStage: {}}, []string{"a", "b", "c", "d"}},
	} {
		page := query(t, x, search.Query{Words: c.words, Filter: c.filter})
		got := hits(page)
		slices.Sort(got)
		same(t, c.why, got, c.want)
		same(t, c.why+": total", page.Total, len(c.want))
	}

	t.Run("UnknownFacetIsAnError", func(t *testing.T) {
		if page, err := x.Query(t.Context(), search.Query{Filter: filter{"team": {"north"}}}); err == nil {
			t.Errorf("got %d hits, want an error", page.Total)
		}
	})

	t.Run("CountsOfHits", func(t *testing.T) {
		same(t, "facets", query(t, x, search.Query{Words: "freight"}).Facets, map[search.Facet][]search.Count{
			search.FacetStage:    {{Value: "discovery", Count: 2}, {Value: "renewal", Count: 2}},
			search.FacetType:     {{Value: "deck", Count: 2}, {Value: "video", Count: 1}},
			search.FacetPersona:  {{Value: "cfo", Count: 2}, {Value: "ciso", Count: 1}},
			search.FacetIndustry: {{Value: "food", Count: 1}},
			search.FacetProduct:  {},
			search.FacetLanguage: {{Value: "en", Count: 2}, {Value: "de", Count: 1}},
		})
	})

	t.Run("OwnChoiceDoesNotNarrowOwnCounts", func(t *testing.T) {
		page := query(t, x, search.Query{Filter: filter{search.FacetType: {"deck"}, search.FacetLanguage: {"en"}}})
		same(t, "hits", hits(page), []string{"a"})
		same(t, "type, by language alone", page.Facets[search.FacetType], []search.Count{{Value: "deck", Count: 1}, {Value: "video", Count: 1}})
		same(t, "language, by type alone", page.Facets[search.FacetLanguage], []search.Count{{Value: "de", Count: 1}, {Value: "en", Count: 1}})
		same(t, "stage, by both", page.Facets[search.FacetStage], []search.Count{{Value: "discovery", Count: 1}, {Value: "renewal", Count: 1}})
	})

	t.Run("EveryValueIsCounted", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		var docs []search.Document
		var want []search.Count
		for i := range 60 {
			value := fmt.Sprintf("product-%02d", i)
			docs = append(docs, search.Document{ID: value, Products: []string{value}})
			want = append(want, search.Count{Value: value, Count: 1})
		}
		put(t, x, docs...)
		same(t, "products", query(t, x, search.Query{PerPage: 1}).Facets[search.FacetProduct], want)
	})
}
