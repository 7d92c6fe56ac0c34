// Package chart draws figures as SVG: lines over time, shares on a scale, bars. What it makes stands within a page, has a title
// and a description for who does not see it, and takes its colours from the style sheet by classes alone. Lines differ by dashes
// and markers, bars by filling, so that nothing is said by colour. The package knows no report: it is told numbers and words.
package chart

import (
	"fmt"
	"html/template"
	"strings"
)

// Band is a range of shares, 0 to 1, to hold a figure against.
type Band struct {
	Low, High float64
	Label     string
}

// canvas gathers the elements of one picture.
type canvas struct{ strings.Builder }

func (c *canvas) write(format string, args ...any) {
	_, _ = fmt.Fprintf(&c.Builder, format, args...) // which takes everything
}

// begin opens a picture of that many units, named by an id that no other element of the page has.
func (c *canvas) begin(id, class, title, desc string, width, height float64) {
	c.write(`<svg class="chart %s" viewBox="0 0 %s %s" role="img" aria-labelledby="%[4]s-title %[4]s-desc">`,
		class, units(width), units(height), escape(id))
	c.write(`<title id="%s-title">%s</title><desc id="%[1]s-desc">%[3]s</desc>`, escape(id), escape(title), escape(desc))
}

func (c *canvas) end() template.HTML {
	c.WriteString("</svg>")
	return template.HTML(c.String()) //nolint:gosec // made of numbers and escaped texts
}

func (c *canvas) rect(class string, x, y, width, height float64) {
	c.write(`<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, units(x), units(y), units(width), units(height))
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	c.write(`<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, units(x1), units(y1), units(x2), units(y2))
}

// text writes words; the class says how they are set, and anchor is start, middle or end.
func (c *canvas) text(class, anchor string, x, y float64, words string) {
	c.write(`<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, units(x), units(y), escape(words))
}

// marker draws the sign of a series: a filled circle for the first, a hollow square for the others.
func (c *canvas) marker(series int, x, y float64) {
	const half = 3.5
	if series == 0 {
		c.write(`<circle class="chart-mark-1" cx="%s" cy="%s" r="%s"/>`, units(x), units(y), units(half))
		return
	}
	c.rect("chart-mark-2", x-half, y-half, 2*half, 2*half)
}

func escape(text string) string { return template.HTMLEscapeString(text) }

// units writes a length with at most one decimal.
func units(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") }

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// within keeps a share between 0 and 1, so that a wrong figure does not leave the picture.
func within(share float64) float64 { return max(0, min(1, share)) }
