package searchtest

import (
	"strings"
	"testing"
	"unicode"

	"collateral/internal/search"
)

func testHostile(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	put(t, x,
		search.Document{ID: "plain", Title: "Field value", Summary: "script of a call", Type: "script", Language: "en"},
		search.Document{
			ID: "evil", Title: "<script>alert(1)</script> \x00 title\u202E", Summary: "a \"quoted\" * ~2 \\ summary",
			Pages: []string{
				"\x1b[31mred\x1b[0m <b onmouseover=alert(1)>warehouse</b>\r\n\tsecond line \u202Ereversed",
				string([]byte{0xff, 0xfe, 'd', 'o', 'c', 'k', 0xc3}),
				strings.Repeat("a", 1<<20),
				strings.Repeat("-", 10000) + "end",
			},
		},
		search.Document{ID: "empty"},
	)

	t.Run("NothingIsSyntax", func(t *testing.T) {
		for typed, want := range map[string][]string{
			`field:value`:                {"plain"},
			`"field value"`:              {"plain"},
			`+field -value`:              {"plain"},
			`value~2`:                    nil, // 2 is a word that is not there
			`value^5`:                    nil,
			`field*`:                     {"plain"},
			`*`:                          {"empty", "evil", "plain"},
			`(field OR nowhere)`:         nil,
			`/f.*d/`:                     nil,
			`[a TO z]`:                   nil,
			`field\`:                     {"plain"},
			`value"`:                     {"plain"},
			`<script>`:                   {"evil", "plain"},
			`<script>alert(1)</script>`:  {"evil"},
			`' OR 1=1; --`:               nil,
			"field\x00value":             {"plain"},
			"warehouse\u202E":            {"evil"},
			"dock\xff":                   {"evil"},
			"quoted":                     {"evil"},
			strings.Repeat("a", 1<<20):   {"evil"},
			strings.Repeat("*~\"()", 99): {"empty", "evil", "plain"},
		} {
			same(t, brief(typed), found(t, x, typed), want)
		}
	})

	t.Run("LongQueries", func(t *testing.T) {
		for _, typed := range []string{
			strings.Repeat("field value ", 900),
			strings.Repeat("lorem ipsum dolor sit amet consectetur ", 260),
			strings.Repeat("x", 10_000),
			strings.Repeat("internationalisation-", 500),
			strings.Repeat("é", 5_000),
		} {
			query(t, x, search.Query{Words: typed})
		}
	})

	t.Run("WhatIsShownIsPlain", func(t *testing.T) {
		for _, words := range []string{"alert", "warehouse", "second line", "reversed", "end", "dock"} {
			for _, h := range query(t, x, search.Query{Words: words}).Hits {
				texts := []string{joined(h.Fragments)}
				for _, why := range h.Why {
					texts = append(texts, why.Text)
				}
				text := strings.Join(texts, " ")
				for _, r := range text {
					if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
						t.Errorf("%q: got %U in %q, want none", words, r, text)
					}
				}
				if strings.Contains(text, "&lt;") || strings.Contains(text, "<mark>") {
					t.Errorf("%q: got HTML in %q, want plain text", words, text)
				}
			}
		}
		page := query(t, x, search.Query{Words: "warehouse"})
		same(t, "matching runs", matching(page.Hits[0].Fragments), []string{"warehouse"})
		if text := joined(page.Hits[0].Fragments); !strings.Contains(text, "<b onmouseover=alert(1)>warehouse</b>") {
			t.Errorf("got the fragment %q, want the text as it stands", text)
		}
	})
}

// brief keeps the name of a long query readable.
func brief(typed string) string {
	if len(typed) > 40 {
		return typed[:40] + "..."
	}
	return typed
}
