package demo

import (
	"cmp"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

//go:embed searches.txt
var searches string

// wish is something that reps look for.
type wish struct {
	weight int // how often, beside the others
	stage  string
	words  string
}

// readWishes reads searches.txt: on each line how often, then "@stage", then words; one of the last two may be missing.
func readWishes() ([]wish, error) {
	var all []wish
	for line := range strings.Lines(searches) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		weight, err := strconv.Atoi(fields[0])
		if err != nil || len(fields) < 2 {
			return nil, fmt.Errorf("searches.txt: %q is not a number and what is looked for", strings.TrimSpace(line))
		}
		w := wish{weight: weight}
		words := fields[1:]
		if stage, ok := strings.CutPrefix(words[0], "@"); ok {
			w.stage, words = stage, words[1:]
		}
		w.words = strings.Join(words, " ")
		all = append(all, w)
	}
	return all, nil
}

// pick chooses a wish by its weight.
func pick(wishes []wish, random *rand.Rand) wish {
	total := 0
	for _, w := range wishes {
		total += w.weight
	}
	at := random.IntN(total)
	for _, w := range wishes {
		if at -= w.weight; at < 0 {
			return w
		}
	}
	return wishes[0]
}

// find answers a wish from what is published at the moment, in place of the search engine, which has not indexed the
// past: every word must begin a word of the piece. Pieces with all words in their title come first, then those that the
// field likes, as a search by most used has it.
func (c *company) find(w wish) []*piece {
	words := strings.Fields(plainWords(w.words))
	var found []*piece
	inTitle := make(map[*piece]bool)
	for _, p := range c.library {
		if p.live == uuid.Nil || !p.isAt(w.stage) || !containsAll(p.text, words) {
			continue
		}
		found = append(found, p)
		inTitle[p] = len(words) > 0 && containsAll(" "+plainWords(p.details.Title), words)
	}
	slices.SortStableFunc(found, func(a, b *piece) int {
		if inTitle[a] != inTitle[b] {
			if inTitle[a] {
				return -1
			}
			return 1
		}
		return cmp.Compare(reaches[b.reach].open, reaches[a.reach].open)
	})
	return found
}

func (p *piece) isAt(stage string) bool {
	if stage == "" {
		return true
	}
	for _, tag := range p.details.Stages {
		if tag.Stage == stage {
			return true
		}
	}
	return false
}

func containsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, " "+word) {
			return false
		}
	}
	return true
}

// plainWords is a text as letters and digits, in lower case, with single blanks between words.
func plainWords(text string) string {
	notWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), notWord), " ")
}
