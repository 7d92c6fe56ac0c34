package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// corpus writes documents in invented words that are as frequent as those of a language (Zipf's law). The same seed gives
// the same documents.
type corpus struct {
	random *rand.Rand
	words  *rand.Zipf
}

// vocabulary is how many words the corpus knows.
const vocabulary = 20_000

func newCorpus(seed uint64) *corpus {
	random := rand.New(rand.NewPCG(seed, seed))
	return &corpus{random: random, words: rand.NewZipf(random, 1.1, 4, vocabulary-1)}
}

// piece is what a document is made of.
type piece struct {
	title, summary, role string
	kind                 string // its type
	stage, other         int    // places in the list of stages; the same when it has one stage
	persona, industry    string
	product              string
	pages                []string
	published            time.Time
}

// One in so many documents is long; the others have one page.
const (
	oneLong   = 100
	longPages = 40
	pageWords = 180 // about 1.3 kB
)

func (c *corpus) piece(start time.Time) piece {
	kinds := []string{"deck", "one-pager", "brochure", "case-study", "white-paper", "battlecard", "faq", "data-sheet"}
	p := piece{
		title: c.text(6), summary: c.text(20), role: "Shows the buyer " + c.text(8),
		kind: kinds[c.random.IntN(len(kinds))], stage: c.random.IntN(6), other: c.random.IntN(6),
		persona: c.tag("persona", 12), industry: c.tag("industry", 20), product: c.tag("product", 40),
		published: start.Add(time.Duration(c.random.IntN(100*24)) * time.Hour),
	}
	pages := 1
	if c.random.IntN(oneLong) == 0 {
		pages = longPages
	}
	for range pages {
		p.pages = append(p.pages, c.text(pageWords))
	}
	return p
}

func (c *corpus) text(words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word(int(c.words.Uint64())))
	}
	return b.String()
}

func (c *corpus) tag(facet string, n int) string {
	return fmt.Sprintf("%s-%d", facet, c.random.IntN(n))
}

// word is the nth of the invented words, the most frequent first.
func word(n int) string {
	syllables := []string{"ba", "co", "di", "fe", "gra", "ho", "ju", "ki", "lo", "men", "na", "pro", "qua", "ri", "so", "tu", "ver", "wi", "xe", "zu"}
	var b strings.Builder
	for n += len(syllables); n > 0; n /= len(syllables) {
		b.WriteString(syllables[n%len(syllables)])
	}
	return b.String()
}

// swapped exchanges two neighbouring letters in the middle of a word: one typing fault.
func swapped(word string) string {
	letters := []byte(word)
	m := len(letters) / 2
	letters[m], letters[m-1] = letters[m-1], letters[m]
	return string(letters)
}
