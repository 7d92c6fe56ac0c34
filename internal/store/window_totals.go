package store

import (
	"context"
	_ "embed" // the report's SQL
	"maps"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

//go:embed window_totals.sql
var windowTotalsSQL string

//go:embed latest_totals.sql
var latestTotalsSQL string

// windowTotals is the totals of pieces at both bounds of a window, as usage_totals.as_text. Pieces without any have none.
type windowTotals struct {
	before map[uuid.UUID]string // up to the day before the window
	end    map[uuid.UUID]string // up to its last day
}

// windowTotals reads the totals at the bounds of a window, both as they were at one moment: a use that comes in meanwhile
// and belongs before the window must not count in it. What was kept of past days is taken as long as no late use changed it.
func (s *Store) windowTotals(ctx context.Context, from, to string) (windowTotals, error) {
	before, beforeIsKept := s.past.of(dayBefore(from))
	end, endIsKept := s.past.of(to)
	if !beforeIsKept {
		return s.seekTotals(ctx, from, to)
	}
	latest, err := s.readWindow(ctx, latestTotalsSQL, from, to, false)
	if err != nil {
		return windowTotals{}, err
	}
	beforeIsKept = before.changes == latest.changesBefore
	endIsKept = endIsKept && end.changes == latest.changesEnd
	w := windowTotals{before: make(map[uuid.UUID]string, len(latest.end)), end: latest.end}
	for asset, totals := range latest.end {
		switch {
		case totals[:len(from)] < from:
			w.before[asset] = totals
		case beforeIsKept:
			w.before[asset] = before.totals[asset]
		default:
			return s.seekTotals(ctx, from, to)
		}
		if totals[:len(to)] > to {
			if !endIsKept {
				return s.seekTotals(ctx, from, to)
			}
			w.end[asset] = end.totals[asset]
		}
	}
	return w, nil
}

// seekTotals looks the totals up, in two halves side by side: seeking the rows of thousands of pieces keeps one processor
// busy nearly all of the time. Each piece is read by one statement. What belongs to days that are over is kept.
func (s *Store) seekTotals(ctx context.Context, from, to string) (windowTotals, error) {
	var halves [2]windowAnswer
	group, inner := errgroup.WithContext(ctx)
	for half := range halves {
		group.Go(func() (err error) {
			halves[half], err = s.readWindow(inner, windowTotalsSQL, from, to, half == 1)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return windowTotals{}, err
	}
	w, other := halves[0], halves[1]
	maps.Copy(w.before, other.before)
	maps.Copy(w.end, other.end)
	if from <= w.newest && w.changesBefore == other.changesBefore {
		s.past.keep(pastDay{day: dayBefore(from), changes: w.changesBefore, totals: w.before})
	}
	if to < w.newest && w.changesEnd == other.changesEnd {
		s.past.keep(pastDay{day: to, changes: w.changesEnd, totals: w.end})
	}
	return w.windowTotals, nil
}

// dayBefore returns the day before a YYYY-MM-DD day.
func dayBefore(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return at.AddDate(0, 0, -1).Format(time.DateOnly)
}

// windowAnswer is what a statement says of one moment.
type windowAnswer struct {
	windowTotals
	changesBefore string // of the days before the window
	changesEnd    string // of the days up to its last one
	newest        string // day on which anything was counted; empty when nothing was
}

func (s *Store) readWindow(ctx context.Context, query, from, to string, half bool) (windowAnswer, error) {
	a := windowAnswer{windowTotals: windowTotals{before: make(map[uuid.UUID]string), end: make(map[uuid.UUID]string)}}
	rows, err := s.reader(ctx).Raw(query, map[string]any{"from": from, "to": to, "half": half}).Rows()
	if err != nil {
		return a, err
	}
	defer rows.Close()
	for rows.Next() {
		var asset uuid.NullUUID
		var before, end, newest *string
		if err := rows.Scan(&asset, &before, &end, &newest); err != nil {
			return a, err
		}
		if !asset.Valid {
			a.changesBefore, a.changesEnd, a.newest = orEmpty(before), orEmpty(end), orEmpty(newest)
			continue
		}
		if before != nil {
			a.before[asset.UUID] = *before
		}
		if end != nil {
			a.end[asset.UUID] = *end
		}
	}
	return a, rows.Err()
}
