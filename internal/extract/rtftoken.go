package extract

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
)

// rtfToken is a brace, a byte of text or a control word with its number.
type rtfToken struct {
	kind  rtfKind
	word  string
	value int // the byte; the number, or 1 where a word has none
}

type rtfKind int

const (
	rtfOpen rtfKind = iota
	rtfClose
	rtfByte
	rtfWord
)

// maxRTFWord bounds a control word; the longest that exist have some thirty letters.
const maxRTFWord = 64

// rtfScanner cuts RTF into tokens.
type rtfScanner struct{ in *bufio.Reader }

// next returns io.EOF at the end of the document, also in the middle of a token.
func (s *rtfScanner) next() (rtfToken, error) {
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return rtfToken{}, err
		}
		switch c {
		case '{':
			return rtfToken{kind: rtfOpen}, nil
		case '}':
			return rtfToken{kind: rtfClose}, nil
		case '\\':
			return s.control()
		case '\r', '\n', 0:
		default:
			return rtfToken{kind: rtfByte, value: int(c)}, nil
		}
	}
}

// control reads what follows a backslash.
func (s *rtfScanner) control() (rtfToken, error) {
	c, err := s.in.ReadByte()
	if err != nil {
		return rtfToken{}, err
	}
	if !isLetter(c) {
		return s.symbol(c)
	}
	word := []byte{c}
	for {
		if c, err = s.in.ReadByte(); err != nil || !isLetter(c) {
			break
		}
		if word = append(word, c); len(word) > maxRTFWord {
			return rtfToken{}, fmt.Errorf("%w: a control word of more than %d letters", Damaged, maxRTFWord)
		}
	}
	t := rtfToken{kind: rtfWord, word: string(word), value: 1}
	if err == nil {
		err = s.number(c, &t.value)
	}
	if errors.Is(err, io.EOF) {
		err = nil // the word counts; the end comes up again
	}
	if err == nil && t.word == "bin" && t.value > 0 {
		_, err = s.in.Discard(t.value)
	}
	return t, err
}

// number reads the digits from c on, and the space that ends a control word. Anything else that ends it is given back.
func (s *rtfScanner) number(c byte, value *int) (err error) {
	sign := 1
	if c == '-' {
		sign = -1
		if c, err = s.in.ReadByte(); err != nil {
			return err
		}
	}
	for n := 0; c >= '0' && c <= '9'; {
		n = min(n*10+int(c-'0'), math.MaxInt32)
		*value = sign * n
		if c, err = s.in.ReadByte(); err != nil {
			return err
		}
	}
	if c == ' ' {
		return nil
	}
	return s.in.UnreadByte()
}

func (s *rtfScanner) symbol(c byte) (rtfToken, error) {
	switch c {
	case '{', '}', '\\':
		return rtfToken{kind: rtfByte, value: int(c)}, nil
	case '\r', '\n':
		return rtfToken{kind: rtfWord, word: "par"}, nil
	case '\'':
		digits, err := s.in.Peek(2)
		if err != nil {
			return rtfToken{}, err
		}
		value := unhex(string(digits))
		if len(value) != 1 {
			return rtfToken{kind: rtfWord, word: "'"}, nil
		}
		_, err = s.in.Discard(2)
		return rtfToken{kind: rtfByte, value: int(value[0])}, err
	default:
		return rtfToken{kind: rtfWord, word: string(c), value: 1}, nil
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
