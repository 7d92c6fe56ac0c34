package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
)

// What reports of a window need beside usage_totals, written with it: the newest totals of each piece in one small table,
// and on which days totals changed that were thought to be complete.

// copyLatest copies the newest totals of the pieces that were raised, all by one statement.
func (s *Store) copyLatest(ctx context.Context, raises []Raise) error {
	assets := make([]uuid.UUID, len(raises))
	for i, r := range raises {
		assets[i] = r.AssetID
	}
	slices.SortFunc(assets, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return s.writer(ctx).Exec(`
		WITH a (id) AS MATERIALIZED (`+s.selectIDs("?")+`)
		INSERT INTO usage_latest (asset_id, totals)
		SELECT t.asset_id, t.as_text FROM a CROSS JOIN usage_totals t
		WHERE t.asset_id = a.id AND t.day = (SELECT MAX(day) FROM usage_totals WHERE asset_id = a.id)
		ON CONFLICT (asset_id) DO UPDATE SET totals = excluded.totals`, s.idSet(slices.Compact(assets))).Error
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
