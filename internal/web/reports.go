package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"collateral/internal/collateral"
	"collateral/internal/report"
	"collateral/internal/usage"
	"collateral/internal/web/chart"
)

func (s *site) reportRoutes() []route {
	leaders := []collateral.Role{collateral.Leader, collateral.Admin}
	makers := append([]collateral.Role{collateral.Marketer}, leaders...) // of their own pieces
	return []route{
		{method: http.MethodGet, path: "/reports", handler: s.reports, who: makers},
		{method: http.MethodGet, path: "/reports/unused", handler: s.unused, who: makers},
		{method: http.MethodGet, path: "/reports/unused.csv", handler: s.unusedFile(usage.WriteUnusedCSV, "unused"), who: makers},
		{method: http.MethodGet, path: "/reports/unused/figures.csv", handler: s.unusedFile(usage.WriteUnusedFiguresCSV, "unused-figures"), who: makers},
		{method: http.MethodGet, path: "/reports/unused/new.csv", handler: s.unusedFile(usage.WriteTooNewCSV, "too-new"), who: makers},
		{method: http.MethodGet, path: "/reports/unused/trend.csv", handler: s.trendFile, who: makers},
		{method: http.MethodGet, path: "/reports/coverage", handler: s.coverage, who: makers},
		{method: http.MethodGet, path: "/reports/coverage.csv", handler: s.coverageFile(usage.WriteCoverageCSV, "coverage"), who: makers},
		{method: http.MethodGet, path: "/reports/coverage/pieces.csv", handler: s.coverageFile(usage.WriteCoveredPiecesCSV, "coverage-pieces"), who: makers},
		{method: http.MethodGet, path: "/reports/reviews", handler: s.signOff, who: makers},
		{method: http.MethodGet, path: "/reports/reviews.csv", handler: s.signOffFile(report.WriteReviewsCSV, "reviews"), who: makers},
		{method: http.MethodGet, path: "/reports/reviews/figures.csv", handler: s.signOffFile(report.WriteReviewFiguresCSV, "reviews-figures"), who: makers},
		{method: http.MethodGet, path: "/reports/adoption", handler: s.adoption, who: makers},
		{method: http.MethodGet, path: "/reports/adoption.csv", handler: s.adoptionFile(report.WriteAdoptionCSV, "adoption"), who: makers},
		{method: http.MethodGet, path: "/reports/adoption/teams.csv", handler: s.adoptionFile(report.WriteAdoptionTeamsCSV, "adoption-teams"), who: leaders},
		{method: http.MethodGet, path: "/reports/searches", handler: s.searches, who: leaders},
		{method: http.MethodGet, path: "/reports/searches.csv", handler: s.searchesFile, who: leaders},
	}
}

// reportsPage is what the overview shows.
type reportsPage struct {
	choices
	Fault    *collateral.Error
	Shown    bool // the question could be answered
	Unused   usage.UnusedReport
	Coverage coverageView
	Searches *usage.SearchesReport // nil for who may not see it
	Missing  []gap
	Gaps     int // missing cells in all
}

// gap is a stage and a persona for which there is nothing.
type gap struct{ Stage, Name, Persona string }

// overviewWorst is how many pieces, gaps and queries the overview names.
const overviewWorst = 5

func (s *site) reports(c echo.Context) error {
	body := reportsPage{}
	err := s.overview(c, &body)
	if err != nil {
		var refused bool
		if body.Fault, refused = isRefusal(err); !refused {
			return err
		}
	}
	body.Shown = err == nil
	if body.choices, err = s.choicesOf(c, "/reports", askedOf(c), nil); err != nil {
		return err
	}
	return s.render(c, "reports", page{Title: "Reports", Area: areaReports, Status: statusFor(body.Fault), Body: body})
}

// overview makes the reports side by side.
func (s *site) overview(c echo.Context, body *reportsPage) error {
	a := askedOf(c)
	q, err := asked{Window: a.Window, AsOf: a.AsOf}.unused()
	if err != nil {
		return err
	}
	q.Limit = overviewWorst
	actor := actorOf(c.Request().Context())
	group, ctx := errgroup.WithContext(c.Request().Context())
	group.Go(func() error {
		unused, coverage, err := s.usage.Overview(ctx, actor, q)
		body.Unused, body.Coverage = unused, viewOf(coverage)
		body.Missing, body.Gaps = gapsOf(coverage)
		return err
	})
	if actor.Is(collateral.Leader, collateral.Admin) {
		group.Go(func() error {
			report, err := s.usage.Searches(ctx, actor, usage.SearchesQuery{Window: q.Window, AsOf: q.AsOf, Limit: overviewWorst})
			body.Searches = &report
			return err
		})
	}
	return group.Wait()
}

// gapsOf counts the missing cells and names some of them, one of each stage before a second one of any.
func gapsOf(r usage.CoverageReport) (some []gap, all int) {
	for column := range r.Personas {
		for _, row := range r.Rows {
			if row.Cells[column].State == usage.Missing {
				all++
			}
		}
	}
	given := make([]int, len(r.Rows)) // cells of each row that were looked at
	for range all {
		for i, row := range r.Rows {
			next := slices.IndexFunc(row.Cells[given[i]:], func(c usage.CoverageCell) bool { return c.State == usage.Missing })
			if next < 0 || len(some) == overviewWorst {
				continue
			}
			given[i] += next + 1
			some = append(some, gap{row.Stage, row.Name, row.Cells[given[i]-1].Persona})
		}
	}
	return some, all
}

// Scale shows the shares beside the benchmark.
func (p reportsPage) Scale() template.HTML {
	return chart.Scale{
		ID: "share", Title: "Share of pieces unused, from 0 to 100 %",
		Desc: "Not brought to a buyer: " + percent(p.Unused.Strict.Share) + ". Not even opened: " + percent(p.Unused.Lenient.Share) + ". " + bandWords(p.Unused.Benchmark),
		Marks: []chart.Mark{
			{Name: "Not brought to a buyer", Share: p.Unused.Strict.Share},
			{Name: "Not even opened", Share: p.Unused.Lenient.Share},
		},
		Band: bandOf(p.Unused.Benchmark),
	}.SVG()
}

func bandOf(b usage.Benchmark) *chart.Band {
	return &chart.Band{Low: b.Low, High: b.High, Label: bandWords(b)}
}

func bandWords(b usage.Benchmark) string {
	return "Reported elsewhere: " + bandShares(b)
}

func bandShares(b usage.Benchmark) string {
	return percent(&b.Low) + " to " + percent(&b.High)
}

// definitionWords writes what a word of a report means for who reads a page, where nothing is called as in the API.
func definitionWords(text string) string {
	return strings.NewReplacer(
		"The day of as_of", "The last day", "Published at as_of", "Published on the last day", "published at as_of", "published on the last day",
		"as_of", "the last day", "; null when", "; empty when", "The column _none holds", "The column “no persona” holds",
	).Replace(text)
}

// statusFor is the status of a report's page whose question may have been refused.
func statusFor(refused *collateral.Error) int {
	if refused == nil {
		return http.StatusOK
	}
	status, _ := statusOf(refused.Kind)
	return status
}
