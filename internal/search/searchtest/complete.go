package searchtest

import (
	"testing"

	"collateral/internal/search"
)

func testComplete(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	put(t, x,
		search.Document{ID: "deck", Title: "Renewal playbook", Type: "deck", Stages: []string{"renewal"}, Uses: 1, PublishedAt: day(1)},
		search.Document{ID: "letter", Title: "Letter for renewals", Type: "script", Stages: []string{"renewal", "first-talk"}, Uses: 90, PublishedAt: day(1)},
		search.Document{ID: "inside", Title: "Handbook", Summary: "renewal", Pages: []string{"renewal"}, Personas: []string{"renewal-desk"}, PublishedAt: day(1)},
		search.Document{ID: "cafe", Title: "Café Zürich: C++ and .NET", Products: []string{"fleet-hub"}, Language: "de", PublishedAt: day(1)},
		search.Document{ID: "gone", Title: "Renewal of old", Industries: []string{"renewables"}, PublishedAt: day(9)},
	)
	if err := x.Delete(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	flush(t, x)
	value := func(f search.Facet, value string, n int) search.FacetCount {
		return search.FacetCount{Facet: f, Count: search.Count{Value: value, Count: n}}
	}
	for _, c := range []struct {
		typed  string
		titles []string
		values []search.FacetCount
	}{
		{"r", []string{"letter", "deck"}, []search.FacetCount{value(search.FacetStage, "renewal", 2), value(search.FacetPersona, "renewal-desk", 1)}},
		{"renew", []string{"letter", "deck"}, []search.FacetCount{value(search.FacetStage, "renewal", 2), value(search.FacetPersona, "renewal-desk", 1)}},
		{"renewal pl", []string{"deck"}, nil},
		{"pl renewal", nil, nil}, // only the last word may be a beginning
		{"playb", []string{"deck"}, nil},
		{"desk", nil, []search.FacetCount{value(search.FacetPersona, "renewal-desk", 1)}},
		{"first t", nil, []search.FacetCount{value(search.FacetStage, "first-talk", 1)}},
		{"zurich", []string{"cafe"}, nil},
		{"CAF", []string{"cafe"}, nil},
		{"c++", []string{"cafe"}, nil},
		{"fleeth", nil, []search.FacetCount{value(search.FacetProduct, "fleet-hub", 1)}},
		{"scri", nil, []search.FacetCount{value(search.FacetType, "script", 1)}},
		{"de", nil, []search.FacetCount{value(search.FacetType, "deck", 1), value(search.FacetPersona, "renewal-desk", 1)}}, // not the language
		{"renewel", nil, nil},
		{"of old", nil, nil},
		{"", nil, nil},
		{" ?!", nil, nil},
	} {
		got, err := x.Complete(t.Context(), c.typed, 5)
		if err != nil {
			t.Fatalf("Complete %q: %v", c.typed, err)
		}
		same(t, c.typed+": titles", got.Titles, c.titles)
		same(t, c.typed+": values", got.Values, c.values)
	}
	few, err := x.Complete(t.Context(), "renew", 1)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "at most one title", few.Titles, []string{"letter"})
	same(t, "at most one value", len(few.Values), 1)
}
