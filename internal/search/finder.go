package search

import (
	"math"
	"strings"
)

// Finder says where the words of one query stand in a document: on which page, in which fragment, and why it is a hit.
// It reads the text with the analysis that indexed it, so engines use it on the few hits that they show. A Finder
// remembers the terms that it has met; it is for one query, and not safe for concurrent use.
type Finder struct {
	query    Query
	words    []Word
	terms    []wanted
	synonyms []*row
	known    map[string]*judged // nil for a term that answers nothing, as most do
	best     []float64          // for judge, by word
	page     []occurrence       // for bestPage
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
	of    string // the term of the query that this is a synonym of, or empty
}

// judged is what there is to know of a term of a text.
type judged struct {
	credits []credit
	steps   []step
}

// What a term is worth that is the wanted one, an inflection of it, longer than what was typed, a synonym, mistyped, or a
// word out of a synonym of several. Below mistyped a word counts only where nothing better stands.
const (
	creditExact   = 1.0
	creditForm    = 0.9
	creditOpen    = 0.7
	creditSynonym = 0.5
	creditTypo    = 0.3
	creditTypoTwo = 0.2
	creditPart    = 0.1

	mistyped = 0.35
)

// manyTerms is about how many different terms a page of hits holds.
const manyTerms = 1024

// NewFinder returns a Finder for the query's words; synonyms may be nil.
func NewFinder(q Query, synonyms *Synonyms) *Finder {
	f := &Finder{query: q, words: synonyms.Words(q.Words), known: make(map[string]*judged, manyTerms)}
	f.best = make([]float64, len(f.words))
	for i, w := range f.words {
		for _, reading := range w.Readings {
			for j, term := range reading {
				f.terms = append(f.terms, wanted{
					word: i, term: term, stem: Stem(term), share: 1 / float64(len(reading)),
					open: w.Open && j == len(reading)-1, faults: Faults(term),
				})
			}
		}
		for _, synonym := range w.Synonyms {
			for _, reading := range synonym.Readings {
				f.synonyms = append(f.synonyms, newRow(i, synonym.Of, reading))
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
	for _, r := range f.synonyms {
		r.restart()
	}
	for token := range Tokens(text) {
		term, ok := f.known[token.Term]
		if !ok {
			if credits, steps := f.judge(token.Term), f.steps(token.Term); len(credits)+len(steps) > 0 {
				term = &judged{credits, steps}
			}
			f.known[token.Term] = term
		}
		if term == nil {
			continue
		}
		for _, c := range term.credits {
			found = append(found, occurrence{c, token})
		}
		for _, s := range term.steps {
			if whole, complete := s.row.take(s.place, token); complete {
				found = append(found, occurrence{credit{s.row.word, creditSynonym, s.row.of}, whole})
			}
		}
	}
	return found
}

// judge compares a term of a text with every word.
func (f *Finder) judge(term string) []credit {
	best := f.best
	clear(best)
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
			credits = append(credits, credit{word: i, value: value})
		}
	}
	for _, s := range f.steps(term) {
		if len(s.row.stems) > 1 && best[s.row.word] == 0 {
			best[s.row.word] = creditPart
			credits = append(credits, credit{s.row.word, creditPart, s.row.of})
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
