package meiliindex

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"collateral/internal/search"
)

// lead stands before every word that is sent. Meilisearch counts a fault in a word's first letter double, tries whether two
// words of a query are one, and whether one is two; with a first letter that is always right and stands before no word by
// itself, the first is over and the others come to nothing. So the port's analysis decides, not the server's.
const lead = "x"

// A word is sent in letters and digits alone, because all else ends a word for the server. Signs become letters that
// are rare in their place. Each digit is written three times: then no wrong digit is within the faults that are forgiven.
const (
	digitTimes = 3
	signPlus   = "q" // also of .net and 3.5
	signSharp  = "qx"
)

// word writes a folded term as it is sent. Terms in other than Latin letters are sent as they are: the server cuts a word
// where its script changes.
func word(term string) string {
	if !isASCII(term) {
		return term
	}
	var b strings.Builder
	b.WriteString(lead)
	for i := range len(term) {
		switch c := term[i]; {
		case c == '+' || c == '.':
			b.WriteString(signPlus)
		case c == '#':
			b.WriteString(signSharp)
		case c >= '0' && c <= '9':
			for range digitTimes {
				b.WriteByte(c)
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isASCII(term string) bool {
	return strings.IndexFunc(term, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// phrase asks for a word exactly as it is: neither mistyped nor as the beginning of a longer one.
func phrase(words string) string { return `"` + words + `"` }

// isCode tells the terms that may have no fault although they may be as long as words that may: numbers, and names with
// digits or signs such as x200 and c++.
func isCode(term string) bool {
	return isASCII(term) && strings.ContainsAny(term, "0123456789+#.") && search.Faults(term) == 0
}

// codeLead stands before the second spelling of a code.
const codeLead = "y"

// code is the second spelling of a code, with each letter three times too, so that nothing in it may be mistyped. It is for
// the beginning of one; a whole one is a phrase. The first spelling is found by the letters that it begins with.
func code(term string) string {
	var b strings.Builder
	b.WriteString(codeLead)
	for _, r := range word(term)[len(lead):] {
		times := digitTimes
		if r >= '0' && r <= '9' {
			times = 1
		}
		for range times {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// The lengths of a sent word from which one fault and two are forgiven: those of search.Faults, and the lead.
const (
	oneFaultFrom  = 5 + len(lead)
	twoFaultsFrom = 9 + len(lead)
)

// maxKey is the greatest length of a document's key in bytes.
const maxKey = 511

// key writes an ID as the key of a document, which may hold letters, digits, - and _ only. Different IDs have different
// keys, and a UUID is its own.
func key(id string) (string, error) {
	if id == "" {
		return "", fmt.Errorf("a document has no id")
	}
	escaped := escape(id, '_', func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
	})
	if len(escaped) > maxKey {
		return "", fmt.Errorf("the id %.40q... is longer than the %d bytes that there are for it", id, maxKey)
	}
	return escaped, nil
}

// value writes the value of a facet so that the server, which ignores case and width, tells two apart where we do.
func value(of string) string {
	return escape(of, '%', func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
	})
}

func values(of []string) []string {
	all := make([]string, len(of))
	for i, v := range of {
		all[i] = value(v)
	}
	return all
}

// escape writes what is not plain as the mark and two hexadecimal digits for each byte.
func escape(text string, mark byte, plain func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte(mark)
			b.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

// unescape reads what escape wrote. What it did not write is returned as it is.
func unescape(text string, mark byte) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == mark && i+2 < len(text) {
			if c, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				b.WriteByte(c[0])
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func idOf(key string) string { return unescape(key, '_') }

func valueOf(escaped string) string { return unescape(escaped, '%') }
