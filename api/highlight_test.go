package api

import (
	"strings"
	"testing"
	"unicode"
)

// TestHighlightsArePlainText finds a piece whose words are meant to do harm to whoever shows them.
func TestHighlightsArePlainText(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		w.published("<script>alert(1)</script> Plan \u202Excod.exe", "Ring <img src=x onerror=alert(2)> the bell\u200b now\u202E, \"quoted\" & done")
		for _, q := range []string{"script", "alert", "bell", "ring", "img", "now", "quoted", "plan", "exe"} {
			hits := w.do(w.rita, "GET", "/search?q="+q, nil).want(200).list("hits")
			if len(hits) != 1 {
				t.Errorf("%q finds %d pieces, want 1", q, len(hits))
				continue
			}
			var shown strings.Builder
			marked := 0
			for _, f := range hits[0].list("fragments") {
				shown.WriteString(f.text("text"))
				if hit, _ := f.at("hit").value.(bool); hit {
					marked++
				}
			}
			for _, why := range hits[0].list("why") {
				shown.WriteString(" " + why.text("text"))
			}
			if marked == 0 {
				t.Errorf("%q: no run is marked in %q", q, shown.String())
			}
			for _, r := range shown.String() {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
					t.Errorf("%q: got %U in %q, want text that shows what it is", q, r, shown.String())
				}
			}
			for _, markup := range []string{"&lt;", "&amp;", "<mark", "<em", "<b>"} {
				if strings.Contains(shown.String(), markup) {
					t.Errorf("%q: got %s in %q, want plain runs", q, markup, shown.String())
				}
			}
		}
	})
}
