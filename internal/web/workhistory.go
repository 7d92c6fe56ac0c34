package web

import (
	"strings"

	"collateral/internal/usage"
)

// history is what became of a piece, with its bars.
type history struct {
	usage.History
	Charts []weekChart
}

// weekChart is a row of bars, one for each week.
type weekChart struct {
	Name  string
	Total int64
	Most  int64
	Peak  string // the first day of the week with the most
	Bars  []bar
}

type bar struct {
	X, Y, H int
	Week    string
	N       int64
}

const (
	barStep   = 16 // from one bar to the next
	barHeight = 48
)

func newHistory(h usage.History) *history {
	counts := []struct {
		name string
		of   func(usage.Counts) int64
	}{
		{"Looked at by buyers", func(c usage.Counts) int64 { return c.Engaged }},
		{"Shared or presented", func(c usage.Counts) int64 { return c.Used }},
		{"Downloaded", func(c usage.Counts) int64 { return c.Taken }},
		{"Opened", func(c usage.Counts) int64 { return c.Opened }},
		{"Shown in results", func(c usage.Counts) int64 { return c.Found }},
	}
	shown := &history{History: h}
	for _, kind := range counts {
		chart := weekChart{Name: kind.name, Total: kind.of(h.Total)}
		for _, week := range h.Weeks {
			if n := kind.of(week.Counts); n > chart.Most {
				chart.Most, chart.Peak = n, week.From
			}
		}
		for i, week := range h.Weeks {
			b := bar{X: i * barStep, Week: week.From, N: kind.of(week.Counts)}
			if b.N > 0 {
				b.H = max(2, int(b.N*barHeight/chart.Most))
			}
			b.Y = barHeight - b.H
			chart.Bars = append(chart.Bars, b)
		}
		shown.Charts = append(shown.Charts, chart)
	}
	return shown
}

// Width is how wide the bars are together.
func (c weekChart) Width() int { return len(c.Bars) * barStep }

// TeamName names a team of a figure.
func (h *history) TeamName(t usage.Team) string {
	switch {
	case t.Others:
		return "Other teams together"
	case strings.TrimSpace(t.Name) == "":
		return "No team"
	}
	return t.Name
}
