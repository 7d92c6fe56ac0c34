package meilitest

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The places that lie between two words: after a soft separator, and after a hard one or the end of an element.
const (
	softGap = 1
	hardGap = 8
)

// maxPosition is where the server stops reading an attribute.
const maxPosition = 1 << 16

// token is a word of a text or a query.
type token struct {
	word     string
	position int
	quoted   bool // of a query: within quotes
	last     bool // of a query: nothing follows it, not even a space
}

// tokenize cuts a text into words and returns them with the position behind the last: lower case, without accents, cut at
// whatever is no letter or digit and where the script changes; each ideograph is a word.
func tokenize(text string, at int) (tokens []token, next int) {
	var b strings.Builder
	gap := 0
	end := func() {
		if b.Len() > 0 {
			tokens = append(tokens, token{word: b.String(), position: at})
			b.Reset()
			gap = softGap
		}
	}
	class := 0
	for _, r := range norm.NFKD.String(text) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			end()
			if isHard(r) && gap > 0 {
				gap = hardGap
			}
			continue
		}
		if c := script(r, class); b.Len() > 0 && (c != class || c == ideograph) {
			end()
		}
		class = script(r, class)
		if b.Len() == 0 {
			at += gap
			gap = 0
		}
		b.WriteRune(unicode.ToLower(r))
	}
	end()
	return tokens, at
}

func isHard(r rune) bool { return strings.ContainsRune(".;,!?()[]{}|\n", r) }

// The scripts that are told apart.
const (
	latin = iota + 1
	ideograph
	foreign
)

func script(r rune, before int) int {
	switch {
	case unicode.IsDigit(r) && before != 0 && before != ideograph:
		return before
	case r < 0x250 || unicode.Is(unicode.Latin, r):
		return latin
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return ideograph
	default:
		return foreign
	}
}

// texts returns what is searched of a field's value, an element each.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, v := range value {
			all = append(all, texts(v)...)
		}
		return all
	default:
		return nil
	}
}

// NormalFacet is the form in which strings are compared by filters.
func NormalFacet(s string) string {
	return strings.ToLower(norm.NFKD.String(strings.TrimSpace(s)))
}

// typosBetween counts letters that are wrong, missing, too many or swapped, up to the limit; a wrong first letter counts
// double.
func typosBetween(asked, word []rune, prefix bool, limit int) (int, bool) {
	if !prefix {
		if d := len(asked) - len(word); d > limit || -d > limit {
			return 0, false
		}
	} else if len(word) > len(asked)+limit {
		word = word[:len(asked)+limit]
	}
	distance := swaps(asked, word, prefix)
	if distance > 0 && len(word) > 0 && asked[0] != word[0] {
		distance++
	}
	return distance, distance <= limit
}

// swaps is the distance with swaps of neighbours; for a prefix, that to the nearest beginning of the word.
func swaps(a, b []rune, prefix bool) int {
	width := len(b) + 1
	rows := make([]int, 3*width)
	before, above, row := rows[:width], rows[width:2*width], rows[2*width:]
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	if !prefix {
		return above[len(b)]
	}
	best := above[0]
	for _, d := range above {
		best = min(best, d)
	}
	return best
}
