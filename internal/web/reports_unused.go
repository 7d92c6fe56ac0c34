package web

import (
	"bytes"
	"html/template"
	"io"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"collateral/internal/collateral"
	"collateral/internal/usage"
	"collateral/internal/web/chart"
)

// unusedPage is what the report of what goes unused shows.
type unusedPage struct {
	choices
	Fault  *collateral.Error
	Shown  bool
	Report usage.UnusedReport
	Points []usage.TrendPoint
	Next   string // address of the next page of pieces; empty on the last
}

func (s *site) unused(c echo.Context) error {
	body := unusedPage{}
	err := s.unusedAndTrend(c, &body)
	if err != nil {
		var refused bool
		if body.Fault, refused = isRefusal(err); !refused {
			return err
		}
	}
	body.Shown = err == nil
	if body.choices, err = s.choicesOf(c, "/reports/unused", askedOf(c), body.Report.ByOwner); err != nil {
		return err
	}
	if body.Shown {
		body.Days = body.Report.Window.Days
	}
	if body.Report.NextCursor != "" {
		body.Next = body.Asked.Link(body.Path, "cursor", body.Report.NextCursor) + "#pieces"
	}
	return s.render(c, "unused", page{Title: "What goes unused", Area: areaReports, Status: statusFor(body.Fault), Body: body})
}

// unusedAndTrend makes both side by side.
func (s *site) unusedAndTrend(c echo.Context, body *unusedPage) error {
	q, err := askedOf(c).unused()
	if err != nil {
		return err
	}
	actor := actorOf(c.Request().Context())
	group, ctx := errgroup.WithContext(c.Request().Context())
	group.Go(func() (err error) {
		body.Report, err = s.usage.Unused(ctx, actor, q)
		return err
	})
	group.Go(func() (err error) {
		body.Points, err = s.usage.UnusedTrend(ctx, actor, q)
		return err
	})
	return group.Wait()
}

// Trend draws both shares over time.
func (p unusedPage) Trend() template.HTML {
	line := chart.Line{
		ID: "trend", Title: "Share of pieces unused, week by week",
		Desc: "The same figures stand in the table below the picture. " + bandWords(p.Report.Benchmark), Band: bandOf(p.Report.Benchmark),
		Series: []chart.Series{{Name: "Not brought"}, {Name: "Not opened"}},
	}
	for _, point := range p.Points {
		line.Labels = append(line.Labels, point.AsOf.UTC().Format("2 Jan"))
		line.Series[0].Values = append(line.Series[0].Values, point.Strict.Share)
		line.Series[1].Values = append(line.Series[1].Values, point.Lenient.Share)
	}
	return line.SVG()
}

// Bars draws the shares of one row of a table.
func (p unusedPage) Bars(by string, g usage.Group) template.HTML {
	return chart.Bars{ID: "bars-" + by + "-" + g.Key, Title: g.Name + ": not brought, and not opened", Shares: []*float64{g.Strict.Share, g.Lenient.Share}}.SVG()
}

// Rung draws how many of the pieces are at a step.
func (p unusedPage) Rung(r usage.Rung) template.HTML {
	bars := chart.Bars{ID: "step-" + r.Name, Title: "Share of pieces that are " + r.Name}
	if p.Report.Eligible > 0 {
		share := float64(r.Count) / float64(p.Report.Eligible)
		bars.Shares = []*float64{&share}
	}
	return bars.SVG()
}

// Listed is how many pieces the list has, on all its pages.
func (p unusedPage) Listed() (n int) {
	for _, rung := range p.Report.Ladder {
		if len(p.Asked.Steps) == 0 || slices.Contains(p.Asked.Steps, strconv.Itoa(int(rung.Step))) {
			n += rung.Count
		}
	}
	return n
}

// unusedFile answers with a part of the whole report.
func (s *site) unusedFile(write func(io.Writer, usage.UnusedReport) error, name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		q, err := askedOf(c).unused()
		if err != nil {
			return err
		}
		q.Paging = collateral.Paging{} // a file is whole
		ctx := c.Request().Context()
		report, err := s.usage.Unused(ctx, actorOf(ctx), q)
		if err != nil {
			return err
		}
		var file bytes.Buffer
		if err := write(&file, report); err != nil {
			return err
		}
		return sendCSV(c, name+"-"+report.Window.To, file.Bytes())
	}
}

func (s *site) trendFile(c echo.Context) error {
	q, err := askedOf(c).unused()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	points, err := s.usage.UnusedTrend(ctx, actorOf(ctx), q)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := usage.WriteTrendCSV(&file, points); err != nil {
		return err
	}
	return sendCSV(c, "unused-trend", file.Bytes())
}
