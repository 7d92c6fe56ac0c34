package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean makes raw text fit for storing, searching and showing: valid UTF-8 in composed form, one space between
// words, no empty lines, and none of the characters that databases refuse (NUL), that hide (controls, zero width)
// or that reorder what a reader sees (bidirectional overrides).
func clean(raw string) string {
	var b strings.Builder
	b.Grow(len(raw))
	space, line := false, false
	for _, r := range raw {
		switch treat(r) {
		case drop:
		case asSpace:
			space = true
		case asLine:
			line = true
		case keep:
			if b.Len() > 0 {
				if line {
					b.WriteByte('\n')
				} else if space {
					b.WriteByte(' ')
				}
			}
			space, line = false, false
			if l := ligature(r); l != "" {
				b.WriteString(l)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return norm.NFC.String(b.String())
}

type treatment int

const (
	keep treatment = iota
	drop
	asSpace
	asLine
)

func treat(r rune) treatment {
	switch {
	case r == '\n', r == '\r', r == '\f', r == '\v', r == '\u0085', r == '\u2028', r == '\u2029':
		return asLine
	case r == utf8.RuneError:
		return drop
	case r == '\u00ad', r == '\u200b', r == '\u2060', r == '\ufeff': // soft hyphen and zero width: inside words
		return drop
	case r == '\u200e', r == '\u200f', r == '\u061c', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return drop
	case r >= 0xe0000 && r <= 0xe007f, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // tags, noncharacters
		return drop
	case unicode.IsSpace(r), unicode.Is(unicode.Co, r): // symbol fonts put their bullets into the private use area
		return asSpace
	case unicode.IsControl(r):
		return asSpace
	default:
		return keep
	}
}

// ligature spells out the Latin ligatures that typesetting leaves in PDF text, so that "office" is found.
func ligature(r rune) string {
	switch r {
	case 'ﬀ':
		return "ff"
	case 'ﬁ':
		return "fi"
	case 'ﬂ':
		return "fl"
	case 'ﬃ':
		return "ffi"
	case 'ﬄ':
		return "ffl"
	case 'ﬅ', 'ﬆ':
		return "st"
	default:
		return ""
	}
}
