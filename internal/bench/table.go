package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// table is what an experiment measured.
type table struct {
	experiment
	rows []row
}

// row is one line of a table.
type row struct {
	what     string  // was measured
	measured string  // in words, with units
	checks   []check // none when there is no aim
	limit    string  // what limits it
}

// skipped is the row of what could not be measured here.
func skipped(what, why string) row { return row{what: what, measured: "not measured: " + why} }

// check holds one figure against its aim.
type check struct {
	figure string // what the number is, as in "of the bare index"
	got    float64
	unit   string // behind the numbers; may be empty
	least  float64
	most   float64 // 0 when the aim is least
}

func atLeast(least, got float64, figure string) check {
	return check{figure: figure, got: got, least: least}
}

func atMost(most, got float64, unit, figure string) check {
	return check{figure: figure, got: got, unit: unit, most: most}
}

func (c check) met() bool {
	if c.most > 0 {
		return c.got <= c.most
	}
	return c.got >= c.least
}

func (c check) String() string {
	word, bound := "at least", c.least
	if c.most > 0 {
		word, bound = "at most", c.most
	}
	verdict := "met"
	if !c.met() {
		verdict = "MISSED"
	}
	return fmt.Sprintf("%s: %.3g%s %s (aim: %s %.3g%s)", verdict, c.got, c.unit, c.figure, word, bound, c.unit)
}

func (r row) verdict() string {
	checks := make([]string, len(r.checks))
	for i, c := range r.checks {
		checks[i] = c.String()
	}
	return strings.Join(checks, "; ")
}

func (t table) print(out io.Writer) {
	tell(out, "\n%s\n", t.title)
	for _, r := range t.rows {
		tell(out, "  %s: %s\n", r.what, r.measured)
		for _, c := range r.checks {
			tell(out, "      %s\n", c)
		}
	}
	tell(out, "\n")
}

// keep writes the tables down in Markdown.
func keep(path string, m machine, tables []table) error {
	var doc strings.Builder
	doc.WriteString(`# Benchmarks

Written by ` + "`make bench`" + `, as a whole, in one run; nothing here is edited by hand. What stands beside a figure was measured
in the same run, in turns with it, on the same machine: ratios carry over to other machines, times do not. The load comes
from the same machine, so clients and server share its processors.

`)
	doc.WriteString(m.markdown())
	for _, t := range tables {
		fmt.Fprintf(&doc, "\n## %s\n\n| what | measured | aim | what limits it |\n|---|---|---|---|\n", t.title)
		for _, r := range t.rows {
			fmt.Fprintf(&doc, "| %s | %s | %s | %s |\n", r.what, r.measured, r.verdict(), r.limit)
		}
	}
	if err := os.WriteFile(path, []byte(doc.String()), 0o644); err != nil {
		return fmt.Errorf("keeping the table: %w", err)
	}
	return nil
}
