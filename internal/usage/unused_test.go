package usage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// The worked example of docs/reports.md.
func TestUnusedReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Shared", kind: "deck", stages: []int{5, 1}, age: 120})
		b := w.publish(piece{title: "Only opened", kind: "faq", age: 120})
		c := w.publish(piece{title: "Shared long ago", age: 120})
		d := w.publish(piece{title: "Young", stages: []int{2}, age: 3})
		e := w.publish(piece{title: "Never", kind: "faq", age: 120})
		gone := w.publish(piece{title: "Withdrawn", age: 120})
		w.record(w.rita, w.event(collateral.Share, gone.ID, 20*day))
		w.withdraw(gone, w.clock.now().Add(-5*day))
		w.record(w.rita, w.event(collateral.Share, a.ID, 2*day), w.event(collateral.Present, a.ID, 91*day), w.event(collateral.Share, a.ID, 3*day),
			w.event(collateral.View, b.ID, day), w.event(collateral.Share, c.ID, 100*day), w.event(collateral.Download, d.ID, day))
		w.record(w.mia, w.event(collateral.Share, e.ID, day)) // no rep

		got := w.unused(w.lea, UnusedQuery{})
		item := func(a *collateral.Asset, stage, stageName string, step collateral.Step, uses int64, last string) Piece {
			return Piece{AssetID: a.ID, Title: a.Title, Type: a.Type, Stage: stage, StageName: stageName, OwnerID: w.mia.UserID, OwnerName: "mia",
				FirstPublishedOn: a.FirstPublishedOn, EligibleOn: plusDays(a.FirstPublishedOn, 30), Step: step, Uses: uses, LastUseOn: last}
		}
		half := func(unused int, share float64) Share { return Share{Unused: unused, Share: &share} }
		none := Share{Note: noShare}
		want := UnusedReport{
			AsOf: today, Window: Window{From: "2026-08-24", To: "2026-11-22", Days: 90},
			Eligible: 4, Strict: half(3, 0.75), Lenient: half(2, 0.5),
			Ladder: []Rung{{0, "unseen", 2}, {1, "found", 0}, {2, "opened", 1}, {3, "taken", 0}, {4, "field-used", 1}, {5, "engaged", 0}},
			ByStage: []Group{
				{"problem-identification", "Problem identification", 4, half(3, 0.75), half(2, 0.5)},
				{"solution-exploration", "Solution exploration", 0, none, none},
				{"requirements-building", "Requirements building", 0, none, none},
				{"supplier-selection", "Supplier selection", 0, none, none},
				{"validation", "Validation", 1, half(0, 0), half(0, 0)},
				{"consensus-creation", "Consensus creation", 0, none, none},
			},
			ByType:  []Group{{"deck", "deck", 2, half(1, 0.5), half(1, 0.5)}, {"faq", "faq", 2, half(2, 1), half(1, 0.5)}},
			ByOwner: []Group{{w.mia.UserID.String(), "mia", 4, half(3, 0.75), half(2, 0.5)}},
			TooNew:  []Piece{item(d, "solution-exploration", "Solution exploration", collateral.Taken, 0, "")},
			Items: []Piece{
				item(e, "problem-identification", "Problem identification", collateral.Unseen, 0, ""),
				item(c, "problem-identification", "Problem identification", collateral.Unseen, 0, "2026-08-14"),
				item(b, "problem-identification", "Problem identification", collateral.Opened, 0, ""),
				item(a, "validation", "Validation", collateral.FieldUsed, 2, "2026-11-20"),
			},
			Benchmark: benchmark(), Definitions: definitions(90),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
		before, err := ParseAsOf("2026-11-16")
		if err != nil {
			t.Fatal(err)
		}
		if got := w.unused(w.lea, UnusedQuery{AsOf: before}).Eligible; got != 5 {
			t.Errorf("before the withdrawal: got %d eligible, want 5", got)
		}
	})
}

// A use counts on the first day of the window and on its last, as_of's own, and on no other beside them.
func TestUnusedWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	a := w.publish(piece{title: "Deck", age: 120})
	w.record(w.rita, w.event(collateral.Share, a.ID, 50*day))
	for _, test := range []struct {
		asOf   string
		window int
		uses   int64
		last   string
	}{
		{"2026-10-02", 10, 0, ""},
		{"2026-10-03", 10, 1, "2026-10-03"},
		{"2026-10-13", 10, 1, "2026-10-03"},
		{"2026-10-14", 10, 0, "2026-10-03"},
		{"2026-11-22", 50, 1, "2026-10-03"},
		{"2026-11-22", 49, 0, "2026-10-03"},
	} {
		asOf, err := ParseAsOf(test.asOf)
		if err != nil {
			t.Fatal(err)
		}
		got := w.unused(w.lea, UnusedQuery{AsOf: asOf, Window: test.window}).Items[0]
		if got.Uses != test.uses || got.LastUseOn != test.last {
			t.Errorf("%d days up to %s: got %d uses, the last on %q, want %d and %q", test.window, test.asOf, got.Uses, got.LastUseOn, test.uses, test.last)
		}
	}
}

