package search

import (
	"math"
	"strings"
)

// Finder says where the words of one query stand in a document: on which page, in which fragment, and why it is a hit.
// It reads the text with the analysis that indexed it, so engines use it on the few hits that they show. A Finder
// remembers the terms that it has met; it is for one query, and not safe for concurrent use.
type Finder struct {
	query Query
	words []Word
	terms []wanted
	known map[string][]credit
}

// wanted is one term of one reading of one word.
type wanted struct {
	word   int
	term   string
	stem   string
	share  float64 // of its reading
	open   bool
	faults int
}

// credit is how well a term of a text answers a word of the query.
type credit struct {
	word  int
	value float64
}

// What a term is worth that is the wanted one, an inflection of it, longer than what was typed, or mistyped. Below
// mistyped a word counts only where nothing better stands.
const (
	creditExact   = 1.0
	creditForm    = 0.9
	creditOpen    = 0.7
	creditTypo    = 0.3
	creditTypoTwo = 0.2

	mistyped = 0.35
)

// NewFinder returns a Finder for the query's words.
func NewFinder(q Query) *Finder {
	f := &Finder{query: q, words: Words(q.Words), known: make(map[string][]credit)}
	for i, w := range f.words {
		for _, reading := range w.Readings {
			for j, term := range reading {
				f.terms = append(f.terms, wanted{
					word: i, term: term, stem: Stem(term), share: 1 / float64(len(reading)),
					open: w.Open && j == len(reading)-1, faults: Faults(term),
				})
			}
		}
	}
	return f
}

// occurrence is a word of the query at its place in a text.
type occurrence struct {
	credit
	Token
}

// find returns where the query's words stand in a text, in order.
func (f *Finder) find(text string, found []occurrence) []occurrence {
	for token := range Tokens(text) {
		credits, ok := f.known[token.Term]
		if !ok {
			credits = f.judge(token.Term)
			f.known[token.Term] = credits
		}
		for _, c := range credits {
			found = append(found, occurrence{c, token})
		}
	}
	return found
}

// judge compares a term of a text with every word.
func (f *Finder) judge(term string) []credit {
	best := make([]float64, len(f.words))
	stem := ""
	for _, w := range f.terms {
		value := 0.0
		switch {
		case term == w.term:
			value = creditExact
		case w.open && strings.HasPrefix(term, w.term):
			value = creditOpen
		}
		if value < creditForm {
			if stem == "" && term[0] == w.term[0] { // no inflection changes how a word begins
				stem = Stem(term)
			}
			if stem == w.stem {
				value = creditForm
			}
		}
		if value == 0 && w.faults > 0 {
			if n, ok := withinFaults(w.term, term, w.faults); ok {
				value = creditTypo
				if n > 1 {
					value = creditTypoTwo
				}
			}
		}
		best[w.word] = max(best[w.word], value*w.share)
	}
	var credits []credit
	for i, value := range best {
		if value > 0 {
			credits = append(credits, credit{i, value})
		}
	}
	return credits
}

// weigh says how well the words stand in one text: how many of them how exactly, how close together and in order, and a
// little for how often.
func (f *Finder) weigh(found []occurrence) float64 {
	const (
		neighbours = 0.5 // two words of the query follow each other
		nearby     = 0.2 // they stand in the same line
		line       = 10  // words
		often      = 0.02
	)
	best, pairs, lastAt := make([]float64, len(f.words)), make([]float64, len(f.words)), make([]int, len(f.words))
	for i := range lastAt {
		lastAt[i] = math.MinInt32
	}
	for _, o := range found {
		best[o.word] = max(best[o.word], o.value)
		lastAt[o.word] = o.At
		if before := o.word - 1; before >= 0 {
			switch gap := o.At - lastAt[before]; {
			case gap == 1:
				pairs[o.word] = neighbours
			case gap < line:
				pairs[o.word] = max(pairs[o.word], nearby)
			}
		}
		if after := o.word + 1; after < len(f.words) && o.At-lastAt[after] < line {
			pairs[after] = max(pairs[after], nearby)
		}
	}
	score := often * math.Log2(float64(1+min(len(found), 64)))
	for i := range best {
		score += best[i] + pairs[i]*min(best[i], 1)
	}
	return score
}
