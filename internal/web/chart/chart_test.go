package chart_test

import (
	"html/template"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"collateral/internal/web/chart"
)

// picture is a chart as a browser reads it.
func picture(t *testing.T, svg template.HTML) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(svg)))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("svg[role=img] > title").Length() != 1 || doc.Find("svg > desc").Length() != 1 {
		t.Errorf("got %s, want one title and one description", svg)
	}
	for id := range strings.FieldsSeq(doc.Find("svg").AttrOr("aria-labelledby", "")) {
		if doc.Find("#"+id).Length() != 1 {
			t.Errorf("the picture is named by %q, which is not in it", id)
		}
	}
	if n := doc.Find("[style], script, style").Length(); n != 0 {
		t.Errorf("got %d styles and scripts in %s, want none", n, svg)
	}
	if strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
		t.Errorf("got %s, want numbers", svg)
	}
	return doc
}

func TestLine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		labels          []string
		strict, lenient []*float64
		paths           int
		first           string // of the first line
		circles         int
		says            string
	}{
		{"no data", nil, nil, nil, 0, "", 0, "Nothing to show yet"},
		{"no share", []string{"1 Nov", "8 Nov"}, []*float64{nil, nil}, []*float64{nil, nil}, 0, "", 0, "Nothing to show yet"},
		{"one point", []string{"8 Nov"}, []*float64{new(0.5)}, []*float64{new(0.25)}, 2, "M590 116", 1, "Strict"},
		{"zeros", []string{"1 Nov", "8 Nov"}, []*float64{new(0.0), new(0.0)}, []*float64{new(0.0), new(0.0)}, 2, "M46 222L590 222", 2, "Lenient"},
		{"a gap", []string{"a", "b", "c"}, []*float64{new(1.0), nil, new(0.5)}, nil, 1, "M46 10M590 116", 2, "Strict"},
		{"beyond the scale", []string{"a", "b"}, []*float64{new(-3.0), new(7.0)}, nil, 1, "M46 222L590 10", 2, "100 %"},
		{"more values than labels", []string{"a"}, []*float64{new(0.5), new(0.5)}, nil, 1, "M590 116", 1, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := picture(t, chart.Line{
				ID: "trend", Title: "Unused", Desc: "Over time", Labels: tt.labels,
				Series: []chart.Series{{Name: "Strict", Values: tt.strict}, {Name: "Lenient", Values: tt.lenient}},
				Band:   &chart.Band{Low: 0.6, High: 0.93, Label: "elsewhere"},
			}.SVG())
			if got := doc.Find("path").Length(); got != tt.paths {
				t.Errorf("got %d lines, want %d", got, tt.paths)
			}
			if got := doc.Find("path").First().AttrOr("d", ""); got != tt.first {
				t.Errorf("got the line %q, want %q", got, tt.first)
			}
			if got := doc.Find("circle").Length(); got != tt.circles {
				t.Errorf("got %d markers of the first line, want %d", got, tt.circles)
			}
			if got := doc.Find("text").Text(); !strings.Contains(got, tt.says) || !strings.Contains(got, "elsewhere") {
				t.Errorf("got the words %q, want %q and the band's among them", got, tt.says)
			}
		})
	}
}

// Two lines that end at the same height have names that do not cover each other, and differ in more than colour.
func TestLinesAreToldApart(t *testing.T) {
	t.Parallel()
	same := []*float64{new(0.5), new(0.5)}
	doc := picture(t, chart.Line{ID: "x", Labels: []string{"a", "b"}, Series: []chart.Series{{Name: "One", Values: same}, {Name: "Two", Values: same}}}.SVG())
	names := doc.Find("text.chart-name")
	if names.Length() != 2 || names.First().AttrOr("y", "") == names.Last().AttrOr("y", "") {
		t.Errorf("got %d names at the same height, want two apart", names.Length())
	}
	if doc.Find("circle.chart-mark-1").Length() != 2 || doc.Find("rect.chart-mark-2").Length() != 2 || doc.Find("path.chart-line-2").Length() != 1 {
		t.Error("the lines do not differ by markers and classes")
	}
}

func TestManyLabelsKeepTheirDistance(t *testing.T) {
	t.Parallel()
	labels := strings.Fields(strings.Repeat("label ", 26))
	labels[25] = "now"
	doc := picture(t, chart.Line{ID: "x", Labels: labels}.SVG())
	shown := doc.Find("text.chart-small[text-anchor=middle]")
	if n := shown.Length(); n < 4 || n > 7 || shown.Last().Text() != "now" {
		t.Errorf("got %d labels, the last one %q, want a handful that ends with now", n, shown.Last().Text())
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	doc := picture(t, chart.Scale{
		ID: "s", Title: "Unused", Marks: []chart.Mark{{Name: "Not brought", Share: new(0.75)}, {Name: "Not opened", Share: new(0.0)}, {Name: "None"}},
		Band: &chart.Band{Low: 0.6, High: 0.93},
	}.SVG())
	if got := doc.Find("text.chart-name").Text(); got != "Not brought 75 %Not opened 0 %" {
		t.Errorf("got the words %q, want both marks and no third", got)
	}
	if got := doc.Find("rect.chart-band").AttrOr("x", ""); got != "428" {
		t.Errorf("the band begins at %s, want 428", got)
	}
}

func TestBars(t *testing.T) {
	t.Parallel()
	doc := picture(t, chart.Bars{ID: "b", Title: "Decks", Shares: []*float64{new(0.5), nil}}.SVG())
	if got := doc.Find("rect").Length(); got != 1 {
		t.Errorf("got %d bars, want one", got)
	}
	if got := doc.Find("rect").AttrOr("width", ""); got != "80" {
		t.Errorf("got a bar of %s units, want half of 160", got)
	}
	if got := doc.Find("desc").Text(); got != "50 %, no share" {
		t.Errorf("described as %q", got)
	}
	if got := picture(t, chart.Bars{ID: "b"}.SVG()).Find("rect").Length(); got != 0 {
		t.Errorf("got %d bars of nothing", got)
	}
}

func TestWordsAreEscaped(t *testing.T) {
	t.Parallel()
	evil := `<script>alert("1")</script>`
	for _, svg := range []template.HTML{
		chart.Line{ID: evil, Title: evil, Desc: evil, Labels: []string{evil}, Series: []chart.Series{{Name: evil, Values: []*float64{new(0.5)}}}, Band: &chart.Band{Label: evil}}.SVG(),
		chart.Scale{ID: evil, Title: evil, Desc: evil, Marks: []chart.Mark{{Name: evil, Share: new(0.5)}}}.SVG(),
		chart.Bars{ID: evil, Title: evil}.SVG(),
	} {
		if strings.Contains(string(svg), "<script") || strings.Contains(string(svg), `"1"`) {
			t.Errorf("got %s, want the words escaped", svg)
		}
	}
}
