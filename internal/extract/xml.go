package extract

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"golang.org/x/net/html/charset"
)

// What walkXML calls. A startElement reports whether to enter the element; what stands inside one that is not entered
// is left out.
type (
	startElement func(xml.StartElement) (enter bool, err error)
	endElement   func(name string) error
	charData     func([]byte) error
)

// errFull ends a walk when the collector takes no more.
var errFull = errors.New("extract: enough text")

// walkXML calls start, end and text in document order; end and text may be nil.
func walkXML(in *meter, maxDepth int, start startElement, end endElement, text charData) error {
	d := xml.NewDecoder(in)
	d.CharsetReader = charset.NewReaderLabel

	for depth := 0; ; {
		tok, err := d.Token()
		in.token = 0
		if err == nil {
			switch t := tok.(type) {
			case xml.StartElement:
				if depth++; depth > maxDepth {
					return fmt.Errorf("%w: more than %d elements inside each other", TooLarge, maxDepth)
				}
				var enter bool
				if enter, err = start(t); err == nil && !enter {
					depth--
					err = skipXML(d, in, maxDepth)
				}
			case xml.EndElement:
				depth--
				if end != nil {
					err = end(t.Name.Local)
				}
			case xml.CharData:
				if text != nil {
					err = text(t)
				}
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errFull), isFailure(err):
			return err
		case in.err != nil: // not damage, which is all the decoder can tell
			return in.err
		default:
			return fmt.Errorf("%w: %v", Damaged, err)
		}
	}
}

// skipXML passes over the rest of an element. The decoder's own Skip knows no limit on depth.
func skipXML(d *xml.Decoder, in *meter, maxDepth int) error {
	for depth := 1; depth > 0; {
		tok, err := d.Token()
		in.token = 0
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return fmt.Errorf("%w: more than %d elements inside each other", TooLarge, maxDepth)
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func isFailure(err error) bool {
	_, ok := ReasonFor(err)
	return ok
}

func attr(el xml.StartElement, local string) string {
	for _, a := range el.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
