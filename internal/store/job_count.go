package store

import (
	"context"
	"time"
)

// JobCount is how many jobs of a kind are in a state, and when the oldest of them was asked for. The states are ready, later
// (not due yet, and never tried), retrying, running and dead.
type JobCount struct {
	Kind   string
	State  string
	Count  int
	Oldest time.Time
}

// JobCounts returns what work there is, in no order.
func (s *Store) JobCounts(ctx context.Context) ([]JobCount, error) {
	var counts []JobCount
	// The first row of a window and not min(): on SQLite an aggregate of times is text.
	err := s.reader(ctx).Raw(`
		SELECT kind, state, count, oldest FROM (
			SELECT kind, state, created_at AS oldest,
				COUNT(*) OVER (PARTITION BY kind, state) AS count,
				ROW_NUMBER() OVER (PARTITION BY kind, state ORDER BY created_at, id) AS place
			FROM (
				SELECT id, kind, created_at, CASE
					WHEN state = 'ready' AND attempt > 0 THEN 'retrying'
					WHEN state = 'ready' AND run_at > ? THEN 'later'
					ELSE state END AS state
				FROM jobs) AS named) AS placed
		WHERE place = 1`, s.Now()).Scan(&counts).Error
	return counts, translate(err)
}
