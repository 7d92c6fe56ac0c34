package extract

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
)

// font turns the codes in a page's strings into text and widths.
type font struct {
	wide      bool // codes are two bytes long
	builtIn   bool // the encoding stands in the font program alone, which is not read
	wordGap   float64
	widths    map[int]float64 // by code, for size 1
	missing   func(text string) float64
	toUnicode *unicodeMap
	encoding  pdf.TextEncoding // nil when the font does not tell
	seen      map[string]glyph
}

type glyph struct {
	text  string
	width float64
}

// Gaps narrower than these parts of the size are kerning. Where widths are guessed, so are gaps.
const (
	wordGapKnown   = 0.16
	wordGapGuessed = 0.3
)

// fontCache keeps fonts by where they stand in the file: decoding one costs more than a page that uses it.
type fontCache map[string]*font

func (c fontCache) find(fonts pdf.Value, name string) *font {
	key := fontKey(fonts.String(), name)
	f, ok := c[key]
	if !ok {
		f = newFont(fonts.Key(name))
		c[key] = f
	}
	return f
}

// fontKey finds the reference ("12 0 R") under the name in a printed dictionary, so that pages which share a font
// but not the dictionary share the decoded one too.
func fontKey(dict, name string) string {
	if strings.Count(dict, "<<") == 1 {
		if _, after, ok := strings.Cut(dict, "/"+name+" "); ok {
			if number, rest, ok := strings.Cut(after, " "); ok && len(rest) > 3 && strings.HasPrefix(rest[1:], " R") {
				return number + " " + rest[:3]
			}
		}
	}
	return name + " in " + dict
}

func newFont(v pdf.Value) *font {
	f := &font{widths: map[int]float64{}, wordGap: wordGapKnown, seen: map[string]glyph{}}
	if m := v.Key("ToUnicode"); m.Kind() == pdf.Stream {
		f.toUnicode = readUnicodeMap(m)
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.wide = true
		f.readWideWidths(v.Key("DescendantFonts").Index(0))
		if strings.HasPrefix(v.Key("Encoding").Name(), "Uni") {
			f.encoding = (&pdf.Font{V: v}).Encoder()
		}
		return f
	}
	f.builtIn = v.Key("Encoding").IsNull()
	f.encoding = (&pdf.Font{V: v}).Encoder()
	f.readWidths(v)
	return f
}

func (f *font) readWidths(v pdf.Value) {
	unit := 0.001
	if m := v.Key("FontMatrix"); v.Key("Subtype").Name() == "Type3" && m.Len() == 6 {
		unit = m.Index(0).Float64()
	}
	widths, first := v.Key("Widths"), int(v.Key("FirstChar").Int64())
	for i := range min(widths.Len(), 256) {
		f.widths[first+i] = widths.Index(i).Float64() * unit
	}
	if len(f.widths) == 0 {
		f.wordGap, f.missing = wordGapGuessed, guessWidth
		return
	}
	other := v.Key("FontDescriptor").Key("MissingWidth").Float64() * unit
	f.missing = func(string) float64 { return other }
}

// maxWidths bounds how often a font may say how wide a glyph is; it has 65,536 at most.
const maxWidths = 1 << 18

// readWideWidths reads the two forms that may follow each other in /W: c [w w ...] and first last w.
func (f *font) readWideWidths(v pdf.Value) {
	other := 1.0
	if dw := v.Key("DW"); !dw.IsNull() {
		other = dw.Float64() / 1000
	}
	f.missing = func(string) float64 { return other }
	w := v.Key("W")
	left := maxWidths
	for i := 0; i+1 < w.Len() && left > 0; {
		first := int(w.Index(i).Int64())
		if list := w.Index(i + 1); list.Kind() == pdf.Array {
			for j := range min(list.Len(), left) {
				f.widths[first+j] = list.Index(j).Float64() / 1000
			}
			left -= list.Len()
			i += 2
			continue
		}
		last, width := min(int(w.Index(i+1).Int64()), 1<<16), w.Index(i+2).Float64()/1000
		for c := max(first, 0); c <= last && left > 0; c++ {
			f.widths[c] = width
			left--
		}
		i += 3
	}
}

// codes cuts a string into the codes of single glyphs.
func (f *font) codes(raw string) iter.Seq[string] {
	step := 1
	if f.wide {
		step = 2
	}
	return func(yield func(string) bool) {
		for len(raw) > 0 {
			n := min(step, len(raw))
			if !yield(raw[:n]) {
				return
			}
			raw = raw[n:]
		}
	}
}

func (f *font) glyph(code string) glyph {
	g, ok := f.seen[code]
	if !ok {
		g.text = f.decode(code)
		if g.width, ok = f.widths[number(code)]; !ok {
			g.width = f.missing(g.text)
		}
		f.seen[code] = g
	}
	return g
}

func (f *font) decode(code string) string {
	if f.toUnicode != nil {
		if text, ok := f.toUnicode.text(code); ok {
			return text
		}
	}
	if f.encoding == nil {
		return ""
	}
	// Where TeX's fonts have their ligatures, no other has text.
	if c := code[0]; f.builtIn && c >= 0x0b && c <= 0x0f {
		return [...]string{"ff", "fi", "fl", "ffi", "ffl"}[c-0x0b]
	}
	text := f.encoding.Decode(code)
	// The parser leaves codes it has no name for as they are; in this range that is never a character.
	if r, _ := utf8.DecodeRuneInString(text); r >= 0x80 && r < 0xa0 {
		return string(charmap.Windows1252.DecodeByte(byte(r)))
	}
	return text
}

// guessWidth is for the fonts that every PDF program knows, and whose widths files therefore leave out.
func guessWidth(text string) float64 {
	switch {
	case strings.ContainsAny(text, " ijlftI.,:;'|!/\\()[]"):
		return 0.28
	case strings.ContainsAny(text, "mwMW@%"):
		return 0.85
	case strings.ToLower(text) != text:
		return 0.68
	default:
		return 0.54
	}
}

// number reads a code as a big-endian number.
func number(code string) int {
	n := 0
	for i := range len(code) {
		n = n<<8 | int(code[i])
	}
	return n
}
