package chart

import (
	"html/template"
	"strings"
)

// Bars is one or two shares of the same thing, one bar under the other, for a row of a table that has the numbers too.
type Bars struct {
	ID     string // of the page's element
	Title  string
	Shares []*float64 // 0 to 1; nil has no bar
}

const barWidth, barHeight, barApart = 160, 9, 13

// SVG draws the bars: the first one filled, the second one an outline.
func (b Bars) SVG() template.HTML {
	var c canvas
	height := float64(max(1, len(b.Shares))*barApart - (barApart - barHeight) + 2)
	c.begin(b.ID, "chart-bars", b.Title, b.desc(), barWidth+2, height)
	for i, share := range b.Shares {
		y := float64(1 + i*barApart)
		c.line("chart-grid", 1, y+barHeight/2, barWidth+1, y+barHeight/2)
		if share == nil || *share <= 0 {
			continue
		}
		class := "chart-bar-1"
		if i > 0 {
			class = "chart-bar-2"
		}
		c.rect(class, 1, y, max(1, within(*share)*barWidth), barHeight)
	}
	return c.end()
}

func (b Bars) desc() string {
	shares := make([]string, len(b.Shares))
	for i, share := range b.Shares {
		shares[i] = "no share"
		if share != nil {
			shares[i] = percent(*share)
		}
	}
	return strings.Join(shares, ", ")
}
