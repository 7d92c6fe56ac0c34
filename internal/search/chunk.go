package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is a run of letters and digits.
type part struct {
	term       string // folded
	start, end int    // bytes in the text
	between    string // what is left of the joint before it when both sides are written as one
	joins      bool   // whether they may be
}

// chunk is what stands together without a space: one word ("renewal"), several around a joint ("one-pager",
// "S/4HANA"), or a name with a sign ("C++", ".NET").
type chunk struct {
	parts  []part
	joined string // the parts in one, "onepager"; empty when there is one part, or when the joint separates
	dotted string // ".net": the first part with the dot before it
	signed string // "c++": the last part with the sign after it
}

// maxJoined is the number of parts up to which a chunk is also one word; longer ones are addresses and paths.
const maxJoined = 4

// chunks cuts a text. The yielded chunk's parts are reused for the next one.
func chunks(text string) iter.Seq[*chunk] {
	return func(yield func(*chunk) bool) {
		var c chunk
		for at := 0; at < len(text); {
			r, width := utf8.DecodeRuneInString(text[at:])
			if !startsWord(r) {
				at += width
				continue
			}
			next := c.read(text, at)
			if len(c.parts) > 0 && !yield(&c) {
				return
			}
			at = next
		}
	}
}

// read fills the chunk with what begins at text[at], and returns where it ends.
func (c *chunk) read(text string, at int) int {
	*c = chunk{parts: c.parts[:0]}
	next, end := part{start: at}, wordEnd(text, at)
	if isAlone(text, at, end) {
		if next.term, next.end = fold(text[at:end]), end; next.term != "" {
			c.parts = append(c.parts, next)
		}
		return end
	}
	for {
		next.end = wordEnd(text, next.start)
		end = next.end
		if next.term = fold(text[next.start:end]); next.term != "" {
			c.parts = append(c.parts, next)
		}
		joint, start := jointAfter(text, end)
		if start == 0 {
			break
		}
		next = part{start: start}
		next.between, next.joins = joinDigits(text[:end], joint, text[start:])
	}
	if len(c.parts) == 0 {
		return end
	}
	if n := len(c.parts); n > 1 && isPossessive(text, c.parts) {
		c.parts[n-2].end = end
		c.parts = c.parts[:n-1]
	}
	c.joined = join(c.parts)
	if startsWithDot(text, c.parts[0].start) {
		c.dotted = "." + c.parts[0].term
	}
	if sign := signAfter(text, end); sign != "" {
		last := &c.parts[len(c.parts)-1]
		end += len(sign)
		last.end = end
		c.signed = last.term + sign
	}
	return end
}

// isAlone tells a word between spaces, as most are; nothing can belong to it.
func isAlone(text string, start, end int) bool {
	return (end == len(text) || text[end] == ' ') && (start == 0 || text[start-1] == ' ')
}

// join writes the parts as one word; it is empty when they are none.
func join(parts []part) string {
	if len(parts) < 2 || len(parts) > maxJoined {
		return ""
	}
	var b strings.Builder
	for i, p := range parts {
		if i > 0 && !p.joins {
			return ""
		}
		b.WriteString(p.between)
		b.WriteString(p.term)
	}
	return cut(b.String())
}

func startsWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// continuesWord also takes accents written after their letter, and marks that are not seen (soft hyphens, joiners).
func continuesWord(r rune) bool {
	return startsWord(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || unicode.Is(unicode.Cf, r)
}

// isIdeograph tells the scripts that put no spaces between words; each of their characters counts as a word.
func isIdeograph(r rune) bool {
	return r >= 0x3040 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// wordEnd returns where the word that begins at text[at] ends.
func wordEnd(text string, at int) int {
	r, width := utf8.DecodeRuneInString(text[at:])
	if isIdeograph(r) {
		return at + width
	}
	for end := at; end < len(text); end += width {
		if b := text[end]; b < utf8.RuneSelf {
			if !isASCIIWord(b) {
				return end
			}
			width = 1
			continue
		}
		r, width = utf8.DecodeRuneInString(text[end:])
		if !continuesWord(r) || isIdeograph(r) {
			return end
		}
	}
	return len(text)
}

func isASCIIWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// jointAfter returns the joint at text[end] and where the word behind it starts; next is 0 when there is none.
func jointAfter(text string, end int) (joint rune, next int) {
	joint, width := utf8.DecodeRuneInString(text[end:])
	switch joint {
	case '-', '‐', '‑', '/', '.', ',', '\'', '’', '&', '_', '@', '+':
	default:
		return 0, 0
	}
	if joint == ',' && !isDigit(runeBefore(text, end)) {
		return 0, 0 // a comma without a space is a slip of typing, except in 2,000
	}
	r, _ := utf8.DecodeRuneInString(text[end+width:])
	if !startsWord(r) || isIdeograph(r) {
		return 0, 0
	}
	return joint, end + width
}

// joinDigits says what a joint leaves between the two sides when they are written as one. Between digits a point stays
// (3.5 is not 35), a comma goes (2,000 is 2000), and anything else separates (24/7, 2024-25).
func joinDigits(before string, joint rune, after string) (between string, joins bool) {
	next, _ := utf8.DecodeRuneInString(after)
	if !isDigit(runeBefore(before, len(before))) || !isDigit(next) {
		return "", true
	}
	switch joint {
	case '.':
		return ".", true
	case ',':
		return "", true
	default:
		return "", false
	}
}

// isPossessive tells a closing 's, which belongs to the word before it.
func isPossessive(text string, parts []part) bool {
	last := parts[len(parts)-1]
	if last.term != "s" {
		return false
	}
	mark := runeBefore(text, last.start)
	return mark == '\'' || mark == '’'
}

// startsWithDot tells ".NET" from the end of a sentence: nothing but space or an opening mark stands before the dot.
func startsWithDot(text string, start int) bool {
	if start == 0 || text[start-1] != '.' || isDigit(rune(text[start])) {
		return false
	}
	before := runeBefore(text, start-1)
	return before == utf8.RuneError || unicode.IsSpace(before) || unicode.In(before, unicode.Ps, unicode.Pi) || before == '"'
}

// signAfter returns the sign that makes C++ and C# names of their own.
func signAfter(text string, end int) string {
	for _, sign := range []string{"++", "+", "#"} {
		rest, ok := strings.CutPrefix(text[end:], sign)
		if !ok {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(rest); startsWord(r) || r == '+' || r == '#' {
			return ""
		}
		return sign
	}
	return ""
}

// runeBefore returns the rune that ends at text[at], or RuneError at the beginning.
func runeBefore(text string, at int) rune {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
