package web

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/report"
)

// signOffPage is what the report on sign-off shows.
type signOffPage struct {
	choices
	Fault  *collateral.Error
	Shown  bool
	Report report.ReviewsReport
	Signer string // name of whom the list of what waits is narrowed to
	Next   string // address of the next page of rows; empty on the last
}

// List leads to the rows of a list.
func (p signOffPage) List(list string) string { return p.Asked.Link(p.Path, "list", list) + "#rows" }

// Rows says which columns the listed rows have.
func (p signOffPage) Rows() string {
	switch p.Report.List {
	case report.WaitingNow, report.Unsignable:
		return "waiting"
	case report.PastReview, report.Expiring, report.OwnerGone:
		return "due"
	}
	return "decided"
}

func (s *site) signOff(c echo.Context) error {
	body := signOffPage{}
	q, err := signOffAsked(c)
	if err == nil {
		ctx := c.Request().Context()
		body.Report, err = s.reporter.Reviews(ctx, actorOf(ctx), q)
	}
	if err != nil {
		var refused bool
		if body.Fault, refused = isRefusal(err); !refused {
			return err
		}
	}
	body.Shown = err == nil
	if body.choices, err = s.choicesOf(c, "/reports/reviews", askedOf(c), nil); err != nil {
		return err
	}
	if body.Shown {
		body.Days = body.Report.Window.Days
	}
	for _, a := range body.Report.Approvers {
		if a.ID == q.Signer {
			body.Signer = a.Name
		}
	}
	if next := body.Report.NextCursor; next != "" {
		body.Next = body.Asked.Link(body.Path, "list", string(q.List), "signer", c.QueryParam("signer"), "cursor", next) + "#rows"
	}
	return s.render(c, "signoff", page{Title: "How sign-off goes", Area: areaReports, Status: statusFor(body.Fault), Body: body})
}

// signOffFile answers with a part of the report; the list is whole.
func (s *site) signOffFile(write func(io.Writer, report.ReviewsReport) error, name string) echo.HandlerFunc {
	return func(c echo.Context) error {
		q, err := signOffAsked(c)
		if err != nil {
			return err
		}
		q.Paging = collateral.Paging{}
		ctx := c.Request().Context()
		found, err := s.reporter.Reviews(ctx, actorOf(ctx), q)
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

func signOffAsked(c echo.Context) (q report.ReviewsQuery, err error) {
	a := askedOf(c)
	q = report.ReviewsQuery{Stages: a.Stages, Types: a.Types, List: report.ReviewList(c.QueryParam("list")), Paging: a.paging()}
	if q.Window, q.AsOf, err = a.when(); err != nil {
		return q, err
	}
	if signer := c.QueryParam("signer"); signer != "" {
		if q.Signer, err = uuid.Parse(signer); err != nil {
			return q, collateral.Fault("?signer", "There is no such approver. Choose one from the list.")
		}
	}
	q.Owners, err = a.owners()
	return q, err
}

// reviewListWords names a list of the report for people.
func reviewListWords(list report.ReviewList) string {
	switch list {
	case report.WaitingNow:
		return "Waiting for Sales"
	case report.Unsignable:
		return "Waiting, and nobody can sign"
	case report.Decided:
		return "Decided"
	case report.Signed:
		return "Signed"
	case report.FirstDecided:
		return "Decided at first try"
	case report.FirstSigned:
		return "Signed at first try"
	case report.SentBack:
		return "Sent back"
	case report.ChangesRequested:
		return "Changes asked for"
	case report.Rejected:
		return "Rejected"
	case report.PastReview:
		return "Past the review date"
	case report.Expiring:
		return "To be looked over soon"
	case report.OwnerGone:
		return "Without an owner"
	}
	return string(list)
}

// decisionWords says what Sales did.
func decisionWords(d collateral.Decision) string {
	switch d {
	case collateral.Approve:
		return "signed"
	case collateral.RequestChanges:
		return "changes asked for"
	case collateral.Reject:
		return "rejected"
	}
	return ""
}

// spanWords writes a span of time for people: minutes up to an hour, hours up to two days, then days and their tenths.
func spanWords(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute", "minutes")
	case d < 2*day:
		return plural(int(d/time.Hour), "hour", "hours")
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Hours()/24), ".0") + " days"
}
