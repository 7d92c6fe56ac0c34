package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// exampleOfAdoption is worked out by hand. Pieces are mia's and of the first stage unless the table says otherwise; north has 6 reps, south 5, east 2, and
// rita has no team: 14 reps.
//
//	piece   published        first shared                              then
//	Alpha   5 Sep            7 Sep, by rita                            -
//	Beta    25 Sep           25 Sep, by north 1                        north 2 shared it on 20 Nov; a new version on 1 Nov
//	Gamma   1 Nov, stage 5   6 Nov, by north 1                         south 1 on 7 Nov, east 1 on 8 Nov
//	Delta   3 Nov, a video   23 days of nothing                        opened by all 6 of north on 10 Nov
//	Eta     5 Nov            15 Nov, by south 1                        opened by the other 4 of south on 16 Nov
//	Gone    2 Nov            3 Nov, by north 1                         withdrawn on 12 Nov
//	Max's   10 Nov, max's    10 Nov, by max, who is no rep             -
func exampleOfAdoption(w *world) {
	w.t.Helper()
	team := func(name string, n int) (reps []collateral.Actor) {
		for i := range n {
			reps = append(reps, w.person(fmt.Sprintf("%s%d", name, i+1), "01-01", name, collateral.Rep))
		}
		return reps
	}
	north, south, east := team("north", 6), team("south", 5), team("east", 2)
	publish := func(p piece, day string) *collateral.Asset {
		a := w.piece(p)
		w.signs(w.ann, w.submit(a, day), day, true)
		return a
	}
	alpha := publish(piece{title: "Alpha"}, "09-05")
	w.use(w.rita, collateral.Share, alpha, "09-07")
	beta := publish(piece{title: "Beta"}, "09-25")
	w.use(north[0], collateral.Present, beta, "09-25")
	w.signs(w.ann, w.submit(beta, "11-01"), "11-01", true)
	w.use(north[1], collateral.Share, beta, "11-20")
	gamma := publish(piece{title: "Gamma", stages: []int{5}}, "11-01")
	w.use(north[0], collateral.Share, gamma, "11-06")
	w.use(south[0], collateral.Share, gamma, "11-07")
	w.use(east[0], collateral.Share, gamma, "11-08")
	delta := publish(piece{title: "Delta", kind: "video"}, "11-03")
	for _, rep := range north {
		w.use(rep, collateral.View, delta, "11-10")
	}
	eta := publish(piece{title: "Eta"}, "11-05")
	w.use(south[0], collateral.Share, eta, "11-15")
	for _, rep := range south[1:] {
		w.use(rep, collateral.View, eta, "11-16")
	}
	gone := publish(piece{title: "Gone"}, "11-02")
	w.use(north[0], collateral.Share, gone, "11-03")
	w.withdraw(gone, "11-12")
	other := publish(piece{title: "Max's", owner: w.max}, "11-10")
	w.use(w.max, collateral.Share, other, "11-10")
}

