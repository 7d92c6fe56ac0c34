package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForms(t *testing.T) {
	t.Parallel()
	for term, want := range map[string][]string{
		"price":          {"price", "prices", "priced", "pricing"},
		"planning":       {"planning", "plan", "plans", "planned"},
		"x200":           {"x200"},
		"ab":             {"ab"},
		"preisübersicht": {"preisübersicht"},
	} {
		got := Forms(term)
		for _, form := range got {
			if Stem(form) != Stem(term) {
				t.Errorf("%s: got the form %s, whose stem is %s and not %s", term, form, Stem(form), Stem(term))
			}
		}
		if !cmp.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", term, got, want)
		}
	}
}

func TestFormsFindEachOther(t *testing.T) {
	t.Parallel()
	for _, group := range [][]string{
		{"plan", "plans", "planned", "planning"}, {"duty", "duties"}, {"price", "prices", "priced", "pricing"},
		{"halve", "halves", "halved", "halving"}, {"box", "boxes", "boxed"}, {"carry", "carries", "carried", "carrying"},
		{"classify", "classifies", "classified", "classifying"}, {"service", "services"}, {"customs", "custom"}, {"use", "uses", "used", "using"},
	} {
		for _, word := range group {
			known := make(map[string]bool)
			for _, form := range Forms(word) {
				known[form] = true
			}
			for _, other := range group {
				if !known[other] {
					t.Errorf("the forms of %s lack %s", word, other)
				}
			}
		}
	}
}
