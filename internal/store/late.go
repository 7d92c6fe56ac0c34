package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// LateDay is a day of which uses were reported on a later day.
type LateDay struct {
	Day       string    // YYYY-MM-DD, UTC
	ArrivedAt time.Time // when the last of them was reported
}

// SetLate notes that uses of these days were reported on a later day, each day once. It wants LockUsage before it in the same
// transaction, and belongs into the one that raises the totals of those days.
func (s *Store) SetLate(ctx context.Context, days []LateDay) error {
	days = slices.SortedFunc(slices.Values(days), func(a, b LateDay) int { return cmp.Compare(a.Day, b.Day) })
	rows := make([][]any, len(days))
	for i, d := range days {
		rows[i] = []any{d.Day, d.ArrivedAt}
	}
	err := s.insertMany(ctx, "late_uses", []column{{"day", "text"}, {"arrived_at", "timestamptz"}}, rows,
		"ON CONFLICT (day) DO UPDATE SET arrived_at = excluded.arrived_at WHERE excluded.arrived_at > late_uses.arrived_at")
	if err != nil {
		return fmt.Errorf("noting that uses of %d days were late: %w", len(days), translate(err))
	}
	return nil
}

// LateSince returns the days from the given one (YYYY-MM-DD) on of which uses were reported late, the earliest first.
func (s *Store) LateSince(ctx context.Context, day string) ([]LateDay, error) {
	var days []LateDay
	err := s.reader(ctx).Raw("SELECT day, arrived_at FROM late_uses WHERE day >= ? ORDER BY day", day).Scan(&days).Error
	if err != nil {
		return nil, fmt.Errorf("reading of which days since %s uses were late: %w", day, translate(err))
	}
	return days, nil
}
