package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Openings tells which of the versions a person has opened since they were submitted, and when, by version.
func (s *Store) Openings(ctx context.Context, user uuid.UUID, versions []uuid.UUID) (map[uuid.UUID]time.Time, error) {
	opened := make(map[uuid.UUID]time.Time, len(versions))
	if user == uuid.Nil || len(versions) == 0 {
		return opened, nil
	}
	var rows []struct {
		VersionID uuid.UUID
		OpenedAt  time.Time
	}
	err := s.reader(ctx).Raw(`SELECT o.version_id, o.opened_at FROM review_openings o JOIN versions v ON v.id = o.version_id
		WHERE o.user_id = ? AND o.version_id IN ? AND o.opened_at >= v.submitted_at`, user, versions).Scan(&rows).Error
	for _, r := range rows {
		opened[r.VersionID] = r.OpenedAt
	}
	return opened, translate(err)
}

// SetOpened notes that a person opened a version now, if it is under review.
func (s *Store) SetOpened(ctx context.Context, user, version uuid.UUID) error {
	return translate(s.writer(ctx).Exec(`INSERT INTO review_openings (version_id, user_id, opened_at)
		SELECT v.id, ?, ? FROM versions v WHERE v.id = ? AND v.state = 'submitted'
		ON CONFLICT (version_id, user_id) DO UPDATE SET opened_at = excluded.opened_at`, user, s.Now(), version).Error)
}
