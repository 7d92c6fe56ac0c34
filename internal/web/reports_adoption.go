package web

import (
	"bytes"
	"io"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/report"
)

// adoptionPage is what the report on adoption shows.
type adoptionPage struct {
	choices
	Fault  *collateral.Error
	Shown  bool
	Report report.AdoptionReport
	Next   string // address of the next page of pieces; empty on the last
}

// List leads to the pieces of a list.
func (p adoptionPage) List(list string) string {
	return p.Asked.Link(p.Path, "list", list) + "#pieces"
}

func (s *site) adoption(c echo.Context) error {
	body := adoptionPage{}
	q, err := adoptionAsked(c)
	if err == nil {
		ctx := c.Request().Context()
		body.Report, err = s.reporter.Adoption(ctx, actorOf(ctx), q)
	}
	if err != nil {
		var refused bool
		if body.Fault, refused = isRefusal(err); !refused {
			return err
		}
	}
	body.Shown = err == nil
	if body.choices, err = s.choicesOf(c, "/reports/adoption", askedOf(c), nil); err != nil {
		return err
	}
	if body.Shown {
		body.Days = body.Report.Window.Days
	}
	if next := body.Report.NextCursor; next != "" {
		body.Next = body.Asked.Link(body.Path, "list", string(q.List), "cursor", next) + "#pieces"
	}
	return s.render(c, "adoption", page{Title: "How fast the field takes up what is new", Area: areaReports, Status: statusFor(body.Fault), Body: body})
}

// adoptionFile answers with a part of the report; the list is whole.
func (s *site) adoptionFile(write func(io.Writer, report.AdoptionReport) error, name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		q, err := adoptionAsked(c)
		if err != nil {
			return err
		}
		q.Paging = collateral.Paging{}
		ctx := c.Request().Context()
		found, err := s.reporter.Adoption(ctx, actorOf(ctx), q)
		if err != nil {
			return err
		}
		var file bytes.Buffer
		if err := write(&file, found); err != nil {
			return err
		}
		return sendCSV(c, name+"-"+found.Window.To, file.Bytes())
	}
}

func adoptionAsked(c echo.Context) (q report.AdoptionQuery, err error) {
	a := askedOf(c)
	q = report.AdoptionQuery{Stages: a.Stages, Types: a.Types, List: report.AdoptionList(c.QueryParam("list")), Paging: a.paging()}
	if q.Window, q.AsOf, err = a.when(); err != nil {
		return q, err
	}
	q.Owners, err = a.owners()
	return q, err
}
