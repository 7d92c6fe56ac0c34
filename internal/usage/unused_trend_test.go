package usage

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Every point of a trend is what the report says that is made for its time, whatever happened meanwhile: publications,
// withdrawals, new versions and uses that came in late.
func TestTrendIsTheReportsOfItsWeeks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c := newCrowd(w, 11)
		c.live(t)
		queries := []UnusedQuery{
			{},
			{Window: 7},
			{Window: 41, Types: []string{"deck", "faq"}},
			{Stages: []string{"validation", "requirements-building"}},
			{Owners: []uuid.UUID{c.mia.UserID}, AsOf: c.clock.now().AddDate(0, 0, -33)},
		}
		differing := make(map[float64]bool)
		for i, q := range queries {
			for _, actor := range []collateral.Actor{c.lea, c.mia} {
				points, err := c.UnusedTrend(t.Context(), actor, q)
				if err != nil {
					t.Fatal(err)
				}
				if len(points) != TrendWeeks {
					t.Fatalf("query %d: got %d points, want %d", i, len(points), TrendWeeks)
				}
				for _, got := range points {
					asOf := q
					asOf.AsOf = got.AsOf
					r := c.unused(actor, asOf)
					want := TrendPoint{AsOf: r.AsOf, Eligible: r.Eligible, Strict: r.Strict, Lenient: r.Lenient}
					if diff := gocmp.Diff(want, got); diff != "" {
						t.Fatalf("query %d at %s (-report +point):\n%s", i, got.AsOf, diff)
					}
					if got.Strict.Share != nil {
						differing[*got.Strict.Share] = true
					}
				}
			}
		}
		if len(differing) < 10 {
			t.Errorf("the points have only %d different shares: this shows too little", len(differing))
		}
	})
}

func TestTrendEndsWithNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	points, err := w.UnusedTrend(t.Context(), w.lea, UnusedQuery{})
	if err != nil {
		t.Fatal(err)
	}
	first, last := points[0].AsOf.Format("2006-01-02 15:04"), points[TrendWeeks-1].AsOf
	if first != "2026-05-31 23:59" || !last.Equal(today) {
		t.Errorf("got points from %s to %s, want the end of 2026-05-31 and now", first, last)
	}
	if points[0].Strict.Share != nil || points[0].Strict.Note == "" {
		t.Errorf("got %+v without a piece, want no share and a sentence", points[0].Strict)
	}
}