// A piece is judged from the 30th day after its first publication on; a new version does not restart that, and an
// imported piece keeps the age it came with.
func TestTooNewAndEligible(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.publish(piece{title: "29 days", age: 29})
		w.publish(piece{title: "30 days", age: 30})
		w.publish(piece{title: "no day", age: 30, firstPublished: "unknown"})
		w.publish(piece{title: "imported", age: 1, firstPublished: "2020-02-29"})
		w.publishVersion(w.publish(piece{title: "new version", age: 40}), w.clock.now().Add(-day))
		w.withdraw(w.publish(piece{title: "withdrawn", age: 40}), w.clock.now().Add(-5*day))
		titles := func(r UnusedReport) string {
			var eligible, young []string
			for _, p := range r.Items {
				eligible = append(eligible, p.Title)
			}
			for _, p := range r.TooNew {
				young = append(young, p.Title+" until "+p.EligibleOn)
			}
			return strings.Join(eligible, ", ") + "; " + strings.Join(young, ", ")
		}
		for asOf, want := range map[string]string{
			"2026-11-22": "30 days, imported, new version, no day; 29 days until 2026-11-23",
			"2026-11-16": "new version, withdrawn; 30 days until 2026-11-22, no day until 2026-11-22, 29 days until 2026-11-23",
			"2026-10-12": "; ",
		} {
			at, err := ParseAsOf(asOf)
			if err != nil {
				t.Fatal(err)
			}
			if got := titles(w.unused(w.lea, UnusedQuery{AsOf: at})); got != want {
				t.Errorf("as of %s: got %q, want %q", asOf, got, want)
			}
		}
	})
}

func TestMergedStagesCountAsOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.publish(piece{title: "Both", stages: []int{2, 3}, age: 50})
		w.publish(piece{title: "Old", stages: []int{3}, age: 50})
		err := w.store.Tx(t.Context(), func(tx *store.Store) error {
			return tx.RetireStage(t.Context(), stage(3), stage(2), w.clock.now())
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"requirements-building", "solution-exploration"} {
			r := w.unused(w.lea, UnusedQuery{Stages: []string{key}})
			if len(r.ByStage) != 1 || r.ByStage[0].Key != "solution-exploration" || r.ByStage[0].Eligible != 2 || r.Eligible != 2 || r.Items[1].Stage != "solution-exploration" {
				t.Errorf("stage %s: got %+v, want both pieces under solution-exploration", key, r.ByStage)
			}
		}
	})
}

func TestNothingEligibleHasNoShare(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	r := w.unused(w.lea, UnusedQuery{})
	for _, share := range []Share{r.Strict, r.Lenient, r.ByStage[0].Strict} {
		if share.Share != nil || share.Unused != 0 || share.Note == "" {
			t.Errorf("got %+v, want no share and a sentence", share)
		}
	}
}

func TestWhoSeesTheUnusedReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	max := w.person("max", collateral.Marketer)
	w.publish(piece{title: "Mia's", age: 50})
	w.publish(piece{title: "Max's", owner: max, age: 50})
	w.publish(piece{title: "Max's, with Mia", owner: max, coauthors: []uuid.UUID{w.mia.UserID}, age: 50})
	admin := collateral.Actor{Roles: []collateral.Role{collateral.Admin}}
	both := collateral.Actor{UserID: max.UserID, Roles: []collateral.Role{collateral.Marketer, collateral.Leader}}
	for _, test := range []struct {
		actor collateral.Actor
		want  int
	}{{w.lea, 3}, {admin, 3}, {both, 3}, {max, 2}, {w.mia, 2}} {
		if got := w.unused(test.actor, UnusedQuery{}).Eligible; got != test.want {
			t.Errorf("%v: got %d pieces, want %d", test.actor.Roles, got, test.want)
		}
	}
	for _, actor := range []collateral.Actor{w.rita, w.ann} {
		if _, err := w.Unused(t.Context(), actor, UnusedQuery{}); collateral.KindOf(err) != collateral.Forbidden {
			t.Errorf("%v: got error %v, want Forbidden", actor.Roles, err)
		}
	}
}

