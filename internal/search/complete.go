package search

import (
	"slices"
	"strings"
)

// Completions are what a person may mean who is still typing.
type Completions struct {
	Titles []string     // ids of the documents whose title holds the words, the most used and newest first
	Values []FacetCount // tags that hold them, the most frequent first, then in the order of Tags and by value
}

// FacetCount says how many documents carry a value of a facet.
type FacetCount struct {
	Facet Facet
	Count
}

// Completes tells whether a text holds all the words that were typed, in any order: as they are or inflected, the last
// one also as the beginning of a word. Mistyped words are not completed. Nothing typed completes nothing.
func Completes(typed []Word, text string) bool {
	if len(typed) == 0 {
		return false
	}
	var terms []string
	for token := range Tokens(text) {
		terms = append(terms, token.Term)
	}
	return !slices.ContainsFunc(typed, func(w Word) bool { return !w.standsAmong(terms) })
}

func (w Word) standsAmong(terms []string) bool {
	return slices.ContainsFunc(w.Readings, func(reading []string) bool {
		for i, wanted := range reading {
			open, stem := w.Open && i == len(reading)-1, Stem(wanted)
			if !slices.ContainsFunc(terms, func(term string) bool {
				return term == wanted || open && strings.HasPrefix(term, wanted) ||
					term[0] == wanted[0] && Stem(term) == stem // no inflection changes how a word begins
			}) {
				return false
			}
		}
		return true
	})
}
