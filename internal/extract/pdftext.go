package extract

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

// pageText runs the drawing operators of one page and writes down the text they show, in the order of drawing. PDF
// places glyphs, not words: spaces and line ends are found in the gaps between them.
type pageText struct {
	ctx   context.Context
	fonts fontCache
	limit int64

	text  strings.Builder
	state textState
	saved []textState

	shown bool  // something was shown, and ended at
	endAt point // in the page's coordinates
}

// textState is the part of the graphics state that moves text. Matrices are those of the PDF specification.
type textState struct {
	ctm, tm, line           matrix
	font                    *font
	size, rise, leading     float64
	charSpace, wordSpace, h float64
}

const (
	maxFormDepth  = 8
	maxSavedState = 512
)

// errEnough ends the reading of a page that has more text than may be kept.
var errEnough = errors.New("extract: enough text on this page")

// read runs the page's content streams. What was found before an error stays in p.text.
func (p *pageText) read(page, resources pdf.Value) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("page contents: %v", r)
		}
	}()
	p.state = textState{ctm: identity(), tm: identity(), line: identity(), h: 1}
	if err := p.run(page.Key("Contents"), resources, 0); err != nil && !errors.Is(err, errEnough) {
		return fmt.Errorf("page contents: %w", err)
	}
	return nil
}

func (p *pageText) run(contents, resources pdf.Value, depth int) error {
	return scanContent(contentReader(p.ctx, contents), func(op string, args []operand) error {
		if int64(p.text.Len()) > 2*p.limit {
			return errEnough
		}
		if op == "Do" && len(args) == 1 {
			return p.form(resources.Key("XObject").Key(args[0].text), resources, depth)
		}
		p.operate(op, args, resources)
		return nil
	})
}

// form draws a form, which is a content stream with its own resources inside another.
func (p *pageText) form(form, resources pdf.Value, depth int) error {
	if form.Key("Subtype").Name() != "Form" || depth >= maxFormDepth {
		return p.ctx.Err()
	}
	if own := form.Key("Resources"); !own.IsNull() {
		resources = own
	}
	before := p.state
	if m := form.Key("Matrix"); m.Len() == 6 {
		var form matrix
		for i, v := range []*float64{&form.a, &form.b, &form.c, &form.d, &form.e, &form.f} {
			*v = m.Index(i).Float64()
		}
		p.state.ctm = form.mul(p.state.ctm)
	}
	defer func() { p.state = before }()
	return p.run(form, resources, depth+1)
}

func (p *pageText) operate(op string, args []operand, resources pdf.Value) {
	s := &p.state
	n := func(i int) float64 { // a missing operand is 0
		if i >= len(args) {
			return 0
		}
		return args[i].number
	}
	switch op {
	case "q":
		if len(p.saved) < maxSavedState {
			p.saved = append(p.saved, *s)
		}
	case "Q":
		if last := len(p.saved) - 1; last >= 0 {
			*s, p.saved = p.saved[last], p.saved[:last]
		}
	case "cm":
		if len(args) == 6 {
			s.ctm = matrixOf(args).mul(s.ctm)
		}
	case "BT":
		s.tm, s.line = identity(), identity()
	case "Tc":
		s.charSpace = n(0)
	case "Tw":
		s.wordSpace = n(0)
	case "Tz":
		s.h = n(0) / 100
	case "TL":
		s.leading = n(0)
	case "Ts":
		s.rise = n(0)
	case "Tf":
		if len(args) == 2 {
			s.font, s.size = p.fonts.find(resources.Key("Font"), args[0].text), n(1)
		}
	case "Td":
		s.move(n(0), n(1))
	case "TD":
		s.leading = -n(1)
		s.move(n(0), n(1))
	case "Tm":
		if len(args) == 6 {
			s.tm = matrixOf(args)
			s.line = s.tm
		}
	case "T*":
		s.move(0, -s.leading)
	case "\"":
		s.wordSpace, s.charSpace = n(0), n(1)
		s.move(0, -s.leading)
		if len(args) == 3 {
			p.show(args[2:])
		}
	case "'":
		s.move(0, -s.leading)
		p.show(args)
	case "Tj":
		p.show(args)
	case "TJ":
		if len(args) == 1 {
			p.show(args[0].list)
		}
	}
}

func (s *textState) move(x, y float64) {
	s.line = matrix{1, 0, 0, 1, x, y}.mul(s.line)
	s.tm = s.line
}

// show draws strings; numbers between them move the next one, in thousandths of the size.
func (p *pageText) show(parts []operand) {
	s := &p.state
	if s.font == nil {
		return
	}
	for _, part := range parts {
		if part.kind != isString {
			s.advance(-part.number / 1000 * s.size * s.h)
			continue
		}
		p.gap()
		for code := range s.font.codes(part.text) {
			g := s.font.glyph(code)
			p.text.WriteString(g.text)
			dx := g.width*s.size + s.charSpace
			if code == " " {
				dx += s.wordSpace
			}
			s.advance(dx * s.h)
		}
		p.shown, p.endAt = true, s.place().origin()
	}
}

func (s *textState) advance(x float64) { s.tm = matrix{1, 0, 0, 1, x, 0}.mul(s.tm) }

// place maps text of size 1 to the page.
func (s *textState) place() matrix {
	return matrix{s.size * s.h, 0, 0, s.size, 0, s.rise}.mul(s.tm).mul(s.ctm)
}

// gap writes a space or a line end where the pen was moved since the last glyph.
func (p *pageText) gap() {
	if !p.shown {
		return
	}
	at := p.state.place()
	em := math.Hypot(at.c, at.d) // height of the font on the page
	along := math.Hypot(at.a, at.b)
	if em == 0 || along == 0 {
		return
	}
	from := at.origin()
	dx, dy := from.x-p.endAt.x, from.y-p.endAt.y
	ahead := (dx*at.a + dy*at.b) / along  // in the direction of writing
	across := (dy*at.a - dx*at.b) / along // at right angles to it
	switch {
	case math.Abs(across) > 0.6*em, ahead < -2*em:
		p.text.WriteByte('\n')
	case ahead > p.state.font.wordGap*em:
		p.text.WriteByte(' ')
	}
}

// joinHyphens puts words together that were broken at the end of a line.
func joinHyphens(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "-\n")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		if !unicode.IsLower(last) || !unicode.IsLower(next) {
			b.WriteString("-\n")
		}
		text = after
	}
}
