package searchtest

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"collateral/internal/search"
)

func testHostile(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	put(t, x,
		search.Document{ID: "plain", Title: "Field value", Summary: "script of a call", Type: "script", Language: "en"},
		search.Document{
			ID: "evil", Title: "<script>alert(1)</script> \x00 title\u202E", Summary: "a \"quoted\" * ~2 \\ summary",
			Personas: []string{"<i>tag</i>\u2066"},
			Pages: []string{
				"\x1b[31mred\x1b[0m <b onmouseover=alert(1)>warehouse</b>\r\n\tsecond line \u202Ereversed",
				string([]byte{0xff, 0xfe, 'd', 'o', 'c', 'k', 0xc3}),
				strings.Repeat("a", 1<<20),
				strings.Repeat("-", 10000) + "end",
				"ov\u202Eer the \u200fring\u2028line\u0085next\ufeff\x9f",
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
		if err := x.SetSynonyms(t.Context(), [][]string{{"<b>siren\u202E</b>", "alert"}}); err != nil {
			t.Fatal(err)
		}
		flush(t, x)
		for _, words := range []string{
			"alert", "warehouse", "second line", "reversed", "end", "dock", "script", "title", "script title", "31mred warehouse",
			"quoted summary", "i tag", "b siren", "over", "ring",
		} {
			found := query(t, x, search.Query{Words: words}).Hits
			if len(found) == 0 {
				t.Errorf("%q finds nothing, want the hostile text", words)
			}
			for _, h := range found {
				for _, f := range h.Fragments {
					if f.Text == "" || !utf8.ValidString(f.Text) {
						t.Errorf("%q: got the fragment %q, want some valid text", words, f.Text)
					}
				}
				texts := []string{joined(h.Fragments)}
				for _, why := range h.Why {
					texts = append(texts, why.Text)
				}
				text := strings.Join(texts, " ")
				for _, r := range text {
					if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Cf, r) {
						t.Errorf("%q: got %U in %q, want none", words, r, text)
					}
				}
				for _, markup := range []string{"&lt;", "&amp;", "<mark>", "<em>", "</mark>"} {
					if strings.Contains(text, markup) {
						t.Errorf("%q: got %s in %q, want plain text", words, markup, text)
					}
				}
			}
		}
		page := query(t, x, search.Query{Words: "warehouse"})
		same(t, "matching runs", matching(page.Hits[0].Fragments), []string{"warehouse"})
		if text := joined(page.Hits[0].Fragments); !strings.Contains(text, "<b onmouseover=alert(1)>warehouse</b>") {
			t.Errorf("got the fragment %q, want the text as it stands", text)
		}
		same(t, "a script in the title, in runs", query(t, x, search.Query{Words: "script title"}).Hits[0].Fragments, []search.Fragment{
			{Text: "<"}, {Text: "script", Hit: true}, {Text: ">alert(1)</"}, {Text: "script", Hit: true}, {Text: "> "}, {Text: "title", Hit: true},
		})
	})
}

// brief keeps the name of a long query readable.
func brief(typed string) string {
	if len(typed) > 40 {
		return typed[:40] + "..."
	}
	return typed
}
