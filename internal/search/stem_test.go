package search_test

import (
	"testing"

	"collateral/internal/search"
)

func TestStemJoinsInflections(t *testing.T) {
	t.Parallel()
	for _, forms := range [][]string{
		{"plan", "plans", "planned", "planning"},
		{"price", "prices", "priced", "pricing"},
		{"use", "uses", "used", "using"},
		{"company", "companies"},
		{"box", "boxes"},
		{"process", "processes", "processed", "processing"},
		{"study", "studies", "studied", "studying"},
		{"license", "licenses", "licensed", "licensing"},
		{"agree", "agrees", "agreed"},
		{"optimize", "optimized", "optimizing"},
		{"ad", "ads"},
		{"tie", "ties"},
		{"key", "keys"},
		{"day", "days"},
	} {
		for _, form := range forms[1:] {
			if got, want := search.Stem(form), search.Stem(forms[0]); got != want {
				t.Errorf("%s stems to %q, want %q as for %s", form, got, want, forms[0])
			}
		}
	}
}

func TestStemKeepsWordsApart(t *testing.T) {
	t.Parallel()
	for _, words := range [][2]string{
		{"renew", "renewal"}, {"compete", "competitor"}, {"plan", "plane"}, {"bus", "bu"}, {"this", "thi"}, {"gas", "ga"},
		{"thing", "th"}, {"need", "ne"}, {"status", "statu"}, {"business", "busines"}, {"c++", "c"}, {"27001s", "27001"},
	} {
		if a, b := search.Stem(words[0]), search.Stem(words[1]); a == b {
			t.Errorf("%s and %s both stem to %q, want them apart", words[0], words[1], a)
		}
	}
}
