package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ForgetSearches takes the person out of some searches, at most limit, and writes down how each ended. It returns of how many;
// 0 when none is left. It wants LockUsage before it in the same transaction. How a search ended is told by the person's uses,
// so those keep the person until this is done.
func (s *Store) ForgetSearches(ctx context.Context, user uuid.UUID, limit int) (int, error) {
	done := s.writer(ctx).Exec(`UPDATE searches AS s SET user_id = NULL, ended = CASE
			WHEN s.q = '' OR NOT EXISTS (SELECT 1 FROM role_grants g WHERE g.user_id = s.user_id AND g.role = 'rep' AND g.granted_at <= s.at
				AND (g.revoked_at IS NULL OR s.at < g.revoked_at)) THEN 'none'
			ELSE `+s.searchEnd()+` END
		WHERE s.id IN (SELECT f.id FROM searches f WHERE f.user_id = ? ORDER BY f.at LIMIT ?)`, user, limit)
	if done.Error != nil {
		return 0, fmt.Errorf("taking a person out of searches: %w", translate(done.Error))
	}
	return int(done.RowsAffected), nil
}

// ForgetUser takes the person out of some uses that were recorded until the given time, at most limit, with the deals that
// they name. It returns of how many; 0 when none is left.
func (s *Store) ForgetUser(ctx context.Context, user uuid.UUID, until time.Time, limit int) (int, error) {
	done := s.writer(ctx).Exec(`UPDATE usage_events SET user_id = NULL, opportunity = '' WHERE id IN
		(SELECT e.id FROM usage_events e WHERE e.user_id = ? AND e.recorded_at <= ? ORDER BY e.occurred_at LIMIT ?)`, user, until, limit)
	if done.Error != nil {
		return 0, fmt.Errorf("taking a person out of uses: %w", translate(done.Error))
	}
	return int(done.RowsAffected), nil
}
