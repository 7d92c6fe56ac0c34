package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"collateral/internal/search"
)

func TestWords(t *testing.T) {
	t.Parallel()
	one := func(open bool, readings ...[]string) search.Word { return search.Word{Readings: readings, Open: open} }
	for _, c := range []struct {
		typed string
		want  []search.Word
	}{
		{"", nil},
		{" ?!* ", nil},
		{"Renewal", []search.Word{one(true, []string{"renewal"})}},
		{"Renewal ", []search.Word{one(false, []string{"renewal"})}},
		{"renewal?", []search.Word{one(true, []string{"renewal"})}},
		{"plan deck plan", []search.Word{one(true, []string{"plan"}), one(false, []string{"deck"})}},
		{"one-pager ", []search.Word{one(false, []string{"onepager"}, []string{"one", "pager"})}},
		{"C++", []search.Word{one(true, []string{"c++"})}},
		{"Notepad++ ", []search.Word{one(false, []string{"notepad++"}, []string{"notepad"})}},
		{".NET ", []search.Word{one(false, []string{".net"}, []string{"net"})}},
		{"a/b/c/d/a ", []search.Word{one(false, []string{"a"}), one(false, []string{"b"}), one(false, []string{"c"}), one(false, []string{"d"})}},
		{"24/7 ", []search.Word{one(false, []string{"24", "7"})}},
	} {
		if diff := cmp.Diff(c.want, search.Words(c.typed), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.typed, diff)
		}
	}
}

func TestWordsAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "word%d ", i)
	}
	for name, typed := range map[string]string{
		"a page of text": b.String(),
		"one long path":  strings.ReplaceAll(b.String(), " ", "/"),
	} {
		terms := 0
		for _, word := range search.Words(typed) {
			for _, reading := range word.Readings {
				terms += len(reading)
			}
		}
		if terms > 16 {
			t.Errorf("%s asks for %d terms, want at most 16", name, terms)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for term, want := range map[string]int{
		"": 0, "deck": 0, "quota": 1, "contract": 1, "logistics": 2, "internationalisation": 2, "27001": 0, "iso27001": 0, "каком": 1, "café": 0,
	} {
		if got := search.Faults(term); got != want {
			t.Errorf("%q may have %d faults, want %d", term, got, want)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"one-pager's C++ .NET 3.5 ", "a/b/c/d/e", "service level agreements", "価格\u202e\x00 é\xff", "'s .a +# ++"} {
		f.Add(seed)
	}
	synonyms := search.NewSynonyms([][]string{{"SLA", "service level agreement"}, {"C++", "cpp"}})
	f.Fuzz(func(t *testing.T, typed string) {
		words := synonyms.Words(typed)
		if len(words) > 16 {
			t.Fatalf("%q asks for %d words, want at most 16", typed, len(words))
		}
		for i, w := range words {
			if len(w.Readings) == 0 || w.Open && strings.HasSuffix(typed, " ") {
				t.Fatalf("%q: got the word %+v", typed, w)
			}
			for _, reading := range w.Readings {
				if len(reading) == 0 || slices.Contains(reading, "") {
					t.Fatalf("%q: word %d has the reading %q", typed, i, reading)
				}
			}
		}
		if !search.Completes(words, typed) && len(words) > 0 && len(words) < 16 {
			t.Fatalf("%q does not complete itself", typed)
		}
		search.TermKey(typed)
		search.NewSynonyms([][]string{{typed, "other"}}).Words(typed)
	})
}
