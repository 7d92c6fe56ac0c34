package bleveindex_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"collateral/internal/search"
)

// maxFuzzed bounds what is typed, in bytes: a form takes less.
const maxFuzzed = 4096

// FuzzQuery types anything into a small index with synonyms: nothing is an error, and totals and hits agree.
func FuzzQuery(f *testing.F) {
	x := fuzzed(f)
	f.Fuzz(func(t *testing.T, typed string) {
		if len(typed) > maxFuzzed {
			t.Skip()
		}
		page, err := x.Query(t.Context(), search.Query{Words: typed, PerPage: search.MaxPerPage})
		if err != nil {
			t.Fatalf("Query %q: %v", typed, err)
		}
		if page.Total != len(page.Hits) {
			t.Errorf("%q: got a total of %d with %d hits, want the same", typed, page.Total, len(page.Hits))
		}
		if len(search.Words(typed)) == 0 && page.Total != 2 {
			t.Errorf("%q holds no word and finds %d documents, want all", typed, page.Total)
		}
		checkShown(t, typed, page)
		if _, err := x.Complete(t.Context(), typed, 5); err != nil {
			t.Errorf("Complete %q: %v", typed, err)
		}
	})
}

// FuzzPut puts a document of anything and looks for it by its own words. Each is written to disk, so it is slow.
func FuzzPut(f *testing.F) {
	x := fuzzed(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzzed {
			t.Skip()
		}
		own := search.Document{ID: "own", Title: text, Personas: []string{text}, Pages: []string{text, text}}
		if err := x.Put(t.Context(), own); err != nil {
			t.Fatalf("Put %q: %v", text, err)
		}
		page, err := x.Query(t.Context(), search.Query{Words: text, PerPage: search.MaxPerPage})
		if err != nil {
			t.Fatalf("Query %q: %v", text, err)
		}
		if !slices.ContainsFunc(page.Hits, func(h search.Hit) bool { return h.ID == own.ID }) {
			t.Errorf("a document is not found by its own words %q", text)
		}
		checkShown(t, text, page)
		if _, err := x.Similar(t.Context(), own.ID, 5); err != nil {
			t.Errorf("Similar to %q: %v", text, err)
		}
	})
}

// fuzzed is a small index, and seeds for what is typed into it.
func fuzzed(f *testing.F) search.Index {
	f.Helper()
	for _, seed := range []string{
		"renewal", "renewal pl", "C++ .NET A/B 24/7 X-200", "99.9% ISO 27001 2.500", "e-mail one-pager's", "<script>alert(1)</script>",
		"Café Zürich Straße e\u0301te\u0301", "价格list цена ﬁ", "\x00\xff\xc3\x28\u202e", "field:\"value\"~2^5 AND (OR) [a TO z] /f.*/ \\",
		strings.Repeat("internationalisation-", 40), strings.Repeat("a/", 200), "service level agreement sla e-signature",
		"ıİſßẞ ŉ ǆ ﷺ", "\u0345\u0345a\u0301\u0301\u0301", "١٢٣ Ⅷ ² ½", "🚀 rocket👩‍👩‍👧", strings.Repeat("é", 100), "'' -- ; ++ # +# C+++ .. .a",
	} {
		f.Add(seed)
	}
	x, _ := open(f, f.TempDir())
	err := x.SetSynonyms(f.Context(), [][]string{{"SLA", "service level agreement"}, {"e-signature", "electronic signature", "签名"}, {"C++", "cpp"}})
	if err != nil {
		f.Fatal(err)
	}
	err = x.Put(f.Context(),
		search.Document{ID: "a", Title: "Renewal playbook", Summary: "service level agreement", Type: "deck", Stages: []string{"renewal"}, Pages: []string{"one", "two C++"}},
		search.Document{ID: "b", Title: "Price list 24/7", Type: "data-sheet", Language: "de", Pages: []string{"E-Signature, internationalisation", "Straße"}},
	)
	if err != nil {
		f.Fatal(err)
	}
	return x
}

func checkShown(t *testing.T, typed string, page search.Page) {
	t.Helper()
	for _, h := range page.Hits {
		if len(h.Why) == 0 {
			t.Errorf("%q: %s has no reason", typed, h.ID)
		}
		for _, fragment := range h.Fragments {
			if fragment.Text == "" || !utf8.ValidString(fragment.Text) {
				t.Errorf("%q: %s has the fragment %q, want some valid text", typed, h.ID, fragment.Text)
			}
		}
	}
}
