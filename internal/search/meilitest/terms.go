package meilitest

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxQueryWords is how many words of a query are read.
const maxQueryWords = 10

// maxNgram is how many neighbouring words of a query are tried as one.
const maxNgram = 3

// node is one word of a query or several that are taken as one, with everything that may stand for it.
type node struct {
	words int // of the query
	ways  []way
}

// way is words that stand next to each other in a text, and stand for a node.
type way struct {
	words []string
	typos int
	exact bool // it is the word of the query itself
}

// readQuery cuts a query into words: those in quotes stand together, and the very last may be a beginning.
func readQuery(q string) [][]token {
	var groups [][]token
	for n, part := range strings.Split(q, `"`) {
		tokens, _ := tokenize(part, 0)
		quoted := n%2 == 1
		if quoted {
			for i := range tokens {
				tokens[i].quoted = true
			}
			if len(tokens) > 0 {
				groups = append(groups, tokens)
			}
			continue
		}
		for i, t := range tokens {
			r, _ := utf8.DecodeLastRuneInString(q)
			again, _ := tokenize(string(r), 0)
			t.last = n == strings.Count(q, `"`) && i == len(tokens)-1 && len(again) > 0
			groups = append(groups, []token{t})
		}
	}
	return groups[:min(len(groups), maxQueryWords)]
}

// paths returns every way to take the words of a query as nodes: one by one, and neighbours as one where that is a word
// of the index or has synonyms.
func (x *index) paths(groups [][]token) [][]node {
	if len(groups) == 0 {
		return [][]node{nil}
	}
	var all [][]node
	for n := 1; n <= min(maxNgram, len(groups)); n++ {
		nd, ok := x.node(groups[:n])
		if !ok {
			continue
		}
		for _, rest := range x.paths(groups[n:]) {
			all = append(all, append([]node{nd}, rest...))
		}
	}
	return all
}

// node returns what may stand for a group of words; several groups are none when one of them is quoted, or when nothing
// stands for them as one.
func (x *index) node(groups [][]token) (node, bool) {
	nd := node{words: len(groups)}
	if len(groups) == 1 {
		words := wordsOf(groups[0])
		if groups[0][0].quoted {
			nd.ways = []way{{words: words, exact: true}}
			return nd, true
		}
		nd.ways = x.derivations(groups[0][0])
		nd.ways = append(nd.ways, x.splits(words[0])...)
		nd.ways = append(nd.ways, x.synonymsOf(words)...)
		return nd, true
	}
	var words []string
	for _, g := range groups {
		if g[0].quoted {
			return node{}, false
		}
		words = append(words, g[0].word)
	}
	if joined := strings.Join(words, ""); x.words[joined] != nil {
		nd.ways = append(nd.ways, way{words: []string{joined}})
	}
	nd.ways = append(nd.ways, x.synonymsOf(words)...)
	return nd, len(nd.ways) > 0
}

func wordsOf(tokens []token) []string {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.word
	}
	return words
}

// allowed is how many faults a word of a query may have.
func (x *index) allowed(word string) int {
	t := x.settings.TypoTolerance
	letters := utf8.RuneCountInString(word)
	_, number := strconv.ParseFloat(word, 64)
	switch {
	case !t.Enabled || slices.Contains(t.DisableOnWords, word) || t.DisableOnNumbers && number == nil || letters < t.MinWordSizeForTypos.OneTypo:
		return 0
	case letters < t.MinWordSizeForTypos.TwoTypos:
		return 1
	default:
		return 2
	}
}

// derivations returns the words of the index that a word stands for: itself, longer ones when it is a beginning, and such
// with faults.
func (x *index) derivations(t token) []way {
	limit := x.allowed(t.word)
	asked := []rune(t.word)
	var ways []way
	for word := range x.words {
		switch {
		case word == t.word:
			ways = append(ways, way{words: []string{word}, exact: true})
			continue
		case t.last && strings.HasPrefix(word, t.word):
			ways = append(ways, way{words: []string{word}})
			continue
		case limit == 0:
			continue
		}
		if typos, ok := typosBetween(asked, []rune(word), t.last, limit); ok {
			ways = append(ways, way{words: []string{word}, typos: typos})
		}
	}
	return ways
}

// splits returns the two words that a word may be, which costs a fault.
func (x *index) splits(word string) []way {
	if x.allowed(word) == 0 {
		return nil
	}
	var ways []way
	for at := range word {
		if at > 0 && x.words[word[:at]] != nil && x.words[word[at:]] != nil {
			ways = append(ways, way{words: []string{word[:at], word[at:]}, typos: 1})
		}
	}
	return ways
}

// synonymsOf returns what the table of synonyms has for words.
func (x *index) synonymsOf(words []string) []way {
	var ways []way
	for key, others := range x.settings.Synonyms {
		tokens, _ := tokenize(key, 0)
		if !slices.Equal(wordsOf(tokens), words) {
			continue
		}
		for _, other := range others {
			phrase, _ := tokenize(other, 0)
			ways = append(ways, way{words: wordsOf(phrase)})
		}
	}
	return ways
}
