package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// readPPTX reads slides in the order in which they are presented: what stands on the slide, then its speaker notes.
func readPPTX(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	o, err := openOffice(ctx, r, size, lim)
	if err != nil {
		return Result{}, err
	}
	main, err := o.mainPart()
	if err != nil {
		return Result{}, err
	}
	slides, err := o.slides(main)
	if err != nil {
		return Result{}, err
	}
	c := collector{lim: lim}
	for _, slide := range slides {
		text, err := o.slideWithNotes(slide, lim.Output)
		if err != nil {
			return Result{}, err
		}
		if !c.add(text) {
			break
		}
	}
	return c.result("ooxml"), nil
}

// slides returns the parts of all slides in order. A slide whose part is missing is an empty name, which keeps the
// numbers of the others right.
func (o *office) slides(presentation string) ([]string, error) {
	rels, err := o.relations(presentation)
	if err != nil {
		return nil, err
	}
	target := make(map[string]string, len(rels))
	for _, rel := range rels {
		target[rel.ID] = rel.Target
	}
	var slides []string
	err = o.walk(presentation, func(el xml.StartElement) (bool, error) {
		if el.Name.Local == "sldId" {
			slides = append(slides, target[relationID(el)])
		}
		return true, nil
	}, nil, nil)
	return slides, err
}

// relationID returns r:id, which stands beside a plain id on the same element.
func relationID(el xml.StartElement) string {
	for _, a := range el.Attr {
		if a.Name.Local == "id" && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

func (o *office) slideWithNotes(slide string, limit int64) (string, error) {
	if !o.has(slide) {
		return "", nil
	}
	w := &shapeText{limit: limit}
	if err := o.drawingText(slide, w); err != nil {
		return "", err
	}
	rels, err := o.relations(slide)
	if err != nil {
		return "", err
	}
	// Text of SmartArt and charts lies in parts of their own; notes come last, as they do on paper.
	for _, kind := range []string{"diagramData", "chart", "notesSlide"} {
		for _, rel := range rels {
			if rel.is(kind) && o.has(rel.Target) {
				if err := o.drawingText(rel.Target, w); err != nil {
					return "", err
				}
			}
		}
	}
	return w.text.String(), nil
}

func (o *office) drawingText(part string, w *shapeText) error {
	err := o.walk(part, w.start, w.end, w.chars)
	if errors.Is(err, errFull) {
		return nil
	}
	return err
}

// shapeText writes down the text of shapes and tables. Shapes that repeat on every slide (footer, date, slide
// number) are left out: they say nothing about this one.
type shapeText struct {
	text      strings.Builder
	limit     int64
	inText    bool
	inCell    bool
	inLabels  bool // the names of a chart's columns and rows; its numbers stand elsewhere
	repeating bool // inside a shape that repeats
}

func (w *shapeText) start(el xml.StartElement) (enter bool, err error) {
	switch el.Name.Local {
	case "Fallback": // the same content once more, for old readers
		return false, nil
	case "ph":
		switch attr(el, "type") {
		case "dt", "ftr", "hdr", "sldNum", "sldImg":
			w.repeating = true
		}
	case "fld":
		if kind := attr(el, "type"); kind == "slidenum" || strings.HasPrefix(kind, "datetime") {
			return false, nil
		}
	case "t":
		w.inText = true
	case "v": // a label in a chart
		w.inText = w.inLabels
	case "strCache":
		w.inLabels = true
	case "br":
		w.write("\n")
	case "tc":
		w.inCell = true
	}
	return true, nil
}

func (w *shapeText) end(name string) error {
	switch name {
	case "sp":
		w.repeating = false
	case "t":
		w.inText = false
	case "v":
		if w.inText {
			w.inText = false
			w.write("\n")
		}
	case "strCache":
		w.inLabels = false
	case "p":
		if w.inCell {
			w.write(" ")
		} else {
			w.write("\n")
		}
	case "tc":
		w.inCell = false
		w.write("\t")
	case "tr":
		w.write("\n")
	}
	if int64(w.text.Len()) > 2*w.limit {
		return errFull
	}
	return nil
}

func (w *shapeText) chars(text []byte) error {
	if w.inText {
		w.write(string(text))
	}
	return nil
}

func (w *shapeText) write(s string) {
	if !w.repeating {
		w.text.WriteString(s)
	}
}
