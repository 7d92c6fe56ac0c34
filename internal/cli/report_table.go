package cli

import (
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// writeCoverageTable writes the matrix for a terminal: in each cell how it stands and how many pieces it has.
func writeCoverageTable(w io.Writer, r usage.CoverageReport) error {
	say(w, "Coverage, %s to %s (%d days)\n\n", r.Window.From, r.Window.To, r.Window.Days)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	headings := []string{"STAGE"}
	for _, p := range r.Personas {
		headings = append(headings, strings.ToUpper(p))
	}
	say(t, "%s\tALL\n", strings.Join(headings, "\t"))
	for _, row := range r.Rows {
		cells := []string{row.Name}
		for _, c := range row.Cells {
			cells = append(cells, coverageCell(c))
		}
		say(t, "%s\t%s\n", strings.Join(cells, "\t"), coverageCell(row.Total))
	}
	return t.Flush()
}

func coverageCell(c usage.CoverageCell) string {
	switch c.State {
	case usage.Missing:
		return "missing"
	case usage.NoGap:
		return "-"
	}
	return string(c.State) + " " + strconv.Itoa(c.Pieces)
}

// writeSearchesTable writes both lists for a terminal.
func writeSearchesTable(w io.Writer, r usage.SearchesReport) error {
	say(w, "Searches of the field, %s to %s (%d days): %d\n", r.Window.From, r.Window.To, r.Window.Days, r.Searches)
	for _, list := range []struct {
		name string
		usage.SearchList
	}{{"Found nothing", r.Nothing}, {"Found something, and nothing was opened", r.Unopened}} {
		say(w, "\n%s: %d\n", list.name, list.Times)
		if len(list.Items) == 0 {
			continue
		}
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		say(t, "TIMES\tPEOPLE\tLAST\tQUERY\tFILTERS\n")
		for _, q := range list.Items {
			people := "<" + strconv.Itoa(collateral.MinPeople)
			if q.People > 0 {
				people = strconv.Itoa(q.People)
			}
			say(t, "%d\t%s\t%s\t%s\t%s\n", q.Times, people, q.LastOn, q.Query, orDash(strings.Join(q.Filters, " ")))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return nil
}
