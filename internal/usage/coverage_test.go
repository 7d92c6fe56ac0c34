package usage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// The worked example of docs/reports.md, by hand: today is 22 November 2026, and the window begins on 24 August.
//
//	piece      stages  personas   age   review by   happened                state
//	Proof      5, 1    cfo, cio   120   -           shared 2 days ago       covered
//	Sums       5       cfo        120   21 Nov      shared 2 days ago       stale: its review date was yesterday
//	Plan       1       cio        120   22 Nov      opened                  unused: its review date is today, and not past
//	Old proof  2       cio        120   1 Oct       nothing                 stale
//	Young      3       cfo        3     -           nothing                 too new
//	Young hit  3       cio        3     -           presented yesterday     covered: it is used already
//	General    5       -          120   -           nothing                 unused, in the column of no persona
//	Gone       4       cfo        120   -           withdrawn 5 days ago    not there
func exampleOfCoverage(w *world) {
	w.t.Helper()
	proof := w.publish(piece{title: "Proof", stages: []int{5, 1}, personas: []string{"cfo", "cio"}, age: 120})
	sums := w.publish(piece{title: "Sums", stages: []int{5}, personas: []string{"cfo"}, age: 120, reviewBy: "2026-11-21"})
	plan := w.publish(piece{title: "Plan", stages: []int{1}, personas: []string{"cio"}, age: 120, reviewBy: "2026-11-22"})
	w.publish(piece{title: "Old proof", stages: []int{2}, personas: []string{"cio"}, age: 120, reviewBy: "2026-10-01"})
	w.publish(piece{title: "Young", stages: []int{3}, personas: []string{"cfo"}, age: 3})
	hit := w.publish(piece{title: "Young hit", stages: []int{3}, personas: []string{"cio"}, age: 3})
	w.publish(piece{title: "General", kind: "faq", stages: []int{5}, age: 120})
	gone := w.publish(piece{title: "Gone", stages: []int{4}, personas: []string{"cfo"}, age: 120})
	w.withdraw(gone, w.clock.now().Add(-5*day))
	w.record(w.rita, w.event(collateral.Share, proof.ID, 2*day), w.event(collateral.Share, sums.ID, 2*day),
		w.event(collateral.View, plan.ID, 2*day), w.event(collateral.Present, hit.ID, day))
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		exampleOfCoverage(w)
		tests := []struct {
			name string
			q    CoverageQuery
			want []string
		}{
			{"everything", CoverageQuery{}, []string{
				"                       cfo               cio               _none           | total",
				"problem-identification covered 1/1000    covered 2/1100    none 0/0000     | covered 2/1100",
				"solution-exploration   missing 0/0000    stale 1/0001      none 0/0000     | stale 1/0001",
				"requirements-building  too_new 1/0010    covered 1/1000    none 0/0000     | covered 2/1010",
				"supplier-selection     missing 0/0000    missing 0/0000    none 0/0000     | missing 0/0000",
				"validation             covered 2/1001    covered 1/1000    unused 1/0100   | covered 3/1101",
				"consensus-creation     missing 0/0000    missing 0/0000    none 0/0000     | missing 0/0000",
				"General, Old proof, Plan, Proof, Sums, Young, Young hit",
			}},
			{"one cell", CoverageQuery{Stages: []string{"validation"}, Personas: []string{"cfo"}}, []string{
				" cfo | total", "validation covered 2/1001 | covered 2/1001", "Proof, Sums",
			}},
			{"no persona", CoverageQuery{Stages: []string{"validation"}, Personas: []string{NoPersona}}, []string{
				" _none | total", "validation unused 1/0100 | unused 1/0100", "General",
			}},
			{"a type", CoverageQuery{Stages: []string{"validation"}, Types: []string{"faq"}, Personas: []string{"cfo", NoPersona}}, []string{
				" cfo _none | total", "validation missing 0/0000 unused 1/0100 | unused 1/0100", "General",
			}},
			{"an owner of nothing", CoverageQuery{Stages: []string{"validation"}, Owners: []uuid.UUID{w.lea.UserID}, Personas: []string{"cio"}}, []string{
				" cio | total", "validation missing 0/0000 | missing 0/0000", "",
			}},
			{"a window without the uses", CoverageQuery{Window: 1, Stages: []string{"validation"}, Personas: []string{"cio"}}, []string{
				" cio | total", "validation unused 1/0100 | unused 1/0100", "Proof",
			}},
			{"the day before the withdrawal", CoverageQuery{AsOf: today.Add(-6 * day), Stages: []string{"supplier-selection"}, Personas: []string{"cfo"}}, []string{
				" cfo | total", "supplier-selection unused 1/0100 | unused 1/0100", "Gone",
			}},
		}
		for _, tt := range tests {
			got, err := w.Coverage(t.Context(), w.lea, tt.q)
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			for i := range tt.want {
				tt.want[i] = strings.Join(strings.Fields(tt.want[i]), " ")
			}
			if diff := cmp.Diff(tt.want, written(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}

// written is a report in lines: its columns, its rows with "state pieces/used unused too-new stale", and its items.
func written(r CoverageReport) []string {
	lines := []string{strings.Join(r.Personas, " ") + " | total"}
	cell := func(c CoverageCell) string {
		return fmt.Sprintf("%s %d/%d%d%d%d", c.State, c.Pieces, c.Used, c.Unused, c.TooNew, c.Stale)
	}
	for _, row := range r.Rows {
		line := row.Stage
		for _, c := range row.Cells {
			line += " " + cell(c)
		}
		lines = append(lines, line+" | "+cell(row.Total))
	}
	var titles []string
	for _, p := range r.Items {
		titles = append(titles, p.Title)
	}
	return append(lines, strings.Join(titles, ", "))
}

func TestCoverageInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	exampleOfCoverage(w)
	var titles []string
	q := CoverageQuery{Paging: collateral.Paging{Limit: 3}}
	for {
		r, err := w.Coverage(t.Context(), w.lea, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Items {
			titles = append(titles, p.Title)
		}
		if q.Cursor = r.NextCursor; q.Cursor == "" {
			break
		}
	}
	if got, want := strings.Join(titles, ", "), "General, Old proof, Plan, Proof, Sums, Young, Young hit"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	q.Cursor = collateral.Cursor("unused", "1")
	if _, err := w.Coverage(t.Context(), w.lea, q); collateral.KindOf(err) != collateral.Malformed {
		t.Errorf("a cursor of another list: got %v, want it refused", err)
	}
}

func TestWhoSeesCoverage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	exampleOfCoverage(w)
	max := w.person("max", collateral.Marketer)
	r, err := w.Coverage(t.Context(), max, CoverageQuery{})
	if err != nil || len(r.Items) != 0 {
		t.Errorf("a marketer without pieces: got %d pieces and %v, want none", len(r.Items), err)
	}
	if _, err := w.Coverage(t.Context(), w.rita, CoverageQuery{}); collateral.KindOf(err) != collateral.Forbidden {
		t.Errorf("a rep: got %v, want it forbidden", err)
	}
	_, err = w.Coverage(t.Context(), w.lea, CoverageQuery{Personas: []string{"nobody"}})
	if pointers(err) != "?persona" {
		t.Errorf("an unknown persona: got %v, want its field", err)
	}
}
