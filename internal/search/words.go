package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords is the number of different words of a query that count; the rest of a pasted page says nothing more.
const maxWords = 16

// Word is one word that a query asks for.
type Word struct {
	// Readings are the ways in which a text may spell the word. Each is a list of terms that must all be there:
	// "one-pager" reads as [[onepager] [one pager]].
	Readings [][]string
	// Open tells that the last term of each reading may be the beginning of a longer one.
	Open bool
	// Synonyms are what else the word, or the term that it is part of, is called. They stand for it as they are: they
	// are neither beginnings nor mistyped.
	Synonyms []*Synonym
}

// Words reads what a person typed. Nothing in it is syntax. Without a letter or digit there are no words, which asks
// for everything.
func Words(typed string) []Word {
	var words []Word
	places := make(map[string]int) // of each word in words; one that is repeated counts once
	last := -1
	for c := range chunks(typed) {
		for _, readings := range c.asked() {
			key := strings.Join(readings[0], " ")
			place, again := places[key]
			if !again {
				if len(words) == maxWords {
					return words
				}
				place = len(words)
				places[key] = place
				words = append(words, Word{Readings: readings})
			}
			last = place
		}
	}
	if end, _ := utf8.DecodeLastRuneInString(typed); last >= 0 && !unicode.IsSpace(end) {
		words[last].Open = true
	}
	return words
}

// asked returns the readings of each word that a chunk of a query asks for: one, unless it is an address or a path,
// whose parts are words of their own.
func (c *chunk) asked() [][][]string {
	if len(c.parts) <= maxJoined {
		return [][][]string{c.readings()}
	}
	words := make([][][]string, len(c.parts))
	for i, p := range c.parts {
		words[i] = [][]string{{p.term}}
	}
	return words
}

// readings returns the ways to spell what stands together in a query. A sign belongs to a short name (C++ is not C),
// and is one of two readings of a longer one.
func (c *chunk) readings() [][]string {
	plain := make([]string, len(c.parts))
	for i, p := range c.parts {
		plain[i] = p.term
	}
	strict := slices.Clone(plain)
	if c.dotted != "" {
		strict[0] = c.dotted
	}
	if c.signed != "" {
		strict[len(strict)-1] = c.signed
	}
	var readings [][]string
	if c.joined != "" {
		readings = append(readings, []string{c.joined})
	}
	readings = append(readings, strict)
	if (c.dotted != "" && len(plain[0]) > 2) || (c.signed != "" && len(plain[len(plain)-1]) > 2) {
		readings = append(readings, plain)
	}
	return readings
}

// Faults is how many faults of typing a term of a query may have: none below five letters, one from five, two from
// nine. Digits are not letters: a number is right or wrong.
func Faults(term string) int {
	letters := 0
	for _, r := range term {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	switch {
	case letters < 5:
		return 0
	case letters < 9:
		return 1
	default:
		return 2
	}
}
