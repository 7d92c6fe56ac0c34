package extract

import (
	"cmp"
	"encoding/hex"
	"io"
	"slices"
	"sort"
	"strings"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
)

// unicodeMap is the table, kept in a font, from codes to text.
type unicodeMap struct {
	single map[string]string // big-endian UTF-16, as in the file
	ranges []unicodeRange    // by size and low
}

// unicodeRange maps consecutive codes to consecutive characters from first on, or to those listed.
type unicodeRange struct {
	low, high, size int // size of a code in bytes
	first           string
	list            []string
}

// What is read of a table: its source, in bytes, of which one for all of Unicode has about 1 MB; and how many ranges that
// begin before a code are tried, since they should not overlap at all.
const (
	maxUnicodeMap = 4 << 20
	maxOverlap    = 16
)

// readUnicodeMap keeps what stands before a fault: it still serves the codes it names.
func readUnicodeMap(stream pdf.Value) *unicodeMap {
	source, _ := io.ReadAll(io.LimitReader(stream.Reader(), maxUnicodeMap))
	return parseUnicodeMap(string(source))
}

// parseUnicodeMap reads the only two statements that map anything:
//
//	1 beginbfchar <01> <0041> endbfchar
//	2 beginbfrange <02> <05> <0061> <06> <07> [<0062> <0063>] endbfrange
func parseUnicodeMap(source string) *unicodeMap {
	m := &unicodeMap{single: map[string]string{}}
	var operands [][]string // a string, or the strings of an array
	var array []string
	inArray := false
	for source != "" {
		var token string
		token, source = nextToken(source)
		switch {
		case token == "[":
			inArray, array = true, nil
		case token == "]":
			inArray, operands = false, append(operands, array)
		case strings.HasPrefix(token, "<") && token != "<<":
			s := unhex(token[1:])
			if inArray {
				array = append(array, s)
			} else {
				operands = append(operands, []string{s})
			}
		case token == "endbfchar":
			m.addSingles(operands)
		case token == "endbfrange":
			m.addRanges(operands)
		case strings.HasPrefix(token, "begin"):
			operands = nil
		}
	}
	slices.SortStableFunc(m.ranges, func(a, b unicodeRange) int {
		return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.low, b.low))
	})
	return m
}

// nextToken cuts off a hex string (without its end), a bracket or a word.
func nextToken(s string) (token, rest string) {
	s = strings.TrimLeft(s, " \t\r\n\f\x00>")
	switch {
	case s == "":
		return "", ""
	case s[0] == '[', s[0] == ']':
		return s[:1], s[1:]
	case strings.HasPrefix(s, "<<"):
		return "<<", s[2:]
	case s[0] == '<':
		token, rest, _ = strings.Cut(s, ">")
		return token, rest
	case s[0] == '%':
		_, rest, _ = strings.Cut(s, "\n")
		return "", rest
	}
	end := strings.IndexAny(s[1:], " \t\r\n\f\x00<>[]%/")
	if end < 0 {
		return s, ""
	}
	return s[:end+1], s[end+1:]
}

func unhex(digits string) string {
	digits = strings.Join(strings.Fields(digits), "")
	if len(digits)%2 == 1 {
		digits += "0"
	}
	b, _ := hex.DecodeString(digits)
	return string(b)
}

func (m *unicodeMap) addSingles(operands [][]string) {
	for i := 0; i+1 < len(operands); i += 2 {
		if code, to := operands[i], operands[i+1]; len(code) == 1 && len(to) == 1 {
			m.single[code[0]] = to[0]
		}
	}
}

func (m *unicodeMap) addRanges(operands [][]string) {
	for i := 0; i+2 < len(operands); i += 3 {
		low, high, to := operands[i], operands[i+1], operands[i+2]
		if len(low) != 1 || len(high) != 1 || len(to) == 0 || len(low[0]) != len(high[0]) || len(low[0]) > 4 {
			continue
		}
		if low[0] == high[0] { // some programs write a range for each code
			if _, known := m.single[low[0]]; !known {
				m.single[low[0]] = to[0]
			}
			continue
		}
		r := unicodeRange{low: number(low[0]), high: number(high[0]), size: len(low[0])}
		if len(to) == 1 {
			r.first = to[0]
		} else {
			r.list = to
		}
		m.ranges = append(m.ranges, r)
	}
}

// text returns what the code stands for, and whether the table names it.
func (m *unicodeMap) text(code string) (string, bool) {
	if to, ok := m.single[code]; ok {
		return utf16be(to), true
	}
	n := number(code)
	after := sort.Search(len(m.ranges), func(i int) bool {
		r := m.ranges[i]
		return r.size > len(code) || r.size == len(code) && r.low > n
	})
	for i := after - 1; i >= max(0, after-maxOverlap); i-- {
		switch r := m.ranges[i]; {
		case len(code) != r.size || n > r.high:
		case r.list == nil:
			return utf16be(countUp(r.first, n-r.low)), true
		case n-r.low < len(r.list):
			return utf16be(r.list[n-r.low]), true
		}
	}
	return "", false
}

// countUp adds n to a big-endian number.
func countUp(s string, n int) string {
	b := []byte(s)
	for i := len(b) - 1; i >= 0 && n > 0; i-- {
		n += int(b[i])
		b[i] = byte(n)
		n >>= 8
	}
	return string(b)
}

func utf16be(raw string) string {
	if len(raw) == 1 {
		return string(rune(raw[0]))
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}
