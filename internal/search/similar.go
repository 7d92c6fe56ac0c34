package search

import (
	"slices"
	"unicode/utf8"
)

// Kin is a document and what it has in common with another one. It is the nearer the more of the other one's words it
// shares, where rare words say more (half of what there is to gain), the more of its buying stages (a third), and the
// more of its personas (a sixth). Between equals the more used and newer one is nearer.
type Kin struct {
	ID       string
	Stages   []string
	Personas []string
	Words    []string // as the other one spells them, the rarest first
}

// What each kind of common ground is worth in a Kin, when all of it is shared.
const (
	ByWords    = 3.0
	ByStages   = 2.0
	ByPersonas = 1.0
)

// KinWord is a word by which a document is compared with others.
type KinWord struct {
	Term    string
	Spelled string
}

// KinWords returns the words of title and summary by which the document is compared, each once whatever its inflection.
// Those of one or two letters say nothing.
func (d *Document) KinWords() []KinWord {
	var words []KinWord
	var stems []string
	for _, text := range []string{d.Title, d.Summary} {
		for token := range Tokens(text) {
			stem := Stem(token.Term)
			if utf8.RuneCountInString(token.Term) < 3 || slices.Contains(stems, stem) {
				continue
			}
			stems = append(stems, stem)
			words = append(words, KinWord{Term: token.Term, Spelled: clean(text[token.Start:token.End])})
			if len(words) == maxKinWords {
				return words
			}
		}
	}
	return words
}

// maxKinWords bounds how many words of a long summary are compared.
const maxKinWords = 60

// IsKinWord tells whether a word that so many of all documents hold says something: two of them, or up to a tenth.
func IsKinWord(holding, all int) bool { return holding > 1 && holding <= max(all/10, 2) }
