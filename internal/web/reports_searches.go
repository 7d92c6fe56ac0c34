package web

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// searchesPage is what the report on searches shows.
type searchesPage struct {
	choices
	Fault  *collateral.Error
	Shown  bool
	Report usage.SearchesReport
}

// searchesShown is how many queries each list of the page has; files have all.
const searchesShown = 100

func (s *site) searches(c echo.Context) error {
	body := searchesPage{}
	err := s.searchesOf(c, &body.Report, searchesShown)
	if err != nil {
		var refused bool
		if body.Fault, refused = isRefusal(err); !refused {
			return err
		}
	}
	body.Shown = err == nil
	if body.choices, err = s.choicesOf(c, "/reports/searches", askedOf(c), nil); err != nil {
		return err
	}
	if body.Shown {
		body.Days = body.Report.Window.Days
	}
	return s.render(c, "searches", page{Title: "What the field looks for", Area: areaReports, Status: statusFor(body.Fault), Body: body})
}

func (s *site) searchesOf(c echo.Context, report *usage.SearchesReport, limit int) error {
	q, err := askedOf(c).searches()
	if err != nil {
		return err
	}
	q.Limit = limit
	ctx := c.Request().Context()
	*report, err = s.usage.Searches(ctx, actorOf(ctx), q)
	return err
}

func (s *site) searchesFile(c echo.Context) error {
	var report usage.SearchesReport
	if err := s.searchesOf(c, &report, 0); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := usage.WriteSearchesCSV(&file, report); err != nil {
		return err
	}
	return sendCSV(c, "searches-"+report.Window.To, file.Bytes())
}

// searchFor leads to the search with a query.
func searchFor(query string) string { return "/?" + url.Values{"q": {query}}.Encode() }

// filterWords writes "stage=validation" for people.
func filterWords(filter string) string {
	name, value, _ := strings.Cut(filter, "=")
	return name + ": " + words(value)
}