// Pages follow one another without a gap or an overlap, also when uses come in between.
func TestUnusedPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		var last *collateral.Asset
		for range 4 {
			for _, title := range []string{"Deck", "Flyer", "Zebra"} {
				last = w.publish(piece{title: title, age: 50})
			}
		}
		w.record(w.rita, w.event(collateral.Share, last.ID, day), w.event(collateral.View, last.ID, day))
		want := w.unused(w.lea, UnusedQuery{}).Items
		var got []Piece
		q := UnusedQuery{Paging: collateral.Paging{Limit: 5}}
		for {
			r := w.unused(w.lea, q)
			got = append(got, r.Items...)
			if q.Cursor = r.NextCursor; q.Cursor == "" {
				break
			}
			w.record(w.rita, w.event(collateral.Share, want[0].AssetID, 0)) // seen already: it moves to the end
			w.clock.move(day)
		}
		if diff := cmp.Diff(want, got[:12]); diff != "" {
			t.Errorf("pages (-all at once +page by page):\n%s", diff)
		}
		if len(got) > 12 && (len(got) != 13 || got[12].AssetID != want[0].AssetID) {
			t.Errorf("got %d items, want 12 and the one that moved", len(got))
		}
	})
}

func TestUnusedRefusesBadQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	for pointer, q := range map[string]UnusedQuery{
		"?window": {Window: 401},
		"?as_of":  {AsOf: today.Add(16 * time.Hour)},
		"?stage":  {Stages: []string{"validation", "closing"}},
		"?type":   {Types: []string{"poem"}},
		"?cursor": {Paging: collateral.Paging{Limit: 1, Cursor: collateral.Cursor("assets", "1", "2", "3", "4", "5")}},
	} {
		_, err := w.Unused(t.Context(), w.lea, q)
		if got := pointers(err); got != pointer {
			t.Errorf("got pointers %q of %v, want %s", got, err, pointer)
		}
	}
	for _, s := range []string{"", "2026-02-30", "22.11.2026"} {
		if _, err := ParseAsOf(s); pointers(err) != "?as_of" {
			t.Errorf("as_of %q: got error %v, want one about ?as_of", s, err)
		}
	}
	if r := w.unused(w.lea, UnusedQuery{AsOf: today.Add(time.Hour)}); !r.AsOf.Equal(today) {
		t.Errorf("the end of today: got as_of %s, want now", r.AsOf)
	}
}

func pointers(err error) (all string) {
	if e, ok := errors.AsType[*collateral.Error](err); ok {
		for _, f := range e.Fields {
			all += f.Pointer
		}
	}
	return all
}

func TestUnusedCSV(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("01980000-0000-7000-8000-000000000001")
	owner := uuid.MustParse("01980000-0000-7000-8000-000000000002")
	var out strings.Builder
	err := WriteUnusedCSV(&out, UnusedReport{Items: []Piece{
		{AssetID: id, Title: `=HYPERLINK("x"), "y"`, Type: "deck", Stage: "validation", OwnerID: owner, OwnerName: "Mia", FirstPublishedOn: "2026-01-02",
			Step: collateral.FieldUsed, Uses: 3, LastUseOn: "2026-11-20", Cost: &collateral.Cost{Amount: "1250.00", Currency: "EUR"}},
		{AssetID: id, Title: "Flyer", Type: "brochure", Stage: "validation", OwnerID: owner, OwnerName: "-Max", FirstPublishedOn: "2026-01-02"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := `asset_id,title,type,stage,owner,owner_name,first_published_on,step,step_name,last_use_on,uses,cost_amount,cost_currency
01980000-0000-7000-8000-000000000001,"'=HYPERLINK(""x""), ""y""",deck,validation,01980000-0000-7000-8000-000000000002,Mia,2026-01-02,4,field-used,2026-11-20,3,1250.00,EUR
01980000-0000-7000-8000-000000000001,Flyer,brochure,validation,01980000-0000-7000-8000-000000000002,'-Max,2026-01-02,0,unseen,,0,,
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
}

// A caller who gives up gets an error, and what was acknowledged to others stays.
func TestRecordAfterTheCallerGaveUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	a := w.publish(piece{title: "Deck", age: 50})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Record(ctx, w.rita, []Incoming{w.event(collateral.Share, a.ID, day)}); err == nil {
		t.Error("got no error from a call that was given up")
	}
	w.record(w.rita, w.event(collateral.Share, a.ID, day))
	if got := w.unused(w.lea, UnusedQuery{}).Items[0].Uses; got != 1 {
		t.Errorf("got %d uses, want 1", got)
	}
}
