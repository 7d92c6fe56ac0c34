package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// sampleSize is how many bytes tell the encoding of a text.
const sampleSize = 64 << 10

// detectEncoding tells the encoding of a text from its mark, else from a sample around the first byte that is not
// ASCII: a long text may have its first accent late.
func detectEncoding(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (encoding.Encoding, error) {
	var head []byte
	buf := make([]byte, sampleSize)
	for off := int64(0); off == 0 || off < min(size, 4*lim.Output); off += sampleSize {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n, err := r.ReadAt(buf, off)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading text: %w", err)
		}
		if off == 0 {
			head = bytes.Clone(buf[:n])
			if enc := unicodeEncoding(head); enc != nil {
				return enc, nil
			}
		}
		if i := bytes.IndexFunc(buf[:n], func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
			// From the word's own line on, so that no character is cut in two at the beginning.
			line := bytes.LastIndexByte(buf[:i], '\n') + 1
			n, err = r.ReadAt(buf, off+int64(line))
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("reading text: %w", err)
			}
			return guessEncoding(buf[:n]), nil
		}
	}
	return guessEncoding(head), nil
}

// unicodeEncoding recognises a text with a byte order mark, and UTF-16 without one; nil for any other.
func unicodeEncoding(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return unicode.UTF8BOM
	}
	// No other encoding of text has zeros, and spaces and line ends have one in any script.
	even, odd := 0, 0
	head = head[:min(len(head), 4096)]
	for i, c := range head {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	switch few := max(1, len(head)/32); {
	case odd > few && odd > 8*even:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > few && even > 8*odd:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		return nil
	}
}

// What a guess by statistics needs to be taken: how sure it is, of 100, and how many bytes it is based on that are not
// ASCII, unless the text has hardly any others. Below that, Western Europe is the better guess.
const (
	sureEnough = 20
	enough     = 10
)

// guessEncoding goes by what the bytes cannot be, and only then by statistics.
func guessEncoding(sample []byte) encoding.Encoding {
	sample = trimPartialRune(sample)
	high, whole, broken := 0, 0, 0
	for rest := sample; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch rest = rest[n:]; {
		case r == utf8.RuneError && n == 1:
			broken++
			high++
		case n > 1:
			whole++
			high += n
		}
	}
	escapes := bytes.Contains(sample, []byte("\x1b$")) // ISO-2022 is ASCII with escapes
	if !escapes && broken*8 <= whole {
		return unicode.UTF8BOM
	}
	foreign := 2*high > len(sample) // an alphabet that is not Latin
	if high < enough && !foreign && !escapes {
		return charmap.Windows1252
	}
	guesses, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil {
		return charmap.Windows1252 // it sees nothing at all
	}
	// The detector asks all languages at once and keeps no order among equals.
	slices.SortStableFunc(guesses, func(a, b chardet.Result) int {
		if a.Confidence != b.Confidence {
			return b.Confidence - a.Confidence
		}
		return strings.Compare(a.Charset, b.Charset)
	})
	for _, g := range guesses {
		enc, _ := charset.Lookup(g.Charset)
		switch {
		case g.Confidence < sureEnough:
			return charmap.Windows1252
		case enc == nil, strings.HasPrefix(g.Charset, "UTF-"): // of mainframes; looked for above
		case isWide(g.Charset) && high < enough:
		default:
			return enc
		}
	}
	return charmap.Windows1252
}

func isWide(name string) bool {
	switch name {
	case "Shift_JIS", "GB18030", "EUC-JP", "EUC-KR", "Big5":
		return true
	default:
		return false
	}
}

// trimPartialRune removes a character cut in two by the end of what was read.
func trimPartialRune(raw []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax, len(raw)); i++ {
		if c := raw[len(raw)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(raw[len(raw)-i:]) {
				return raw[:len(raw)-i]
			}
			break
		}
	}
	return raw
}
