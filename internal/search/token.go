package search

import "iter"

// Token is a word of a text in the form in which it is indexed and compared.
type Token struct {
	Term       string // lower case, without accents
	Start, End int    // bytes of the text that it covers
	At         int    // its place among the words, from 0; two tokens share a place when they are two readings of it
}

// Tokens cuts a text into words. What stands around a joint is found in parts and as a whole: "one-pager" is one,
// pager and onepager; "C++" is c and c++; ".NET" is net and .net. There is no text that it cannot cut.
func Tokens(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		at := 0
		for c := range chunks(text) {
			first, last := c.parts[0], c.parts[len(c.parts)-1]
			if c.joined != "" && !yield(Token{c.joined, first.start, last.end, at}) {
				return
			}
			if c.dotted != "" && !yield(Token{c.dotted, first.start - 1, first.end, at}) {
				return
			}
			for _, p := range c.parts {
				if !yield(Token{p.term, p.start, p.end, at}) {
					return
				}
				at++
			}
			if c.signed != "" && !yield(Token{c.signed, last.start, last.end, at - 1}) {
				return
			}
		}
	}
}
