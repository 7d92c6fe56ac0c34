package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readText reads plain text, markdown and CSV. A form feed starts a new page.
func readText(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	// No encoding needs more than four bytes for a character, so what lies beyond cannot be within the output.
	head := make([]byte, min(size, 4*lim.Output+4))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Result{}, fmt.Errorf("reading text: %w", err)
	}
	text, err := decode(head[:n])
	if err != nil {
		return Result{}, fmt.Errorf("%w: %v", Damaged, err)
	}
	c := collector{lim: lim}
	for page := range strings.SplitSeq(text, "\f") {
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		if !c.add(page) {
			break
		}
	}
	return c.result("text"), nil
}

func decode(raw []byte) (string, error) {
	decoded, err := guess(raw).NewDecoder().Bytes(raw)
	return string(decoded), err
}

// guess tells the encoding by its mark, else by what the bytes cannot be.
func guess(raw []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf8.Valid(trimPartialRune(raw)):
		return unicode.UTF8BOM
	}
	even, odd := 0, 0
	for i, c := range raw[:min(len(raw), 4096)] {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	switch {
	case odd > 8*even && odd > 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even > 8*odd && even > 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		return charmap.Windows1252
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
