package meiliindex

import (
	"strings"
	"testing"

	"collateral/internal/search"
)

func TestWord(t *testing.T) {
	t.Parallel()
	for term, want := range map[string]string{
		"renewal": "xrenewal", "c++": "xcqq", "c#": "xcqx", ".net": "xqnet", "x200": "xx222000000", "2.5": "x222q555",
		"物": "物", "привет": "привет",
	} {
		if got := word(term); got != want {
			t.Errorf("%s: got %s, want %s", term, got, want)
		}
	}
	if got, want := code("x2"), "yxxx222"; got != want {
		t.Errorf("the code of x2: got %s, want %s", got, want)
	}
}

// TestWordsStayWhole holds that a server which cuts at all but letters and digits finds in a sent word one word.
func TestWordsStayWhole(t *testing.T) {
	t.Parallel()
	for token := range search.Tokens("Déjà vu: C++, .NET 8.0 & O'Hara's S/4HANA-Préparation, ß-Test 1,000.5 (F#)") {
		for _, sent := range []string{word(token.Term), code(token.Term)} {
			if strings.ContainsFunc(sent, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
				t.Errorf("%q is sent as %q, want letters and digits only", token.Term, sent)
			}
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"018f3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f": "018f3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
		"a/../../keys?x=1":                     "a_2f_2e_2e_2f_2e_2e_2fkeys_3fx_3d1",
		"a_b":                                  "a_5fb",
	} {
		got, err := key(id)
		if err != nil || got != want {
			t.Errorf("%s: got %s (%v), want %s", id, got, err, want)
		}
		if back := idOf(got); back != id {
			t.Errorf("%s comes back as %s", id, back)
		}
	}
	for _, id := range []string{"", strings.Repeat("a", maxKey+1), strings.Repeat("/", maxKey/3+1)} {
		if got, err := key(id); err == nil {
			t.Errorf("%.20q: got %.20q, want an error", id, got)
		}
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	page := strings.TrimSpace(strings.Repeat("xw ", 25_000))
	fields := spread([]string{page, page, page, strings.TrimSpace(strings.Repeat("xw ", 130_000))})
	words := 0
	for n, lines := range fields {
		places := 0
		for _, line := range lines {
			count := len(strings.Fields(line))
			words += count
			places += count + elementGap
		}
		if places > 1<<16 {
			t.Errorf("field %d: got %d places, want at most 65536", n, places)
		}
	}
	if words != 205_000 {
		t.Errorf("got %d words, want all 205000", words)
	}
	if full := spread([]string{strings.Repeat("xw ", 2_000_000)}); len(full) != textFields {
		t.Errorf("got %d fields, want the %d that there are", len(full), textFields)
	}
}
