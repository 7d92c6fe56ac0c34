package meiliindex

import (
	"testing"

	"collateral/internal/search/meilitest"
)

func FuzzQuote(f *testing.F) {
	for _, text := range []string{
		"", "renewal", `"`, `\`, `\"`, `x" OR stage = "secret`, `x\" OR stage = \"secret`, `C:\new`, `a\d`, "'", "\n\t", `\\\"`, "ä\x00\xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := meilitest.FilterValues(quote(text) + ", " + quote("next"))
		if err != nil {
			t.Fatalf("%q is sent as %s, which cannot be read: %v", text, quote(text), err)
		}
		if len(got) != 2 || got[0] != text || got[1] != "next" {
			t.Fatalf("%q is sent as %s, which is read as %q", text, quote(text), got)
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, text := range []string{"", "renewal", "CFO", "ﬁ", "a%41", " x ", "de-AT", "\u2066<i>"} {
		f.Add(text, "renewal")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if got := valueOf(value(a)); got != a {
			t.Fatalf("%q comes back as %q", a, got)
		}
		if a != b && meilitest.NormalFacet(value(a)) == meilitest.NormalFacet(value(b)) {
			t.Fatalf("%q and %q are the same value to the server", a, b)
		}
	})
}
