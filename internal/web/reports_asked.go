package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// asked is what a reader asks a report for, as the address has it: every report is a page to bookmark and to send.
type asked struct {
	Window   string
	AsOf     string
	Stages   []string
	Types    []string
	Owners   []string
	Personas []string
	Steps    []string // of the pieces that are listed
	Cursor   string
}

func askedOf(c echo.Context) asked {
	q := c.QueryParams()
	return asked{
		Window: q.Get("window"), AsOf: q.Get("as_of"), Cursor: q.Get("cursor"),
		Stages: said(q["stage"]), Types: said(q["type"]), Owners: said(q["owner"]), Personas: said(q["persona"]), Steps: said(q["step"]),
	}
}

// said leaves out what a form sends for a field that nobody filled in.
func said(values []string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

func (a asked) values() url.Values {
	v := url.Values{"stage": a.Stages, "type": a.Types, "owner": a.Owners, "persona": a.Personas, "step": a.Steps}
	for name, value := range map[string]string{"window": a.Window, "as_of": a.AsOf} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// Link leads to a report with the same question but for what is given in names and values. A name may be given several
// times; an empty value takes it away. Pages begin anew.
func (a asked) Link(path string, changes ...string) string {
	v := a.values()
	for i := 0; i+1 < len(changes); i += 2 {
		v.Del(changes[i])
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] != "" {
			v.Add(changes[i], changes[i+1])
		}
	}
	if query := v.Encode(); query != "" {
		return path + "?" + query
	}
	return path
}

// Narrowed reports whether anything is asked for but the window and the day.
func (a asked) Narrowed() bool {
	return len(a.Stages)+len(a.Types)+len(a.Owners)+len(a.Personas) > 0
}

// reportPage is how many pieces a report shows at once.
const reportPage = 50

func (a asked) paging() collateral.Paging {
	return collateral.Paging{Limit: reportPage, Cursor: a.Cursor}
}

// when reads the window and the time.
func (a asked) when() (window int, asOf time.Time, err error) {
	if a.Window != "" {
		if window, err = strconv.Atoi(a.Window); err != nil || window == 0 {
			return 0, asOf, collateral.Fault("?window", "The window is 1 to %d days.", usage.MaxWindow)
		}
	}
	if a.AsOf != "" {
		asOf, err = usage.ParseAsOf(a.AsOf)
	}
	return window, asOf, err
}

func (a asked) owners() ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, 0, len(a.Owners))
	for _, text := range a.Owners {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, collateral.Fault("?owner", "There is no such owner. Choose one from the list.")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (a asked) unused() (q usage.UnusedQuery, err error) {
	q = usage.UnusedQuery{Stages: a.Stages, Types: a.Types, Paging: a.paging()}
	if q.Window, q.AsOf, err = a.when(); err != nil {
		return q, err
	}
	for _, text := range a.Steps {
		step, err := strconv.Atoi(text)
		if err != nil {
			return q, collateral.Fault("?step", "There is no such step. Choose one from the ladder.")
		}
		q.Steps = append(q.Steps, collateral.Step(step))
	}
	q.Owners, err = a.owners()
	return q, err
}

func (a asked) coverage() (q usage.CoverageQuery, err error) {
	q = usage.CoverageQuery{Stages: a.Stages, Personas: a.Personas, Types: a.Types, Paging: a.paging()}
	if q.Window, q.AsOf, err = a.when(); err != nil {
		return q, err
	}
	q.Owners, err = a.owners()
	return q, err
}

func (a asked) searches() (q usage.SearchesQuery, err error) {
	q.Window, q.AsOf, err = a.when()
	return q, err
}

// choice is a value that a report can be narrowed to.
type choice struct {
	Value  string
	Name   string
	Chosen bool
}

// choices are what a report's form offers.
type choices struct {
	Asked  asked
	Path   string // of the report
	Days   int    // of the window
	Stages []choice
	Types  []choice
	Owners []choice
	Only   bool // the reader's own pieces alone
}

// Chosen names what the report is narrowed to, for who cannot see the form.
func (f choices) Chosen() string {
	var names []string
	for _, list := range [][]choice{f.Stages, f.Types, f.Owners} {
		for _, c := range list {
			if c.Chosen {
				names = append(names, c.Name)
			}
		}
	}
	for _, p := range f.Asked.Personas {
		names = append(names, personaWords(p))
	}
	return strings.Join(names, ", ")
}

// choicesOf fills the form of a report. Owners are those who have pieces in it, and those who were chosen.
func (s *site) choicesOf(c echo.Context, path string, a asked, owners []usage.Group) (choices, error) {
	ctx := c.Request().Context()
	f := choices{Asked: a, Path: path, Days: usage.DefaultWindow, Only: !actorOf(ctx).Is(collateral.Leader, collateral.Admin)}
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return f, err
	}
	for _, st := range stages {
		f.Stages = append(f.Stages, choice{st.Key, st.Name, slices.Contains(a.Stages, st.Key)})
	}
	for _, t := range collateral.Types() {
		f.Types = append(f.Types, choice{string(t), words(t), slices.Contains(a.Types, string(t))})
	}
	chosen, err := a.owners()
	if err != nil {
		chosen = nil // which the page says
	}
	names, err := s.names(ctx, chosen...)
	if err != nil {
		return f, err
	}
	for id, name := range names {
		if !slices.ContainsFunc(owners, func(g usage.Group) bool { return g.Key == id.String() }) {
			f.Owners = append(f.Owners, choice{id.String(), name, true})
		}
	}
	for _, g := range owners {
		f.Owners = append(f.Owners, choice{g.Key, g.Name, slices.Contains(a.Owners, g.Key)})
	}
	return f, nil
}

// sendCSV answers with a file of that name.
func sendCSV(c echo.Context, name string, content []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", content)
}
