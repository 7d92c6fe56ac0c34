package search_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/search"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Renewal, deck.", "renewal deck"},
		{"one-pager", "onepager one pager"},
		{"C++, C# and F#!", "c c++ c c# and f f#"},
		{"C++/Java", "c c++ java"},
		{"a+b", "ab a b"},
		{"the .NET kit", "the .net net kit"},
		{"(.NET)", ".net net"},
		{"ASP.NET", "aspnet asp net"},
		{"the end.Then", "the endthen end then"},
		{"wait...what", "wait what"},
		{"S/4HANA", "s4hana s 4hana"},
		{"24/7 in 2024-25", "24 7 in 2024 25"},
		{"3.5 of 2,000", "3.5 3 5 of 2000 2 000"},
		{"yes,no", "yes no"},
		{"O'Reilly’s team's", "oreilly o reilly team"},
		{"www.example.com/a/b/c", "www example com a b c"},
		{"Café Zürich Straße", "cafe zurich strasse"},
		{"e\u0301te\u0301", "ete"},
		{"re\u00adnewal zero\u200bwidth", "renewal zerowidth"},
		{"ﬁnal Ｗｉｄｅ", "final wide"},
		{"价格list", "价 格 list"},
		{"цена ΤΙΜΉ", "цена τιμη"},
		{"<b>bold</b>", "b bold b"},
		{"\x00\xff\x1b[0m", "0m"},
		{"field:value", "field value"},
	} {
		var got []string
		for token := range search.Tokens(c.text) {
			got = append(got, token.Term)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestTokensCoverTheirText(t *testing.T) {
	t.Parallel()
	text := "Das Café’s one-pager: C++."
	var got []string
	var at []int
	for token := range search.Tokens(text) {
		got = append(got, text[token.Start:token.End])
		at = append(at, token.At)
	}
	want := []string{"Das", "Café’s", "one-pager", "one", "pager", "C++", "C++"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 1, 2, 2, 3, 4, 4}, at); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{"one-pager's C++ .NET 3.5", "价格\u202e\x00", "é\xff", "a'b's", "ﬁ-ﬂ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for token := range search.Tokens(text) {
			if token.Term == "" || token.Start < 0 || token.Start >= token.End || token.End > len(text) || token.At < at {
				t.Fatalf("got the token %+v after place %d of %q", token, at, text)
			}
			at = token.At
		}
		d := search.Document{ID: "a", Title: text, Pages: []string{text}}
		search.NewFinder(search.Query{Words: text}, nil).Explain(&d)
	})
}
