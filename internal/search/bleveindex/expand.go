package bleveindex

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"collateral/internal/search"
)

// maxTerms is the number of dictionary terms that one term of a query may stand for. The most frequent ones stay. Only
// a prefix that begins very many words gets there (a series of part numbers).
const maxTerms = 2000

// What a word is worth that is in the document as typed, as an inflection, as the beginning of a longer one, as a
// synonym, or with one or two faults. A synonym counts about as much as the word itself does one part below. The last
// two are so small that a mistyped word in the title ranks below a right one in the text.
const (
	worthExact   = 1.0
	worthForm    = 0.9
	worthOpen    = 0.6
	worthSynonym = 0.5
	worthTypo    = 0.04
	worthTypoTwo = 0.02
)

// candidate is a term of the index that a term of the query may stand for.
type candidate struct {
	term  string
	worth float64
	count uint64 // documents, 0 when it does not matter
}

// expansion is everything that one term of the query may stand for.
type expansion struct {
	candidates []candidate
	start      string // the beginning of a word, when it is short; to be looked up among the starts
}

// expander walks the dictionary of one field of one snapshot.
type expander struct {
	snapshot *scorch.IndexSnapshot
	field    string
}

// expand finds what a term may stand for; open tells that it may be the beginning of a word.
func (e expander) expand(term string, open bool) (expansion, error) {
	x, err := e.complete(term, open)
	if err != nil {
		return expansion{}, err
	}
	if faults := search.Faults(term); faults > 0 {
		if err := e.mistyped(term, faults, x.collector()); err != nil {
			return expansion{}, fmt.Errorf("looking for words like %q: %w", term, err)
		}
	}
	x.cut()
	return x, nil
}

// complete finds what a term may stand for that is not mistyped.
func (e expander) complete(term string, open bool) (expansion, error) {
	x := expansion{candidates: []candidate{{term: term, worth: worthExact}}}
	add := x.collector()
	if err := e.forms(term, add); err != nil {
		return expansion{}, fmt.Errorf("looking for inflections of %q: %w", term, err)
	}
	if open {
		if utf8.RuneCountInString(term) <= maxStart {
			x.start = term
		} else if err := e.longer(term, add); err != nil {
			return expansion{}, fmt.Errorf("looking for words that begin with %q: %w", term, err)
		}
	}
	x.cut()
	return x, nil
}

// collector returns a function that adds candidates, each term once with what it is worth at best.
func (x *expansion) collector() func(candidate) {
	places := make(map[string]int, len(x.candidates))
	for at, c := range x.candidates {
		places[c.term] = at
	}
	return func(c candidate) {
		if at, ok := places[c.term]; ok {
			x.candidates[at].worth = max(x.candidates[at].worth, c.worth)
			return
		}
		places[c.term] = len(x.candidates)
		x.candidates = append(x.candidates, c)
	}
}

// cut leaves the term itself and the best of the others when there are too many.
func (x *expansion) cut() {
	if len(x.candidates) <= maxTerms {
		return
	}
	slices.SortFunc(x.candidates[1:], func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(b.count, a.count), strings.Compare(a.term, b.term))
	})
	x.candidates = x.candidates[:maxTerms]
}

// expandRow finds the words of a synonym, as they are and inflected.
func (e expander) expandRow(terms []string) ([]expansion, error) {
	row := make([]expansion, len(terms))
	for i, term := range terms {
		row[i].candidates = []candidate{{term: term, worth: worthExact}}
		err := e.forms(term, func(c candidate) {
			if c.term != term {
				row[i].candidates = append(row[i].candidates, c)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("looking for inflections of %q: %w", term, err)
		}
	}
	return row, nil
}

// forms finds the inflections of a term. They all begin with its stem, but for what an inflection changes at its end.
func (e expander) forms(term string, add func(candidate)) error {
	stem := search.Stem(term)
	common := stem
	if n := len(stem); n > 2 && (stem[n-1] == 'e' || stem[n-1] == 'i') {
		common = stem[:n-1]
	}
	if len(common) < 2 {
		return nil
	}
	dictionary, err := e.snapshot.FieldDictPrefix(e.field, []byte(common))
	if err != nil {
		return err
	}
	return each(dictionary, func(entry *index.DictEntry) {
		if search.Stem(entry.Term) == stem {
			add(candidate{term: entry.Term, worth: worthForm})
		}
	})
}

func (e expander) longer(term string, add func(candidate)) error {
	dictionary, err := e.snapshot.FieldDictPrefix(e.field, []byte(term))
	if err != nil {
		return err
	}
	return each(dictionary, func(entry *index.DictEntry) {
		add(candidate{term: entry.Term, worth: worthOpen, count: entry.Count})
	})
}

// mistyped finds terms within the faults; the automaton counts a swap of neighbours as one.
func (e expander) mistyped(term string, faults int, add func(candidate)) error {
	dictionary, err := e.snapshot.FieldDictFuzzy(e.field, term, faults, "")
	if err != nil {
		return err
	}
	return each(dictionary, func(entry *index.DictEntry) {
		worth := worthTypo
		if entry.EditDistance > 1 {
			worth = worthTypoTwo
		}
		add(candidate{term: entry.Term, worth: worth, count: entry.Count})
	})
}

func each(dictionary index.FieldDict, visit func(*index.DictEntry)) (err error) {
	defer func() {
		if closing := dictionary.Close(); err == nil {
			err = closing
		}
	}()
	for {
		entry, err := dictionary.Next()
		if err != nil || entry == nil {
			return err
		}
		visit(entry)
	}
}
