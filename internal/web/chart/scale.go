package chart

import "html/template"

// Scale is shares on a scale of 0 to 100 %, held against a band.
type Scale struct {
	ID    string // of the page's element
	Title string
	Desc  string
	Marks []Mark // one or two
	Band  *Band  // nil for none
}

// Mark is a share on a scale; nil is left out.
type Mark struct {
	Name  string
	Share *float64
}

const (
	scaleWidth, scaleHeight = 720, 126
	scaleLeft, scaleRight   = 20, 700
	scaleY                  = 62
)

// SVG draws the scale: the first mark is named above it, the second below.
func (s Scale) SVG() template.HTML {
	var c canvas
	c.begin(s.ID, "chart-scale", s.Title, s.Desc, scaleWidth, scaleHeight)
	if s.Band != nil {
		c.rect("chart-band", scaleX(s.Band.Low), scaleY-14, scaleX(s.Band.High)-scaleX(s.Band.Low), 28)
	}
	c.line("chart-axis", scaleLeft, scaleY, scaleRight, scaleY)
	for _, share := range []float64{0, 0.25, 0.5, 0.75, 1} {
		c.line("chart-axis", scaleX(share), scaleY-4, scaleX(share), scaleY+4)
		c.text("chart-small", anchorAt(scaleX(share), 100), scaleX(share), scaleY+24, percent(share))
	}
	for i, m := range s.Marks {
		if m.Share == nil {
			continue
		}
		x, words, pin := scaleX(*m.Share), float64(scaleY-30), float64(scaleY-24)
		if i > 0 {
			words, pin = scaleY+56, scaleY+36
		}
		c.line("chart-pin", x, scaleY, x, pin)
		c.marker(i, x, scaleY)
		c.text("chart-name", anchorAt(x, 190), x, words, m.Name+" "+percent(*m.Share))
	}
	return c.end()
}

func scaleX(share float64) float64 { return scaleLeft + within(share)*(scaleRight-scaleLeft) }

// anchorAt keeps words within the picture, which need so much room to both sides where the letters are largest.
func anchorAt(x, room float64) string {
	switch {
	case x < scaleLeft+room:
		return "start"
	case x > scaleRight-room:
		return "end"
	}
	return "middle"
}
