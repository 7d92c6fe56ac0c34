package search_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/search"
)

func TestSynonymsOfWords(t *testing.T) {
	t.Parallel()
	synonyms := search.NewSynonyms([][]string{
		{"SLA", "service level agreement", "availability"},
		{"e-mail campaign", "mailing"},
		{"24/7", "around the clock"},
		{"?!", "renewal"},
	})
	for _, c := range []struct {
		typed string
		want  []string // for each word: of > readings
	}{
		{"renewal", []string{""}},
		{"sla", []string{"SLA>service level agreement; SLA>availability"}},
		{"Agreement on service level", []string{"", "", "", ""}},
		{"my service level agreements", []string{
			"", "service level agreement>sla; service level agreement>availability",
			"service level agreement>sla; service level agreement>availability",
			"service level agreement>sla; service level agreement>availability",
		}},
		{"mailing ", []string{"mailing>email campaign|e mail campaign"}},
		{"email campaigns", []string{"e-mail campaign>mailing", "e-mail campaign>mailing"}},
		{"24/7 support", []string{"24/7>around the clock", ""}},
		{"service level", []string{"", ""}},
	} {
		var got []string
		for _, w := range synonyms.Words(c.typed) {
			var of []string
			for _, s := range w.Synonyms {
				var readings []string
				for _, r := range s.Readings {
					readings = append(readings, strings.Join(r, " "))
				}
				of = append(of, s.Of+">"+strings.Join(readings, "|"))
			}
			got = append(got, strings.Join(of, "; "))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.typed, diff)
		}
	}
}

func TestNoSynonyms(t *testing.T) {
	t.Parallel()
	var none *search.Synonyms
	if diff := cmp.Diff(search.Words("service level"), none.Words("service level")); diff != "" {
		t.Errorf("words without a table (-want +got):\n%s", diff)
	}
}

func TestTermKey(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{
		{"car", "Cars"}, {"Café", "cafe"}, {"e-mail", "email"}, {"service level agreement", "Service Level  Agreements"}, {"?!", ""},
	} {
		if a, b := search.TermKey(same[0]), search.TermKey(same[1]); a != b {
			t.Errorf("%q has the key %q and %q has %q, want the same", same[0], a, same[1], b)
		}
	}
	for _, apart := range [][2]string{{"C", "C++"}, {"e mail", "mail"}, {"level service", "service level"}} {
		if a, b := search.TermKey(apart[0]), search.TermKey(apart[1]); a == b {
			t.Errorf("%q and %q both have the key %q, want different ones", apart[0], apart[1], a)
		}
	}
}
