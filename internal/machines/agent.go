package machines

import "strings"

// wordOf returns the first word of s and what follows it; "" when there is none. A word is letters and digits, and with
// joined also the hyphens and underscores between them.
func wordOf(s string, joined bool) (word, rest string) {
	from := 0
	for from < len(s) && !isWord(s[from], false) {
		from++
	}
	to := from
	for to < len(s) && isWord(s[to], joined) {
		to++
	}
	return s[from:to], s[to:]
}

func isWord(c byte, joined bool) bool {
	return isLetter(c) || isDigit(c) || joined && (c == '-' || c == '_')
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// major returns the number that follows a product's name in an agent, -1 when the product is not in it.
func major(agent, product string) int64 {
	_, rest, found := strings.Cut(agent, product)
	if !found {
		return -1
	}
	n := int64(0)
	for i := 0; i < len(rest) && i < 6 && isDigit(rest[i]); i++ {
		n = n*10 + int64(rest[i]-'0')
	}
	return n
}
