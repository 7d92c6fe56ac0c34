package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// raiseLastDays adds what raises the last row that a piece has, by one statement a piece at most, and returns the raises that
// are left. Nearly all uses come in on their day and are not the first of it, so nothing else needs to be read or reckoned.
func (s *Store) raiseLastDays(ctx context.Context, raises []Raise) (left []Raise, err error) {
	days := make(map[uuid.UUID]int)
	for _, r := range raises {
		days[r.AssetID]++
	}
	var last []Raise
	for _, r := range raises {
		if days[r.AssetID] > 1 || r.Engaged < 0 {
			left = append(left, r)
			continue
		}
		last = append(last, r)
	}
	if len(last) == 0 {
		return left, nil
	}
	slices.SortFunc(last, func(a, b Raise) int { return slices.Compare(a.AssetID[:], b.AssetID[:]) })
	change := s.raiseLastDaysOneByOne
	if s.Dialect() == Postgres {
		change = s.raiseLastDaysAtOnce
	}
	done, err := change(ctx, last)
	if err != nil {
		return nil, err
	}
	return append(left, slices.DeleteFunc(last, func(r Raise) bool { return done[r.AssetID] })...), nil
}

const raiseOneLastDay = `UPDATE usage_totals SET found = found + ?3, opened = opened + ?4, taken = taken + ?5, used = used + ?6, engaged = engaged + ?7,
	last_used_on = CASE WHEN ?6 > 0 THEN ?2 ELSE last_used_on END
	WHERE asset_id = ?1 AND day = ?2 AND NOT EXISTS (SELECT 1 FROM usage_totals later WHERE later.asset_id = ?1 AND later.day > ?2)`

func (s *Store) raiseLastDaysOneByOne(ctx context.Context, raises []Raise) (done map[uuid.UUID]bool, err error) {
	done = make(map[uuid.UUID]bool, len(raises))
	pool := s.writer(ctx).Statement.ConnPool
	for _, r := range raises {
		result, err := pool.ExecContext(ctx, raiseOneLastDay, r.AssetID, r.Day, r.Found, r.Opened, r.Taken, r.Used, r.Engaged)
		if err != nil {
			return nil, err
		}
		changed, err := result.RowsAffected()
		if err != nil {
			return nil, err
		}
		done[r.AssetID] = changed > 0
	}
	return done, nil
}

func (s *Store) raiseLastDaysAtOnce(ctx context.Context, raises []Raise) (done map[uuid.UUID]bool, err error) {
	columns := []column{{"asset_id", "uuid"}, {"day", "text"}, {"found", "bigint"}, {"opened", "bigint"}, {"taken", "bigint"}, {"used", "bigint"}, {"engaged", "bigint"}}
	rows := make([][]any, len(raises))
	for i, r := range raises {
		rows[i] = []any{r.AssetID, r.Day, r.Found, r.Opened, r.Taken, r.Used, r.Engaged}
	}
	arrays, err := arraysOf(columns, rows)
	if err != nil {
		return nil, err
	}
	changed, err := s.writer(ctx).Statement.ConnPool.QueryContext(ctx, `
		UPDATE usage_totals AS t SET found = t.found + r.found, opened = t.opened + r.opened, taken = t.taken + r.taken,
			used = t.used + r.used, engaged = t.engaged + r.engaged, last_used_on = CASE WHEN r.used > 0 THEN r.day ELSE t.last_used_on END
		FROM (SELECT asset_id::uuid, day, found::bigint, opened::bigint, taken::bigint, used::bigint, engaged::bigint FROM `+unnested(columns)+`) AS r
		WHERE t.asset_id = r.asset_id AND t.day = r.day
			AND NOT EXISTS (SELECT 1 FROM usage_totals later WHERE later.asset_id = r.asset_id AND later.day > r.day)
		RETURNING t.asset_id`, arrays...)
	if err != nil {
		return nil, err
	}
	defer changed.Close()
	return idsOf(changed, len(raises))
}
