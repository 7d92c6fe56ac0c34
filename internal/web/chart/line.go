package chart

import (
	"html/template"
	"math"
	"strings"
)

// Line is shares over time: one point for each label, in equal steps.
type Line struct {
	ID     string // of the page's element
	Title  string
	Desc   string
	Labels []string // of the points, oldest first
	Series []Series // one or two
	Band   *Band    // nil for none
}

// Series is one line. Values are shares of 0 to 1, one for each label; nil leaves a gap.
type Series struct {
	Name   string
	Values []*float64
}

// The plot within the picture. The room on the right is for the names of the lines.
const (
	lineWidth, lineHeight = 720, 260
	plotLeft, plotRight   = 46, 590
	plotTop, plotBottom   = 10, 222
)

// SVG draws the lines. Without a value anywhere it says that there is nothing to show.
func (l Line) SVG() template.HTML {
	var c canvas
	c.begin(l.ID, "chart-line", l.Title, l.Desc, lineWidth, lineHeight)
	if l.Band != nil {
		top, bottom := shareY(l.Band.High), shareY(l.Band.Low)
		c.rect("chart-band", plotLeft, top, plotRight-plotLeft, bottom-top)
		c.text("chart-small", "start", plotLeft+6, top+14, l.Band.Label)
	}
	for _, share := range []float64{0, 0.25, 0.5, 0.75, 1} {
		c.line("chart-grid", plotLeft, shareY(share), plotRight, shareY(share))
		c.text("chart-small", "end", plotLeft-6, shareY(share)+4, percent(share))
	}
	l.labels(&c)
	names := make([]float64, 0, len(l.Series)) // heights that are taken
	for i, s := range l.Series {
		if y, ok := l.draw(&c, i, s); ok {
			y = beside(y, names)
			names = append(names, y)
			c.text("chart-name", "start", plotRight+12, y+4, s.Name)
		}
	}
	if len(names) == 0 {
		c.text("chart-name", "middle", (plotLeft+plotRight)/2, (plotTop+plotBottom)/2, "Nothing to show yet")
	}
	return c.end()
}

// labels writes as many labels as have room, the last one always.
func (l Line) labels(c *canvas) {
	const room = 90
	every := 1
	if n := len(l.Labels); n > 1 {
		every = int(math.Ceil(room * float64(n-1) / (plotRight - plotLeft)))
	}
	last := len(l.Labels) - 1
	for i, label := range l.Labels {
		if (last-i)%every == 0 {
			c.text("chart-small", "middle", l.x(i), plotBottom+20, label)
		}
	}
}

// draw draws a line and returns the height of its last point; not ok when it has none.
func (l Line) draw(c *canvas, series int, s Series) (y float64, ok bool) {
	var path strings.Builder
	var marks canvas
	pen := "M"
	for i, share := range s.Values {
		if share == nil || i >= len(l.Labels) {
			pen = "M"
			continue
		}
		x := l.x(i)
		y, ok = shareY(*share), true
		path.WriteString(pen + units(x) + " " + units(y))
		pen = "L"
		marks.marker(series, x, y)
	}
	if !ok {
		return 0, false
	}
	class := "chart-line-1"
	if series > 0 {
		class = "chart-line-2"
	}
	c.WriteString(`<path class="` + class + `" d="` + path.String() + `"/>`)
	c.WriteString(marks.String())
	return y, true
}

// x is where a point stands; a single one stands on the right, where it is now.
func (l Line) x(i int) float64 {
	if len(l.Labels) < 2 {
		return plotRight
	}
	return plotLeft + float64(i)*(plotRight-plotLeft)/float64(len(l.Labels)-1)
}

func shareY(share float64) float64 { return plotBottom - within(share)*(plotBottom-plotTop) }

// beside moves a name so far down that it does not cover another.
func beside(y float64, taken []float64) float64 {
	const apart = 18
	for _, other := range taken {
		if math.Abs(y-other) < apart {
			if y < other && other-apart >= plotTop {
				y = other - apart
			} else {
				y = other + apart
			}
		}
	}
	return y
}
