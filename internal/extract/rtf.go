package extract

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// readRTF reads the body of a rich text document: tables row by row, footnotes where they are referred to. Headers,
// footers, hidden text, comments, and what readers do not show (fonts, styles, pictures) are left out. A page ends
// where the author ended it.
func readRTF(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	t := &rtfText{
		scanner: &rtfScanner{bufio.NewReaderSize(&endingReader{ctx, io.NewSectionReader(r, 0, size)}, 32<<10)},
		pages:   collector{lim: lim},
		now:     rtfState{skip: 1, encoding: charmap.Windows1252},
		ansi:    charmap.Windows1252,
		fonts:   make(map[int]encoding.Encoding),
	}
	if err := t.read(lim.Depth); err != nil && !errors.Is(err, errFull) {
		return Result{}, err
	}
	if !t.full {
		t.turn()
	}
	return t.pages.result("rtf"), nil
}

// rtfText follows the groups of a document and writes down its text.
type rtfText struct {
	scanner *rtfScanner
	pages   collector
	text    strings.Builder
	full    bool

	now   rtfState
	saved []rtfState

	ansi      encoding.Encoding         // of text in no known font
	fonts     map[int]encoding.Encoding // by number; nil for a font that does not tell
	font      int                       // that the table of fonts is about
	bytes     []byte                    // text that is still to be decoded
	surrogate rune                      // the first half of a character beyond the basic plane
	replaced  int                       // characters that still stand in for the last \u
}

// rtfState is what a group changes for itself alone.
type rtfState struct {
	ignored   bool // this group is not text of the document
	hidden    bool
	fontTable bool
	optional  bool // the group began with \*: it is ignored unless its name is known
	skip      int  // how many characters follow each \u for readers that do not know it
	encoding  encoding.Encoding
}

// maxFonts bounds the table of fonts.
const maxFonts = 1 << 12

func (t *rtfText) read(maxDepth int) error {
	head, err := t.scanner.next()
	if err == nil && head.kind == rtfOpen {
		head, err = t.scanner.next()
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case head.kind != rtfWord || head.word != "rtf":
		return fmt.Errorf("%w: no RTF header", Damaged)
	}
	for {
		token, err := t.scanner.next()
		if errors.Is(err, io.EOF) {
			t.flush()
			return nil // a last brace that is missing does no harm
		}
		if err != nil {
			return err
		}
		switch token.kind {
		case rtfOpen:
			t.flush()
			if len(t.saved) == maxDepth {
				return fmt.Errorf("%w: more than %d groups inside each other", TooLarge, maxDepth)
			}
			t.saved = append(t.saved, t.now)
			t.now.optional, t.replaced = false, 0
		case rtfClose:
			t.flush()
			if len(t.saved) == 0 {
				return nil // the end of the document; what follows is not part of it
			}
			t.now, t.saved = t.saved[len(t.saved)-1], t.saved[:len(t.saved)-1]
			t.replaced = 0
		case rtfByte:
			t.byte(token.value)
		case rtfWord:
			t.word(token)
		}
		if t.full || int64(t.text.Len()) > 2*t.pages.lim.Output {
			if !t.full {
				t.turn()
			}
			return errFull
		}
	}
}

func (t *rtfText) byte(value int) {
	if t.replaced > 0 {
		t.replaced--
		return
	}
	if !t.now.ignored && !t.now.hidden && !t.now.fontTable {
		t.bytes = append(t.bytes, byte(value))
		if len(t.bytes) >= 4096 && value < 0x80 { // never between the bytes of a character
			t.flush()
		}
	}
}

// flush decodes the bytes that wait: a character may be made of several, in the encoding of their font.
func (t *rtfText) flush() {
	if len(t.bytes) > 0 {
		text, err := t.now.encoding.NewDecoder().Bytes(t.bytes)
		if err == nil {
			t.text.Write(text)
		}
		t.bytes = t.bytes[:0]
	}
	t.surrogate = 0
}

func (t *rtfText) write(s string) {
	if !t.now.ignored && !t.now.hidden {
		t.text.WriteString(s)
	}
}

// unicode takes the value of \u, which is signed; what lies beyond the basic plane comes in two halves.
func (t *rtfText) unicode(value int) {
	first := t.surrogate
	t.flush()
	t.replaced = t.now.skip
	switch r := rune(uint16(value)); {
	case r >= 0xd800 && r < 0xdc00:
		t.surrogate = r
	case r >= 0xdc00 && r < 0xe000:
		if first != 0 {
			t.write(string((first-0xd800)<<10 + (r - 0xdc00) + 0x10000))
		}
	default:
		t.write(string(r))
	}
}

func (t *rtfText) turn() {
	t.full = !t.pages.add(t.text.String())
	t.text.Reset()
}
