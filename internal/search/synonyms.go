package search

import (
	"slices"
	"strings"
)

// Synonyms is a table of terms that mean the same, ready for reading queries. A term is one or several words; those of
// one group stand for each other in both directions. A term is recognised in a query in any case, accents and inflection,
// but neither mistyped nor as the beginning of a word. Nil holds nothing. It does not change after it is made.
type Synonyms struct {
	terms map[string][]synonymTerm // by the stem of their first word
}

// synonymTerm is one term as it is met in a query.
type synonymTerm struct {
	spelled string   // in the table
	stems   []string // of its words
	others  []*Synonym
}

// Synonym is what else a word of a query may be called.
type Synonym struct {
	Of       string     // the term of the query, as the table spells it
	Readings [][]string // the ways to write the synonym: words that stand next to each other, in this order
}

// NewSynonyms reads a table of groups. What holds no word is left out.
func NewSynonyms(groups [][]string) *Synonyms {
	s := &Synonyms{terms: make(map[string][]synonymTerm)}
	for _, group := range groups {
		var terms []synonymTerm
		var synonyms []*Synonym
		for _, spelled := range group {
			words := Words(spelled)
			if len(words) == 0 {
				continue
			}
			terms = append(terms, synonymTerm{spelled: spelled, stems: stemsOf(words)})
			synonyms = append(synonyms, &Synonym{Readings: inOneRow(words)})
		}
		for i, t := range terms {
			for j, other := range synonyms {
				if j != i {
					t.others = append(t.others, &Synonym{Of: t.spelled, Readings: other.Readings})
				}
			}
			s.terms[t.stems[0]] = append(s.terms[t.stems[0]], t)
		}
	}
	return s
}

// TermKey is the same for two terms that a query cannot tell apart. It is empty when the term holds no word.
func TermKey(term string) string { return strings.Join(stemsOf(Words(term)), " ") }

// Words reads what a person typed as the function Words does, and adds to each word of a term what else the term is
// called. A document answers a term of several words as well by one synonym in place of them all: each of the words
// carries it.
func (s *Synonyms) Words(typed string) []Word {
	words := Words(typed)
	if s == nil || len(s.terms) == 0 {
		return words
	}
	stems := stemsOf(words)
	for i, stem := range stems {
		for _, t := range s.terms[stem] {
			if end := i + len(t.stems); end <= len(stems) && slices.Equal(stems[i:end], t.stems) {
				for at := i; at < end; at++ {
					words[at].Synonyms = append(words[at].Synonyms, t.others...)
				}
			}
		}
	}
	return words
}

// stemsOf returns what each word is recognised by: its first reading without its inflection.
func stemsOf(words []Word) []string {
	stems := make([]string, len(words))
	for i, w := range words {
		first := slices.Clone(w.Readings[0])
		last := len(first) - 1
		first[last] = Stem(first[last])
		stems[i] = strings.Join(first, " ")
	}
	return stems
}

// inOneRow writes a term of several words, each of which has readings, as rows of single words: one with the first
// reading of each (email campaign), and one with the last (e mail campaign) where that is another.
func inOneRow(words []Word) [][]string {
	var first, last []string
	for _, w := range words {
		first = append(first, w.Readings[0]...)
		last = append(last, w.Readings[len(w.Readings)-1]...)
	}
	if slices.Equal(first, last) {
		return [][]string{first}
	}
	return [][]string{first, last}
}
