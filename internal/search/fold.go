package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTerm is the length in bytes at which a term is cut. What is longer is no word (encoded data, a line of dots), and
// both sides of the search cut alike.
const maxTerm = 64

// fold brings a run of word characters to the form in which it is compared: lower case, without accents, ligatures and
// widths resolved. It is empty when nothing comparable remains.
func fold(run string) string {
	if isASCII(run) {
		return cut(strings.ToLower(run))
	}
	var b strings.Builder
	b.Grow(len(run))
	for _, r := range norm.NFKD.String(run) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		r = unicode.ToLower(r)
		if plain := undecomposed(r); plain != "" {
			b.WriteString(plain)
		} else {
			b.WriteRune(r)
		}
	}
	return cut(b.String())
}

// undecomposed spells letters that people type without their stroke or ligature, and that Unicode does not decompose.
func undecomposed(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	default:
		return ""
	}
}

func cut(term string) string {
	if len(term) <= maxTerm {
		return term
	}
	end := maxTerm
	for end > 0 && !utf8.RuneStart(term[end]) {
		end--
	}
	return term[:end]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
