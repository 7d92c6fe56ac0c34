package files

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Measures of a slide, in EMU (914,400 to the inch). Those of its text stand in the templates.
const (
	pptxWidth     = 10972800 // between the margins
	pptxBodyTop   = 1371600
	pptxLine      = 420000 // a line of a bullet
	pptxLineChars = 85
	pptxRow       = 400000 // of a table
)

// PPTX writes the deck for PowerPoint and its like.
func PPTX(w io.Writer, d Deck) error {
	info := officeInfo(d.Info)
	deck := pptxDeck{info, []pptxSlide{{office: info, N: 1}}}
	for i, s := range d.Slides {
		deck.Slides = append(deck.Slides, pptxSlide{office: info, Slide: s, N: i + 2})
	}
	a := newArchive(w, "pptx")
	a.add("[Content_Types].xml", "contenttypes.xml", deck)
	a.add("_rels/.rels", "packagerels.xml", "ppt/presentation.xml")
	a.add("ppt/presentation.xml", "presentation.xml", deck)
	a.add("ppt/_rels/presentation.xml.rels", "presentationrels.xml", deck)
	for _, s := range deck.Slides {
		s.add(a)
	}
	a.add("ppt/slideMasters/slideMaster1.xml", "master.xml", info)
	a.add("ppt/slideMasters/_rels/slideMaster1.xml.rels", "masterrels.xml", nil)
	for n, template := range []string{"layout1.xml", "layout2.xml"} {
		a.add(fmt.Sprintf("ppt/slideLayouts/slideLayout%d.xml", n+1), template, info)
		a.add(fmt.Sprintf("ppt/slideLayouts/_rels/slideLayout%d.xml.rels", n+1), "layoutrels.xml", nil)
	}
	a.add("ppt/notesMasters/notesMaster1.xml", "notesmaster.xml", info)
	a.add("ppt/notesMasters/_rels/notesMaster1.xml.rels", "notesmasterrels.xml", nil)
	a.add("ppt/theme/theme1.xml", "theme.xml", info)
	a.add("ppt/theme/theme2.xml", "theme.xml", info) // the notes master may not share it
	a.add("docProps/core.xml", "core.xml", info)
	if err := a.close(); err != nil {
		return fmt.Errorf("writing the PPTX %q: %w", d.Title, err)
	}
	return nil
}

type pptxDeck struct {
	office
	Slides []pptxSlide
}

type pptxSlide struct {
	office
	Slide
	N int // from 1; 1 is the title
}

func (s pptxSlide) add(a *archive) {
	template := "slide.xml"
	if s.N == 1 {
		template = "titleslide.xml"
	}
	a.add(fmt.Sprintf("ppt/slides/slide%d.xml", s.N), template, s)
	a.add(fmt.Sprintf("ppt/slides/_rels/slide%d.xml.rels", s.N), "sliderels.xml", s)
	if s.Notes != "" {
		a.add(fmt.Sprintf("ppt/notesSlides/notesSlide%d.xml", s.N), "notes.xml", s)
		a.add(fmt.Sprintf("ppt/notesSlides/_rels/notesSlide%d.xml.rels", s.N), "notesrels.xml", s)
	}
}

// Layout is the number of the slide's layout.
func (s pptxSlide) Layout() int { return min(s.N, 2) }

// Title is the deck's: the slide's own is .Slide.Title.
func (s pptxSlide) Title() string { return s.office.Title }

// NoteLines are the paragraphs of the notes.
func (s pptxSlide) NoteLines() []string { return strings.Split(s.Notes, "\n") }

// TableTop leaves room for the bullets above the table.
func (s pptxSlide) TableTop() int {
	lines := 0
	for _, b := range s.Bullets {
		lines += 1 + utf8.RuneCountInString(b)/pptxLineChars
	}
	if lines == 0 {
		return pptxBodyTop
	}
	return pptxBodyTop + lines*pptxLine + pptxLine/2
}

// RowHeight of the table; rows with more text grow.
func (s pptxSlide) RowHeight() int { return pptxRow }

// TableHeight is what the rows need at least.
func (s pptxSlide) TableHeight() int { return len(s.Table) * pptxRow }

// Widths of the table's columns.
func (s pptxSlide) Widths() []int {
	widths := make([]int, s.Table.columns())
	for i := range widths {
		widths[i] = pptxWidth / len(widths)
	}
	return widths
}

// Rows of the table, all of the same length.
func (s pptxSlide) Rows() [][]string { return s.Table.rows() }
