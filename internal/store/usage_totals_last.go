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

const raiseLastDay = `UPDATE usage_totals AS t SET found = t.found + v.found, opened = t.opened + v.opened, taken = t.taken + v.taken,
	used = t.used + v.used, engaged = t.engaged + v.engaged, last_used_on = CASE WHEN v.used > 0 THEN v.day ELSE t.last_used_on END
	FROM (`

const isLastDay = `) AS v WHERE t.asset_id = v.asset_id AND t.day = v.day
	AND NOT EXISTS (SELECT 1 FROM usage_totals later WHERE later.asset_id = v.asset_id AND later.day > v.day)`

func (s *Store) raiseLastDaysOneByOne(ctx context.Context, raises []Raise) (done map[uuid.UUID]bool, err error) {
	done = make(map[uuid.UUID]bool, len(raises))
	pool := s.writer(ctx).Statement.ConnPool
	for _, r := range raises {
		result, err := pool.ExecContext(ctx, raiseLastDay+"SELECT ? AS asset_id, ? AS day, ? AS found, ? AS opened, ? AS taken, ? AS used, ? AS engaged"+isLastDay,
			r.AssetID, r.Day, r.Found, r.Opened, r.Taken, r.Used, r.Engaged)
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
	changed, err := s.writer(ctx).Statement.ConnPool.QueryContext(ctx, raiseLastDay+`SELECT asset_id::uuid, day, found::bigint, opened::bigint, taken::bigint,
		used::bigint, engaged::bigint FROM `+unnested(columns)+isLastDay+" RETURNING t.asset_id", arrays...)
	if err != nil {
		return nil, err
	}
	defer changed.Close()
	return idsOf(changed, len(raises))
}
