package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// readXLSX reads a workbook, one page for each sheet that its reader sees: the name of the sheet, its cells row by row
// as they are displayed (see displayed), then the text of shapes that float above them. Hidden sheets are left out.
func readXLSX(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	o, err := openOffice(ctx, r, size, lim)
	if err != nil {
		return Result{}, err
	}
	main, err := o.mainPart()
	if err != nil {
		return Result{}, err
	}
	book, err := o.workbook(main)
	if err != nil {
		return Result{}, err
	}
	c := collector{lim: lim}
	for _, s := range book.sheets {
		text, err := o.sheetText(book, s, 2*lim.Output-c.bytes)
		if err != nil {
			return Result{}, err
		}
		if !c.add(text) {
			break
		}
	}
	if book.strings.cut && c.note == "" {
		c.note = noteCut
	}
	return c.result("ooxml"), nil
}

// workbook is what the sheets of a workbook share.
type workbook struct {
	sheets   []sheet
	strings  sharedStrings
	styles   []numberFormat // by the index that a cell names
	date1904 bool           // days are counted from 1904 on, not from 1900
}

type sheet struct{ name, part string }

func (o *office) workbook(main string) (*workbook, error) {
	rels, err := o.relations(main)
	if err != nil {
		return nil, err
	}
	target := make(map[string]string, len(rels))
	for _, rel := range rels {
		if rel.is("worksheet") { // a chart may fill a sheet of its own
			target[rel.ID] = rel.Target
		}
	}
	b := &workbook{}
	err = o.walk(main, func(el xml.StartElement) (bool, error) {
		switch el.Name.Local {
		case "workbookPr":
			b.date1904 = isTrue(attr(el, "date1904"))
		case "sheet":
			if state := attr(el, "state"); state != "hidden" && state != "veryHidden" {
				b.sheets = append(b.sheets, sheet{attr(el, "name"), target[relationID(el)]})
			}
		}
		return true, nil
	}, nil, nil)
	if err != nil {
		return nil, err
	}
	for _, rel := range rels {
		switch {
		case rel.is("sharedStrings") && o.has(rel.Target):
			err = o.walk(rel.Target, b.strings.start, b.strings.end, b.strings.chars)
			if errors.Is(err, errFull) {
				b.strings.cut, err = true, nil
			}
		case rel.is("styles") && o.has(rel.Target):
			b.styles, err = o.numberFormats(rel.Target)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

func isTrue(v string) bool { return v == "1" || v == "true" || v == "on" }

// maxSharedStrings bounds the table of strings that cells refer to, in bytes. Sheets may come in any order, so it has to
// be in memory as a whole.
const maxSharedStrings = 32 << 20

// sharedStrings is that table, in one piece: a string for each cell that has its own would cost twice as much.
type sharedStrings struct {
	text   []byte
	ends   []int
	inText bool
	cut    bool // the rest is missing
}

func (s *sharedStrings) start(el xml.StartElement) (enter bool, err error) {
	switch el.Name.Local {
	case "rPh": // how characters are pronounced, which says it once more
		return false, nil
	case "t":
		s.inText = true
	}
	if len(s.text)+8*len(s.ends) > maxSharedStrings {
		return false, errFull
	}
	return true, nil
}

func (s *sharedStrings) end(name string) error {
	switch name {
	case "t":
		s.inText = false
	case "si":
		s.ends = append(s.ends, len(s.text))
	}
	return nil
}

func (s *sharedStrings) chars(text []byte) error {
	if s.inText {
		s.text = append(s.text, text...)
	}
	return nil
}

// at returns a string; an empty one where the table has none.
func (s *sharedStrings) at(index string) []byte {
	i, err := strconv.Atoi(strings.TrimSpace(index))
	switch {
	case err != nil, i < 0, i >= len(s.ends):
		return nil
	case i == 0:
		return s.text[:s.ends[0]]
	default:
		return s.text[s.ends[i-1]:s.ends[i]]
	}
}

func (o *office) sheetText(b *workbook, s sheet, limit int64) (string, error) {
	w := &cellText{book: b, limit: limit}
	w.text.WriteString(s.name)
	w.text.WriteByte('\n')
	if !o.has(s.part) {
		return w.text.String(), nil
	}
	if err := o.walk(s.part, w.start, w.end, w.chars); err != nil {
		if errors.Is(err, errFull) {
			return w.text.String(), nil
		}
		return "", err
	}
	rels, err := o.relations(s.part)
	if err != nil {
		return "", err
	}
	shapes := &shapeText{limit: limit}
	for _, rel := range rels {
		if rel.is("drawing") && o.has(rel.Target) {
			if err := o.drawingText(rel.Target, shapes); err != nil {
				return "", err
			}
		}
	}
	w.text.WriteString(shapes.text.String())
	return w.text.String(), nil
}

// cellText writes down the cells of a sheet.
type cellText struct {
	book  *workbook
	limit int64
	text  strings.Builder

	kind, style string // of the cell that is being read
	value       []byte
	inValue     bool
}

func (w *cellText) start(el xml.StartElement) (enter bool, err error) {
	switch el.Name.Local {
	case "c":
		w.kind, w.style, w.value = attr(el, "t"), attr(el, "s"), w.value[:0]
	case "v", "t": // a value, or the text of an inline string
		w.inValue = true
	case "rPh", "f", "headerFooter", "dataValidations", "conditionalFormatting":
		return false, nil
	}
	return true, nil
}

func (w *cellText) end(name string) error {
	switch name {
	case "v", "t":
		w.inValue = false
	case "c":
		if len(w.value) > 0 {
			w.cell()
		}
	case "row":
		w.text.WriteByte('\n')
	}
	if int64(w.text.Len()) > w.limit {
		return errFull
	}
	return nil
}

func (w *cellText) chars(text []byte) error {
	if w.inValue {
		w.value = append(w.value, text...)
	}
	return nil
}

func (w *cellText) cell() {
	switch w.kind {
	case "s":
		w.text.Write(w.book.strings.at(string(w.value)))
	case "b":
		if string(w.value) == "1" {
			w.text.WriteString("TRUE")
		} else {
			w.text.WriteString("FALSE")
		}
	case "e": // #DIV/0! and the like
	case "", "n":
		w.text.WriteString(w.book.displayed(string(w.value), w.style))
	default: // str, inlineStr, d
		w.text.Write(w.value)
	}
	w.text.WriteByte('\t')
}
