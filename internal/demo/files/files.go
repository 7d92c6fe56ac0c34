// Package files writes real documents - PDF, DOCX, HTML and PPTX - from a small description of their content. It
// brings the look: a coloured title bar, headings, a footer with page numbers. It knows nothing of the company, the
// collateral or the words in them; those come from the caller. The same input gives the same bytes.
package files

import (
	"fmt"
	"time"
)

// Document is a text with headings, for PDF, DOCX and HTML. A section starts a page unless it Continues one; the first
// one stands under the title.
type Document struct {
	Info
	Sections []Section
}

// Section is a heading and what stands below it, in the order of the fields; each may be missing.
type Section struct {
	Heading    string
	Paragraphs []string
	Bullets    []string
	Table      Table
	Continues  bool // the page of the section before it; HTML has one page anyway
}

// Deck is a presentation: slide 1 shows the title, slide n+1 is Slides[n-1].
type Deck struct {
	Info
	Slides []Slide
}

// Slide is a title and what stands below it, in the order of the fields; each may be missing.
type Slide struct {
	Title   string
	Bullets []string
	Table   Table
	Notes   string // what the speaker says; lines become paragraphs
}

// Table has its headings in the first row. Rows of different length are filled up with empty cells.
type Table [][]string

func (t Table) columns() int {
	n := 0
	for _, row := range t {
		n = max(n, len(row))
	}
	return n
}

// rows returns a copy in which every row has a cell for each column.
func (t Table) rows() [][]string {
	rows := make([][]string, len(t))
	for i := range t {
		rows[i] = make([]string, t.columns())
		copy(rows[i], t[i])
	}
	return rows
}

// Info is about a document as a whole.
type Info struct {
	Title    string
	Subtitle string
	Author   string
	Footer   string    // at the bottom of each page, beside its number
	Language string    // BCP 47; empty: English
	Accent   Colour    // of title bar, headings and bullets; the zero value is a dark blue
	Date     time.Time // created and modified; the zero value is the start of 2026
}

func (i Info) language() string {
	if i.Language == "" {
		return "en-US"
	}
	return i.Language
}

func (i Info) date() time.Time {
	if i.Date.IsZero() {
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return i.Date.UTC().Truncate(time.Second)
}

// Colour is red, green and blue.
type Colour struct{ R, G, B uint8 }

func (i Info) accent() Colour {
	if i.Accent == (Colour{}) {
		return Colour{0x1f, 0x3a, 0x5f}
	}
	return i.Accent
}

// hex is the form that HTML and OOXML use: six digits.
func (c Colour) hex() string { return fmt.Sprintf("%02X%02X%02X", c.R, c.G, c.B) }

// tint mixes the colour with white; share 0 is white.
func (c Colour) tint(share float64) Colour {
	mix := func(v uint8) uint8 { return uint8(255 - share*float64(255-v)) }
	return Colour{mix(c.R), mix(c.G), mix(c.B)}
}
