package usage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// TrendWeeks is how many points a trend has, one a week.
const TrendWeeks = 26

// TrendPoint is the headline of the unused report at one time.
type TrendPoint struct {
	AsOf     time.Time
	Eligible int
	Strict   Share
	Lenient  Share
}

// UnusedTrend returns what Unused would have said at the query's AsOf and at the end of that day in each of the weeks before
// it, the oldest first, for the same people and filters; it has no pages. It reads the publication log and the totals
// once, so 26 reports cost hardly more than one.
func (u *Usage) UnusedTrend(ctx context.Context, actor collateral.Actor, q UnusedQuery) ([]TrendPoint, error) {
	q.Paging = collateral.Paging{}
	b, err := u.begin(ctx, actor, &q)
	if err != nil {
		return nil, err
	}
	weeks := weeksUpTo(q.AsOf, q.Window)
	histories, err := u.store.PieceHistories(ctx, store.PieceHistoriesQuery{
		AsOf: q.AsOf, From: weeks[0].window.From, To: b.window.To, Person: b.person, Staged: len(q.Stages) > 0,
	})
	if err != nil {
		return nil, err
	}
	for _, h := range histories {
		if !q.coversKind(h.OwnerID, h.Type) {
			continue
		}
		for i := range weeks {
			weeks[i].count(b, h)
		}
	}
	points := make([]TrendPoint, len(weeks))
	for i, w := range weeks {
		points[i] = TrendPoint{AsOf: w.asOf, Eligible: w.eligible, Strict: shareOf(w.strict, w.eligible), Lenient: shareOf(w.lenient, w.eligible)}
	}
	return points, nil
}

// week gathers the figures of one point.
type week struct {
	asOf     time.Time
	window   Window
	youngest string // last day of a first publication that is old enough
	after    string // first day behind the window
	eligible int
	strict   int // unused
	lenient  int
}

func weeksUpTo(asOf time.Time, days int) []week {
	weeks := make([]week, TrendWeeks)
	for i := range weeks {
		at := asOf
		if back := TrendWeeks - 1 - i; back > 0 {
			at = endOf(asOf).AddDate(0, 0, -7*back)
		}
		window := windowOf(at, days)
		weeks[i] = week{asOf: at, window: window, youngest: plusDays(window.To, -MinAge), after: plusDays(window.To, 1)}
	}
	return weeks
}

// endOf is the last moment of a day in UTC.
func endOf(at time.Time) time.Time {
	return at.UTC().Truncate(24 * time.Hour).Add(24*time.Hour - time.Microsecond)
}

// count adds a piece to the week, if it was published then as something that is wanted, and old enough.
func (w *week) count(b begun, h store.PieceHistory) {
	then := -1 // the entry that holds at that time
	for i, e := range h.Log {
		if !e.At.After(w.asOf) {
			then = i
		}
	}
	if then < 0 {
		return
	}
	e := h.Log[then]
	if e.Ended || e.FirstPublishedOn > w.youngest || !b.coversStages(e.StageID, e.OtherStages) {
		return
	}
	w.eligible++
	before, end := totalsBefore(h.Totals, w.window.From), totalsBefore(h.Totals, w.after)
	if end.Used == before.Used {
		w.strict++
	}
	if end.Opened == before.Opened {
		w.lenient++
	}
}

// totalsBefore is what the totals were at the end of the last day before the given one.
func totalsBefore(totals []store.DayTotals, day string) store.DayTotals {
	n, _ := slices.BinarySearchFunc(totals, day, func(t store.DayTotals, day string) int { return cmp.Compare(t.Day, day) })
	if n == 0 {
		return store.DayTotals{}
	}
	return totals[n-1]
}
