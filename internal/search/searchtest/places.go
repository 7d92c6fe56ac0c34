package searchtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"collateral/internal/search"
)

func testPlaces(t *testing.T, open func(*testing.T) search.Index) {
	long := make([]string, 800)
	for i := range long {
		long[i] = fmt.Sprintf("Page %d says something about pallets. %s", i+1, strings.Repeat("Filler text goes on and on. ", 40))
	}
	long[399] += "Here the demurrage surcharge is explained."
	long[20] += "A surcharge of another kind."
	long[600] += "Demurrage alone."

	x := open(t)
	put(t, x,
		search.Document{ID: "long", Title: "Handbook", Pages: long},
		search.Document{
			ID: "tagged", Title: "Renewal letter", Summary: "A letter for renewals in autumn", Type: "script",
			Stages: []string{"renewal"}, Personas: []string{"cfo"}, Products: []string{"fleet-hub"}, Language: "en",
			Pages: []string{"", "Dear customer", "your renewal is due"},
		},
	)
	hit := func(t *testing.T, words string) search.Hit {
		t.Helper()
		page := query(t, x, search.Query{Words: words})
		if len(page.Hits) != 1 {
			t.Fatalf("%q: got %d hits, want 1", words, len(page.Hits))
		}
		return page.Hits[0]
	}

	t.Run("Page", func(t *testing.T) {
		for _, c := range []struct {
			words string
			want  int
		}{
			{"demurrage surcharge", 400}, // each alone stands elsewhere
			{"demurage surcharges", 400},
			{"demurrage surch", 400},
			{"handbook demurrage", 400}, // the first of equals
			{"surcharge kind", 21},
			{"handbook", 0},
			{"due", 3},
			{"letter", 0},
			{"fleet", 0},
		} {
			same(t, c.words, hit(t, c.words).Page, c.want)
		}
	})

	t.Run("Why", func(t *testing.T) {
		for _, c := range []struct {
			words string
			want  []search.Reason
		}{
			{"handbook", []search.Reason{{Kind: search.ReasonTitle, Text: "Handbook in the title"}}},
			{"demurrage surcharge", []search.Reason{{Kind: search.ReasonText, Text: "demurrage, surcharge on page 400", Page: 400}}},
			{"autumn", []search.Reason{{Kind: search.ReasonSummary, Text: "autumn in the summary"}}},
			{"cfo", []search.Reason{{Kind: search.ReasonTag, Text: "persona cfo"}}},
			{"renewal", []search.Reason{
				{Kind: search.ReasonTitle, Text: "Renewal in the title"},
				{Kind: search.ReasonTag, Text: "stage renewal"},
				{Kind: search.ReasonSummary, Text: "renewals in the summary"},
				{Kind: search.ReasonText, Text: "renewal on page 3", Page: 3},
			}},
			{"reneawl hub", []search.Reason{
				{Kind: search.ReasonTitle, Text: "Renewal in the title"},
				{Kind: search.ReasonTag, Text: "stage renewal"},
				{Kind: search.ReasonTag, Text: "product fleet-hub"},
				{Kind: search.ReasonText, Text: "renewal on page 3", Page: 3},
			}},
		} {
			same(t, c.words, hit(t, c.words).Why, c.want)
		}
	})

	t.Run("WhyWithoutWords", func(t *testing.T) {
		page := query(t, x, search.Query{Filter: map[search.Facet][]string{search.FacetStage: {"renewal", "discovery"}, search.FacetLanguage: {"en"}}})
		same(t, "hits", hits(page), []string{"tagged"})
		same(t, "why", page.Hits[0].Why, []search.Reason{
			{Kind: search.ReasonFilter, Text: "stage renewal"},
			{Kind: search.ReasonFilter, Text: "language en"},
		})
		same(t, "fragments", page.Hits[0].Fragments, nil)
		for _, h := range query(t, x, search.Query{}).Hits {
			if len(h.Why) == 0 {
				t.Errorf("%s: got no reason, want one", h.ID)
			}
		}
	})

	t.Run("Fragments", func(t *testing.T) {
		same(t, "in the text", hit(t, "your renewal due").Fragments, []search.Fragment{
			{Text: "your", Hit: true}, {Text: " "}, {Text: "renewal", Hit: true}, {Text: " is "}, {Text: "due", Hit: true},
		})
		same(t, "in the title", hit(t, "handb").Fragments, []search.Fragment{{Text: "Handbook", Hit: true}})
		same(t, "in a tag", hit(t, "cfo").Fragments, []search.Fragment{{Text: "cfo", Hit: true}})

		fragments := hit(t, "demurrage surcharge").Fragments
		text := joined(fragments)
		if len(text) > 400 || !strings.Contains(text, "Here the demurrage surcharge is explained.") {
			t.Errorf("got the fragment %q, want about two lines around the words", text)
		}
		same(t, "matching runs", matching(fragments), []string{"demurrage", "surcharge"})
	})
}

func joined(fragments []search.Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		b.WriteString(f.Text)
	}
	return b.String()
}

func matching(fragments []search.Fragment) []string {
	var runs []string
	for _, f := range fragments {
		if f.Hit {
			runs = append(runs, f.Text)
		}
	}
	return slices.Clip(runs)
}
