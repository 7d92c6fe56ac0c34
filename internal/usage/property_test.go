package usage

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// After random events, late, repeated and from two processes at once, the totals are what a count of all the events
// and searches gives, and the report is what a look at everything gives.
func TestTotalsAndReportFollowFromWhatHappened(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c := newCrowd(w, 7)
		ids, sum := c.live(t)
		var kept int
		c.read("SELECT count(*) FROM usage_events WHERE opportunity = '' AND version_id IN (SELECT id FROM versions)", func(scan func(...any)) { scan(&kept) })
		if sum.Accepted != kept || sum.Duplicates == 0 || len(sum.Rejected) == 0 || sum.Accepted >= ids {
			t.Errorf("got %d accepted, %d duplicates and %d rejected of %d ids, %d kept", sum.Accepted, sum.Duplicates, len(sum.Rejected), ids, kept)
		}
		all := c.happenings()
		c.checkTotals(t, all)
		c.checkReports(t, all)
	})
}

// total is a row of the totals.
type total struct {
	Asset                      uuid.UUID
	Day                        string
	Found, Opened, Taken, Used int
	Engaged                    int
	LastUsedOn                 *string
}

func (c *crowd) checkTotals(t *testing.T, all []happening) {
	t.Helper()
	var got, want []total
	c.read("SELECT asset_id, day, found, opened, taken, used, engaged, last_used_on FROM usage_totals ORDER BY asset_id, day", func(scan func(...any)) {
		var row total
		scan(&row.Asset, &row.Day, &row.Found, &row.Opened, &row.Taken, &row.Used, &row.Engaged, &row.LastUsedOn)
		// A day whose visits were all taken back keeps its row, which adds nothing.
		before := total{Asset: row.Asset, Day: row.Day}
		if n := len(got); n > 0 && got[n-1].Asset == row.Asset {
			before = got[n-1]
			before.Day = row.Day
		}
		if !gocmp.Equal(before, row) {
			got = append(got, row)
		}
	})
	slices.SortFunc(all, func(a, b happening) int {
		return cmp.Or(slices.Compare(a.asset[:], b.asset[:]), cmp.Compare(a.day, b.day))
	})
	var row total
	for i, h := range all {
		if h.asset != row.Asset {
			row = total{Asset: h.asset}
		}
		row.Day = h.day
		switch h.step {
		case collateral.Found:
			row.Found++
		case collateral.Opened:
			row.Opened++
		case collateral.Taken:
			row.Taken++
		case collateral.FieldUsed:
			row.Used++
			row.LastUsedOn = new(h.day)
		case collateral.Engaged:
			row.Engaged++
		}
		if i == len(all)-1 || all[i+1].asset != h.asset || all[i+1].day != h.day {
			want = append(want, row)
		}
	}
	byDay := func(a, b happening) int { return cmp.Compare(a.day, b.day) }
	if first, last := slices.MinFunc(all, byDay).day, slices.MaxFunc(all, byDay).day; first[:4] == last[:4] {
		t.Fatalf("the days from %s to %s have no year's end among them", first, last)
	}
	if len(want) < 100 {
		t.Fatalf("only %d rows of totals: this shows nothing", len(want))
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("totals (-recounted +got):\n%s", diff)
	}
	var stale int
	c.read(`SELECT count(*) FROM usage_totals t JOIN usage_latest l ON l.asset_id = t.asset_id
		WHERE t.day = (SELECT MAX(day) FROM usage_totals WHERE asset_id = t.asset_id) AND t.as_text <> l.totals`, func(scan func(...any)) { scan(&stale) })
	if stale != 0 {
		t.Errorf("the latest totals of %d pieces are not their newest row", stale)
	}
}

func (c *crowd) checkReports(t *testing.T, all []happening) {
	t.Helper()
	log := c.publicationLog()
	actors := []collateral.Actor{c.lea, c.mia, c.people[2]}
	steps := make(map[collateral.Step]int)
	for i := range 80 {
		q := UnusedQuery{Window: 1 + c.random.IntN(120), AsOf: c.clock.now().AddDate(0, 0, -c.random.IntN(120))}
		if c.random.IntN(2) == 0 {
			q.AsOf = c.clock.now()
		}
		if c.random.IntN(3) == 0 {
			q.Types = []string{"deck", "faq"}[:1+c.random.IntN(2)]
		}
		if c.random.IntN(3) == 0 {
			q.Stages = []string{"validation", "requirements-building"}[:1+c.random.IntN(2)]
		}
		if c.random.IntN(4) == 0 {
			q.Owners = []uuid.UUID{c.mia.UserID}
		}
		actor := actors[i%3]
		want := c.naive(actor, q, log, all)
		got := c.unused(actor, q)
		got.ByStage = slices.DeleteFunc(got.ByStage, func(g Group) bool { return g.Eligible == 0 })
		for _, item := range got.Items {
			steps[item.Step]++
		}
		if diff := gocmp.Diff(want, got, whatCounts...); diff != "" {
			t.Fatalf("report %d, %+v (-by going through everything +got):\n%s", i, q, diff)
		}
	}
	if len(steps) != 6 {
		t.Errorf("the reports reached the steps %v, want all of them: this shows too little", steps)
	}
}

// whatCounts leaves of a report what the naive count makes: figures and items, in no order.
var whatCounts = []gocmp.Option{
	cmpopts.IgnoreFields(UnusedReport{}, "AsOf", "Window", "Ladder", "Benchmark", "Definitions", "Late"),
	cmpopts.IgnoreFields(Group{}, "Name"),
	cmpopts.IgnoreFields(Piece{}, "StageName", "OwnerName", "EligibleOn"),
	cmpopts.SortSlices(func(a, b Piece) bool { return a.AssetID.String() < b.AssetID.String() }),
	cmpopts.SortSlices(func(a, b Group) bool { return a.Key < b.Key }),
	cmpopts.IgnoreFields(Share{}, "Note"),
	cmpopts.EquateEmpty(),
}
