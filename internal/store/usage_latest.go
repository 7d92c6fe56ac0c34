package store

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// What reports of a window need beside usage_totals, written with it: the newest totals of each piece in one small table,
// and on which days totals changed that were thought to be complete.

// putLatest writes the newest totals of each piece, as usage_totals.as_text, in the order of their key.
func (s *Store) putLatest(ctx context.Context, latest map[uuid.UUID]string) error {
	assets := slices.SortedFunc(maps.Keys(latest), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	values := make([][]any, len(assets))
	for i, asset := range assets {
		values[i] = []any{asset, latest[asset]}
	}
	return s.insertMany(ctx, "usage_latest", []column{{"asset_id", "uuid"}, {"totals", "text"}}, values,
		"ON CONFLICT (asset_id) DO UPDATE SET totals = excluded.totals")
}

// text is what the database makes of the row in usage_totals.as_text; readTotals reads it.
func (r totalRow) text() string {
	text := make([]byte, 0, 48)
	text = append(text, r.Day...)
	for _, n := range [...]int64{r.Found, r.Opened, r.Taken, r.Used, r.Engaged} {
		text = strconv.AppendInt(append(text, ' '), n, 10)
	}
	text = append(text, ' ')
	if r.LastUsedOn != nil {
		text = append(text, *r.LastUsedOn...)
	}
	return string(text)
}

// noteDays counts a change for each day that is not the newest one: that one changes all the time, and nobody keeps its
// totals. Which day is the newest is told by what was counted and not by a clock, since replicas have several.
func (s *Store) noteDays(ctx context.Context, raises []Raise) error {
	days := make([]string, len(raises))
	for i, r := range raises {
		days[i] = r.Day
	}
	slices.SortFunc(days, cmp.Compare[string])
	days = slices.Compact(days)
	values := make([][]any, len(days))
	for i, day := range days {
		values[i] = []any{day, 1}
	}
	return s.insertMany(ctx, "usage_days", []column{{"day", "text"}, {"changes", "bigint"}}, values,
		"ON CONFLICT (day) DO UPDATE SET changes = usage_days.changes + 1 WHERE usage_days.day < (SELECT MAX(day) FROM usage_days)")
}