// use records one use of a piece, an hour after 9 o'clock of a day, on that day.
func (w *world) use(by collateral.Actor, kind collateral.UseKind, a *collateral.Asset, day string) {
	w.t.Helper()
	at := on(day).Add(time.Hour)
	today := w.now
	w.now = at
	defer func() { w.now = today }()
	out, err := w.uses.Record(w.t.Context(), by, []usage.Incoming{{
		ID: w.store.NewID().String(), Kind: string(kind), AssetID: a.ID.String(), OccurredAt: at.Format(time.RFC3339Nano),
	}})
	if err != nil || out.Accepted != 1 {
		w.t.Fatalf("recording a use of %s: %+v, %v", a.Title, out, err)
	}
	if err := w.uses.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func TestAdoption(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		exampleOfAdoption(w)
		tests := []struct {
			name string
			by   collateral.Actor
			q    AdoptionQuery
			want []string
		}{
			// New are Gamma (5 days), Delta, Eta (10 days) and Max's: of 5 and 10 days the median is the first. Before: Beta on the same day. Active are all of
			// north and of south and one of east, 12 of 14: east and rita are fewer than five, and with south, the next smallest, 8 reps of whom 6 were
			// active. Gamma was used in north, south and east, which is too small to count.
			{"now", w.lea, AdoptionQuery{Window: 30}, []string{
				"2026-10-23 to 2026-11-22: new 4 used 2 without 2 median 5 p90 10",
				"2026-09-22 to 2026-10-22: new 1 used 1 without 0 median 0 p90 0",
				"reps 14 active 12; north 6/6, others 6/8",
				"new: Max's - 0, Eta 10 1, Delta - 0, Gamma 5 2", "used: Eta 10 1, Gamma 5 2", "without: Max's - 0, Delta - 0",
			}},
			// Eta is not used yet and Gone not withdrawn: 1 and 5 days. Beta is of the period before. Active: six of north, south 1, east 1.
			{"11 November", w.lea, AdoptionQuery{Window: 30, AsOf: endOf("11-11")}, []string{
				"2026-10-12 to 2026-11-11: new 5 used 2 without 3 median 1 p90 5",
				"2026-09-11 to 2026-10-11: new 1 used 1 without 0 median 0 p90 0",
				"reps 14 active 8; ",
				"new: Max's - 0, Eta - 0, Delta - 0, Gone 1 1, Gamma 5 2", "used: Gone 1 1, Gamma 5 2", "without: Max's - 0, Eta - 0, Delta - 0",
			}},
			// Only Alpha and Beta, of 2 and 0 days. Active are rita and north 1, who are too few for a figure.
			{"30 September", w.lea, AdoptionQuery{Window: 30, AsOf: endOf("09-30")}, []string{
				"2026-08-31 to 2026-09-30: new 2 used 2 without 0 median 0 p90 2",
				"2026-07-31 to 2026-08-30: new 0 used 0 without 0 median - p90 -",
				"reps 14 active 0; ",
				"new: Beta 0 1, Alpha 2 0", "used: Beta 0 1, Alpha 2 0", "without: ",
			}},
			{"a stage, which leaves the reps as they are", w.lea, AdoptionQuery{Window: 30, Stages: []string{"validation"}}, []string{
				"2026-10-23 to 2026-11-22: new 1 used 1 without 0 median 5 p90 5",
				"2026-09-22 to 2026-10-22: new 0 used 0 without 0 median - p90 -",
				"reps 14 active 12; north 6/6, others 6/8",
				"new: Gamma 5 2", "used: Gamma 5 2", "without: ",
			}},
			{"a marketer's own", w.max, AdoptionQuery{Window: 30}, []string{
				"2026-10-23 to 2026-11-22: new 1 used 0 without 1 median - p90 -",
				"2026-09-22 to 2026-10-22: new 0 used 0 without 0 median - p90 -",
				"no reps", "new: Max's - 0", "used: ", "without: Max's - 0",
			}},
		}
		for _, tt := range tests {
			if diff := gocmp.Diff(tt.want, w.writtenAdoption(tt.by, tt.q)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}

// writtenAdoption is the report in lines: its figures, those before, the reps, and each list with days and teams.
func (w *world) writtenAdoption(by collateral.Actor, q AdoptionQuery) (lines []string) {
	w.t.Helper()
	for _, q.List = range AdoptionLists() {
		r, err := w.Adoption(w.t.Context(), by, q)
		if err != nil {
			w.t.Fatalf("reporting: %v", err)
		}
		if lines == nil {
			lines = append(lines, r.Window.From+" to "+r.Window.To+": "+writtenAdoptionFigures(r.Figures),
				r.BeforeWindow.From+" to "+r.BeforeWindow.To+": "+writtenAdoptionFigures(r.Before), writtenReps(r.Reps))
		}
		var items []string
		for _, p := range r.Items {
			items = append(items, fmt.Sprintf("%s %s %d", p.Title, number(p.Days), p.Teams))
		}
		lines = append(lines, string(q.List)+": "+strings.Join(items, ", "))
	}
	return lines
}

func writtenAdoptionFigures(f AdoptionFigures) string {
	return fmt.Sprintf("new %d used %d without %d median %s p90 %s", f.New, f.Used, f.Without, number(f.Median), number(f.P90))
}

func writtenReps(f *RepFigures) string {
	if f == nil {
		return "no reps"
	}
	var teams []string
	for _, t := range f.Teams {
		name := t.Name
		if t.Others {
			name = "others"
		}
		teams = append(teams, fmt.Sprintf("%s %d/%d", name, t.Active, t.Reps))
	}
	return fmt.Sprintf("reps %d active %d; %s", f.Reps, f.Active, strings.Join(teams, ", "))
}

func number(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// Nothing is told of fewer than five, nor can it be reckoned from what is told.
func TestFewRepsAreNotTold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		teams []TeamReps
		want  string
	}{
		{"a small team goes with the next smallest", []TeamReps{{Name: "a", Reps: 9, Active: 8}, {Name: "b", Reps: 2, Active: 2}, {Name: "c", Reps: 6, Active: 6}}, "reps 17 active 16; a 8/9, others 8/8"},
		{"a large team with few active does too", []TeamReps{{Name: "a", Reps: 9, Active: 8}, {Name: "b", Reps: 20, Active: 1}, {Name: "c", Reps: 6, Active: 6}}, "reps 35 active 15; a 8/9, others 7/26"},
		{"one team is not told apart from the rest of few", []TeamReps{{Name: "a", Reps: 9, Active: 8}, {Name: "b", Reps: 1, Active: 1}}, "reps 10 active 9; "},
		{"a handful altogether", []TeamReps{{Name: "a", Reps: 2, Active: 2}, {Name: "b", Reps: 2, Active: 1}}, "reps 0 active 0; "},
		{"large teams", []TeamReps{{Name: "a", Reps: 9, Active: 8}, {Name: "", Reps: 5, Active: 5}}, "reps 14 active 13; a 8/9,  5/5"},
	}
	for _, tt := range tests {
		if got := writtenReps(toldReps(tt.teams)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAdoptionInPartsAndRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	exampleOfAdoption(w)
	first, err := w.Adoption(t.Context(), w.lea, AdoptionQuery{Paging: collateral.Paging{Limit: 2}})
	if err != nil || len(first.Items) != 2 || first.Listed != 6 || first.NextCursor == "" {
		t.Fatalf("got %d of %d items, %v, want 2 of 6", len(first.Items), first.Listed, err)
	}
	second, err := w.Adoption(t.Context(), w.lea, AdoptionQuery{Paging: collateral.Paging{Limit: 9, Cursor: first.NextCursor}})
	if err != nil || len(second.Items) != 4 || second.Items[0].Title != "Delta" || second.NextCursor != "" {
		t.Errorf("got the second page %+v, %v, want four pieces from Delta on", second.Items, err)
	}
	var file, teams bytes.Buffer
	if err := errors.Join(WriteAdoptionCSV(&file, second), WriteAdoptionTeamsCSV(&teams, second)); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s,Gamma,deck,validation,%s,mia,2026-11-01,2026-11-06,5,2\n", second.Items[1].AssetID, w.mia.UserID)
	if !strings.Contains(file.String(), want) || !strings.Contains(teams.String(), "\nnorth,false,6,6\n") {
		t.Errorf("got files %q and %q", file.String(), teams.String())
	}
	for field, q := range map[string]AdoptionQuery{
		"?window": {Window: -1}, "?as_of": {AsOf: on("11-23")}, "?stage": {Stages: []string{"nowhere"}}, "?type": {Types: []string{"slides"}}, "?list": {List: "late"},
		"?cursor": {List: NewUsed, Paging: collateral.Paging{Cursor: first.NextCursor}},
	} {
		_, err := w.Adoption(t.Context(), w.lea, q)
		refusal, ok := errors.AsType[*collateral.Error](err)
		if !ok || len(refusal.Fields) == 0 || refusal.Fields[0].Pointer != field {
			t.Errorf("got %v, want a refusal of %s", err, field)
		}
	}
	if _, err := w.Adoption(t.Context(), w.rita, AdoptionQuery{Owners: []uuid.UUID{w.mia.UserID}}); collateral.KindOf(err) != collateral.Forbidden {
		t.Errorf("as a rep: got %v, want Forbidden", err)
	}
}
