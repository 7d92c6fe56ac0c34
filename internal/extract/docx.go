package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// readDOCX reads the body of a text document, with notes where they are referred to; headers, footers, comments and
// hidden text are left out. A file of this kind does not say where its pages end: breaks set by the author are sure,
// those that the last program to lay it out left behind are near, and without either there is one page.
func readDOCX(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	o, err := openOffice(ctx, r, size, lim)
	if err != nil {
		return Result{}, err
	}
	main, err := o.mainPart()
	if err != nil {
		return Result{}, err
	}
	notes, err := o.noteTexts(main, lim.Output)
	if err != nil {
		return Result{}, err
	}
	w := &bodyText{pages: collector{lim: lim}, notes: notes}
	if err := o.walk(main, w.start, w.end, w.chars); err != nil && !errors.Is(err, errFull) {
		return Result{}, err
	}
	w.turn()
	return w.pages.result("ooxml"), nil
}

// bodyText writes down paragraphs and tables, page by page.
type bodyText struct {
	pages   collector
	notes   map[string]string // by the element and the number that refer to them
	page    strings.Builder
	full    bool
	written bool // some text stands on this page
	inText  bool
	hidden  bool // this run of text is not shown
	cells   int  // tables may stand in cells of tables
	section bool // the properties of a section are being read
	turnEnd bool // this paragraph ends its section, and the next one starts a page
}

func (w *bodyText) start(el xml.StartElement) (enter bool, err error) {
	switch el.Name.Local {
	case "Fallback", "moveFrom", "del": // said elsewhere, moved away, deleted
		return false, nil
	case "r":
		w.hidden = false
	case "vanish":
		w.hidden = isOn(el)
	case "t":
		w.inText = true
	case "footnoteReference", "endnoteReference":
		w.page.WriteString(" " + w.notes[el.Name.Local+" "+attr(el, "id")])
	case "tab", "ptab":
		w.page.WriteByte('\t')
	case "noBreakHyphen":
		w.page.WriteByte('-')
	case "cr":
		w.page.WriteByte('\n')
	case "br":
		if attr(el, "type") == "page" {
			w.turn()
		} else {
			w.page.WriteByte('\n')
		}
	case "lastRenderedPageBreak":
		w.turnIfWritten() // it also follows each break that the author set
	case "pageBreakBefore":
		if isOn(el) {
			w.turnIfWritten()
		}
	case "pPr":
		w.section = true
	case "sectPr":
		w.turnEnd = w.section
	case "type":
		if v := attr(el, "val"); v == "continuous" || v == "nextColumn" {
			w.turnEnd = false
		}
	case "tc":
		w.cells++
	}
	return true, w.err()
}

// isOn reads a property that is on when it is named, unless it says otherwise.
func isOn(el xml.StartElement) bool {
	v := attr(el, "val")
	return v != "0" && v != "false" && v != "off"
}

func (w *bodyText) end(name string) error {
	switch name {
	case "t":
		w.inText = false
	case "pPr":
		w.section = false
	case "p":
		if w.cells > 0 {
			w.page.WriteByte(' ')
		} else {
			w.page.WriteByte('\n')
		}
		if w.turnEnd {
			w.turnEnd = false
			w.turn()
		}
	case "tc":
		w.cells--
		w.page.WriteByte('\t')
	case "tr":
		w.page.WriteByte('\n')
	}
	return w.err()
}

func (w *bodyText) chars(text []byte) error {
	if w.inText && !w.hidden {
		w.written = true
		w.page.Write(text)
	}
	return nil
}

// turn ends the page.
func (w *bodyText) turn() {
	w.full = !w.pages.add(w.page.String())
	w.written = false
	w.page.Reset()
}

func (w *bodyText) turnIfWritten() {
	if w.written {
		w.turn()
	}
}

func (w *bodyText) err() error {
	if w.full || int64(w.page.Len()) > 2*w.pages.lim.Output {
		return errFull
	}
	return nil
}
