package meiliindex

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"collateral/internal/search"
)

// maxWords is the number of words of a query that the server reads.
const maxWords = 10

// reading picks one of the ways in which a word may be spelled.
type reading func(search.Word) []string

func firstReading(w search.Word) []string { return w.Readings[0] }
func lastReading(w search.Word) []string  { return w.Readings[len(w.Readings)-1] }

// hasReadings tells whether a query can be read in another way.
func hasReadings(words []search.Word) bool {
	return slices.ContainsFunc(words, func(w search.Word) bool { return len(w.Readings) > 1 })
}

// asked is a word of a query as it is sent.
type asked struct {
	text string
	at   int // place in the query
}

// queryText writes the words of a query for the server. The word that may be a beginning stands last and without a space
// behind it, which is what the server goes by; a word that may have no fault stands in quotes.
func queryText(words []search.Word, read reading) string {
	var sent []asked
	add := func(text string) { sent = append(sent, asked{text, len(sent)}) }
	open := ""
	for i := 0; i < len(words); {
		w := words[i]
		if n, term := termAt(words[i:]); n > 0 {
			for j, t := range term {
				if last := words[i+n-1]; last.Open && j == len(term)-1 {
					open = t
				} else {
					add(t)
				}
			}
			i += n
			continue
		}
		terms := read(w)
		for j, term := range terms {
			switch {
			case w.Open && j == len(terms)-1 && isCode(term):
				open = code(term)
			case w.Open && j == len(terms)-1:
				open = word(term)
			case isCode(term):
				add(phrase(word(term)))
			default:
				add(word(term))
			}
		}
		i++
	}
	limit := maxWords
	if open != "" {
		limit--
	}
	text := strings.Join(longest(sent, limit), " ")
	switch {
	case open == "":
		return text + " "
	case text == "":
		return open
	default:
		return text + " " + open
	}
}

// longest leaves the words that say most, in their order.
func longest(sent []asked, limit int) []string {
	if len(sent) > limit {
		slices.SortStableFunc(sent, func(a, b asked) int {
			return cmp.Compare(utf8.RuneCountInString(b.text), utf8.RuneCountInString(a.text))
		})
		sent = sent[:limit]
		slices.SortFunc(sent, func(a, b asked) int { return cmp.Compare(a.at, b.at) })
	}
	texts := make([]string, len(sent))
	for i, s := range sent {
		texts[i] = s.text
	}
	return texts
}

// termAt returns the term of the table of synonyms with which the words begin, the longest there is, as the server
// knows it, and how many of the words it is.
func termAt(words []search.Word) (n int, sent []string) {
	for _, synonym := range words[0].Synonyms {
		term := search.Words(synonym.Of)
		if len(term) <= n || len(term) > len(words) {
			continue
		}
		whole := !slices.ContainsFunc(words[:len(term)], func(w search.Word) bool {
			return !slices.ContainsFunc(w.Synonyms, func(s *search.Synonym) bool { return s.Of == synonym.Of })
		})
		if whole {
			n, sent = len(term), termWords(term)
		}
	}
	return n, sent
}
