package extract

import (
	"encoding/xml"
	"errors"
	"strings"
)

// noteTexts returns the footnotes and endnotes of a text document by the element and the number that refer to them.
func (o *office) noteTexts(main string, limit int64) (map[string]string, error) {
	rels, err := o.relations(main)
	if err != nil {
		return nil, err
	}
	notes := &noteText{limit: limit, notes: make(map[string]string)}
	for _, kind := range []string{"footnote", "endnote"} {
		notes.kind = kind
		for _, rel := range rels {
			if !rel.is(kind+"s") || !o.has(rel.Target) {
				continue
			}
			if err := o.walk(rel.Target, notes.start, notes.end, notes.chars); err != nil && !errors.Is(err, errFull) {
				return nil, err
			}
		}
	}
	return notes.notes, nil
}

// noteText gathers notes, each on one line.
type noteText struct {
	limit int64
	kind  string
	notes map[string]string

	number string
	text   strings.Builder
	inText bool
}

func (n *noteText) start(el xml.StartElement) (enter bool, err error) {
	switch el.Name.Local {
	case "Fallback", "moveFrom", "del":
		return false, nil
	case n.kind:
		n.number = attr(el, "id")
		n.text.Reset()
	case "t":
		n.inText = true
	}
	return true, nil
}

func (n *noteText) end(name string) error {
	switch name {
	case "t":
		n.inText = false
	case "p":
		n.text.WriteByte(' ')
	case n.kind:
		text := strings.TrimSpace(n.text.String())
		if n.limit -= int64(len(text) + len(n.number)); n.limit < 0 {
			return errFull
		}
		n.notes[n.kind+"Reference "+n.number] = text
	}
	return nil
}

func (n *noteText) chars(text []byte) error {
	if n.inText {
		n.text.Write(text)
	}
	return nil
}
