package meilitest

import (
	"slices"
	"strings"
	"testing"
)

// TestRankingRules holds the stand-in to the rules as Meilisearch documents them, with its default settings.
func TestRankingRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, q string
		texts   []string // title|body, in the order that is wanted
	}{
		{"typo", "freight", []string{"other|freight", "frieght|x"}},
		{"typo: a wrong first letter is two", "logistics", []string{"logistixs|x", "xogistics|x"}},
		{"proximity", "pilot plan", []string{"x|the pilot plan", "plan with a pilot|x"}},
		{"attributeRank", "freight", []string{"a long title about freight|x", "x|freight"}},
		{"wordPosition", "freight", []string{"early freight here|x", "one two three four five six freight|x"}},
		{"exactness", "freight", []string{"x freight|y", "x freightliner|y"}},
		{"split words", "newspaper", []string{"newspaper|x", "news paper|x"}},
		{"prefix", "fre", []string{"freight|x"}},
		{"phrase", `"pilot plan"`, []string{"pilot plan|x"}},
	} {
		x := newIndex("id")
		x.settings.SearchableAttributes = []string{"title", "body"}
		var documents []map[string]any
		for i, text := range c.texts {
			title, body, _ := strings.Cut(text, "|")
			documents = append(documents, map[string]any{"id": float64(i), "title": title, "body": body})
		}
		slices.Reverse(documents)
		if p := x.add(documents, nil); p != nil {
			t.Fatal(p)
		}
		hits := x.find(c.q, x.all(), slices.Repeat([]bool{true}, 10))
		slices.SortStableFunc(hits, x.ranking(func(_, _ *document) int { return 0 }))
		var got []string
		for _, h := range hits {
			got = append(got, c.texts[int(h.fields["id"].(float64))])
		}
		if !slices.Equal(got, c.texts) {
			t.Errorf("%s: %q finds %q, want %q", c.rule, c.q, got, c.texts)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	x := newIndex("id")
	x.settings.FilterableAttributes = []string{"stage", "n"}
	p := x.add([]map[string]any{
		{"id": "a", "stage": []any{"Discovery", "renewal"}, "n": 1.0}, {"id": "b", "stage": "renewal", "n": 2.0}, {"id": "c", "n": 3.0},
	}, nil)
	if p != nil {
		t.Fatal(p)
	}
	for filter, want := range map[string]string{
		`stage = discovery`: "a", `stage IN ["renewal", "x"]`: "ab", `stage != renewal`: "c", `NOT stage = renewal AND n > 2`: "c",
		`n >= 2 OR stage = " DISCOVERY "`: "abc", `(n = 1 OR n = 2) AND stage EXISTS`: "ab", `stage = "x\" OR n = \"1"`: "",
		`title = x`: "error", `stage = `: "error", `stage = "a\d"`: "error", `stage = a b`: "error",
	} {
		found, err := x.filtered(filter)
		got := ""
		for _, d := range found {
			got += d.id
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: got %s (%v), want %s", filter, got, err, want)
		}
	}
}
