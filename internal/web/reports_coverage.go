package web

import (
	"bytes"
	"io"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// coveragePage is what the coverage matrix shows.
type coveragePage struct {
	choices
	Fault  *collateral.Error
	Shown  bool
	Report coverageView
	Next   string // address of the next page of pieces; empty on the last
}

// coverageView is a coverage report with its cells counted by their state.
type coverageView struct {
	usage.CoverageReport
	Cells map[usage.CoverageState]int // of stage and persona
}

func viewOf(r usage.CoverageReport) coverageView {
	v := coverageView{CoverageReport: r, Cells: map[usage.CoverageState]int{}}
	for _, row := range r.Rows {
		for _, cell := range row.Cells {
			if cell.Persona != usage.NoPersona {
				v.Cells[cell.State]++
			}
		}
	}
	return v
}

// Count is how many cells of stage and persona are in a state.
func (v coverageView) Count(state string) int { return v.Cells[usage.CoverageState(state)] }

// States are the states in the order in which the page explains them.
func (coverageView) States() []usage.CoverageState { return usage.CoverageStates() }

func (s *site) coverage(c echo.Context) error {
	body := coveragePage{}
	report, err := s.coverageOf(c, false)
	if err != nil {
		var refused bool
		if body.Fault, refused = isRefusal(err); !refused {
			return err
		}
	}
	body.Shown, body.Report = err == nil, viewOf(report)
	if body.choices, err = s.choicesOf(c, "/reports/coverage", askedOf(c), nil); err != nil {
		return err
	}
	if body.Shown {
		body.Days = report.Window.Days
	}
	if report.NextCursor != "" {
		body.Next = body.Asked.Link(body.Path, "cursor", report.NextCursor) + "#pieces"
	}
	return s.render(c, "coverage", page{Title: "What is covered", Area: areaReports, Wide: true, Status: statusFor(body.Fault), Body: body})
}

func (s *site) coverageOf(c echo.Context, whole bool) (usage.CoverageReport, error) {
	q, err := askedOf(c).coverage()
	if err != nil {
		return usage.CoverageReport{}, err
	}
	if whole {
		q.Paging = collateral.Paging{}
	}
	ctx := c.Request().Context()
	return s.usage.Coverage(ctx, actorOf(ctx), q)
}

func (s *site) coverageFile(write func(io.Writer, usage.CoverageReport) error, name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		report, err := s.coverageOf(c, true)
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

// coverageWords says how a cell or a piece stands, and coverageSign the same with one sign.
func coverageWords(state usage.CoverageState) string {
	switch state {
	case usage.Covered:
		return "used"
	case usage.CoveredUnused:
		return "unused"
	case usage.CoveredTooNew:
		return "too new"
	case usage.Stale:
		return "stale"
	case usage.Missing:
		return "missing"
	}
	return "none"
}

func coverageSign(state usage.CoverageState) string {
	switch state {
	case usage.Covered:
		return "●"
	case usage.CoveredUnused:
		return "○"
	case usage.CoveredTooNew:
		return "◔"
	case usage.Stale:
		return "!"
	case usage.Missing:
		return "✕"
	}
	return "–"
}

// personaWords names a column of the matrix.
func personaWords(persona string) string {
	if persona == usage.NoPersona {
		return "no persona"
	}
	return slugName(persona)
}
