package searchtest

import (
	"testing"

	"collateral/internal/search"
)

func testSynonyms(t *testing.T, open func(*testing.T) search.Index) {
	table := [][]string{
		{"SLA", "service level agreement"},
		{"car", "vehicle", "automobile"},
		{"e-signature", "electronic signature"},
		{"T&C", "terms and conditions"},
	}
	docs := []search.Document{
		{ID: "short", Title: "SLA template", PublishedAt: day(1)},
		{ID: "long", Title: "Service level agreement template", Uses: 900, PublishedAt: day(300)},
		{ID: "inside", Title: "Handbook", Pages: []string{"first", "what the service level agreements say"}, PublishedAt: day(2)},
		{ID: "scattered", Title: "Other", Pages: []string{"a service", "a level", "an agreement"}, PublishedAt: day(3)},
		{ID: "car", Title: "Company cars", PublishedAt: day(4)},
		{ID: "vehicle", Title: "Vehicle list", PublishedAt: day(5)},
		{ID: "vehicular", Title: "Vehicular traffic", PublishedAt: day(5)},
		{ID: "signed", Title: "Electronic signature", PublishedAt: day(6)},
		{ID: "esigned", Title: "E-signature", PublishedAt: day(7)},
		{ID: "terms", Title: "Terms", Summary: "terms and conditions of the sale", PublishedAt: day(8)},
	}
	set := func(t *testing.T, x search.Index, groups [][]string) {
		t.Helper()
		if err := x.SetSynonyms(t.Context(), groups); err != nil {
			t.Fatalf("SetSynonyms: %v", err)
		}
		flush(t, x)
	}

	x := open(t)
	put(t, x, docs...)
	set(t, x, table)
	for _, c := range []struct {
		why, typed string
		want       []string // sorted
	}{
		{"one word for several", "sla ", []string{"inside", "long", "short"}},
		{"several for one", "service level agreement ", []string{"inside", "long", "scattered", "short"}},
		{"in the plural", "automobiles ", []string{"car", "vehicle"}},
		{"with other words", "template sla ", []string{"long", "short"}},
		{"before the beginning of another word", "sla templ", []string{"long", "short"}},
		{"while the last word may go on", "sla", []string{"inside", "long", "short"}},
		{"each other of a group", "automobile ", []string{"car", "vehicle"}},
		{"but not from a beginning", "vehic", []string{"vehicle", "vehicular"}},
		{"nor from a mistyped word", "vehicel ", []string{"vehicle"}},
		{"with a hyphen", "electronic signature ", []string{"esigned", "signed"}},
		{"for one", "e-signature ", []string{"esigned", "signed"}},
		{"without it", "esignature ", []string{"esigned", "signed"}},
		{"with a sign", "t&c ", []string{"terms"}},
		{"part of a term is none", "service level ", []string{"inside", "long", "scattered"}},
	} {
		same(t, c.why+": "+c.typed, found(t, x, c.typed), c.want)
	}

	t.Run("OriginalFirst", func(t *testing.T) {
		for typed, want := range map[string]string{
			"sla template": "short", "service level agreement template": "long", "car": "car", "vehicle ": "vehicle", "automobile car ": "car",
		} {
			if got := hits(query(t, x, search.Query{Words: typed})); len(got) == 0 || got[0] != want {
				t.Errorf("%q: got %q, want %s first", typed, got, want)
			}
		}
	})

	t.Run("Why", func(t *testing.T) {
		hit := func(typed, id string) search.Hit {
			t.Helper()
			for _, h := range query(t, x, search.Query{Words: typed}).Hits {
				if h.ID == id {
					return h
				}
			}
			t.Fatalf("%q does not find %s", typed, id)
			return search.Hit{}
		}
		same(t, "in the title", hit("sla", "long").Why, []search.Reason{
			{Kind: search.ReasonTitle, Text: "Service level agreement (synonym of SLA) in the title"},
		})
		same(t, "in the text", hit("sla", "inside").Why, []search.Reason{
			{Kind: search.ReasonText, Text: "service level agreements (synonym of SLA) on page 2", Page: 2},
		})
		same(t, "in the text, highlighted", matching(hit("sla", "inside").Fragments), []string{"service level agreements"})
		same(t, "beside an original", hit("service level agreement template", "short").Why, []search.Reason{
			{Kind: search.ReasonTitle, Text: "SLA (synonym of service level agreement), template in the title"},
		})
		same(t, "an original", hit("sla", "short").Why, []search.Reason{{Kind: search.ReasonTitle, Text: "SLA in the title"}})
	})

	t.Run("ATableReplacesTheOneBefore", func(t *testing.T) {
		t.Parallel()
		x := open(t)
		put(t, x, docs...)
		same(t, "without a table", found(t, x, "sla "), []string{"short"})
		set(t, x, table)
		same(t, "with one", found(t, x, "sla "), []string{"inside", "long", "short"})
		set(t, x, [][]string{{"SLA", "vehicle"}})
		same(t, "with another", found(t, x, "sla "), []string{"short", "vehicle"})
		same(t, "with another, a group that is gone", found(t, x, "car "), []string{"car"})
		set(t, x, nil)
		same(t, "with an empty one", found(t, x, "sla "), []string{"short"})
		put(t, x, search.Document{ID: "car", Title: "SLA of the fleet"})
		set(t, x, table)
		same(t, "for a piece that was put later", found(t, x, "service level agreement of the fleet"), []string{"car"})
	})
}
