package store

import (
	"context"
	"time"
)

// ForgetUses deletes uses, searches and openings of what was under review before the given time. The totals stay: they name
// nobody.
func (s *Store) ForgetUses(ctx context.Context, before time.Time) error {
	return s.deleteBefore(ctx, before,
		"DELETE FROM usage_events WHERE occurred_at < ?",
		"DELETE FROM searches WHERE at < ?",
		"DELETE FROM review_openings WHERE opened_at < ?")
}

// ForgetSessions deletes sessions that ended before the given time.
func (s *Store) ForgetSessions(ctx context.Context, before time.Time) error {
	return s.deleteBefore(ctx, before, "DELETE FROM sessions WHERE expires_at < ?")
}

// ForgetSignInFailures deletes failed attempts before the given time.
func (s *Store) ForgetSignInFailures(ctx context.Context, before time.Time) error {
	return s.deleteBefore(ctx, before, "DELETE FROM sign_in_failures WHERE at < ?")
}

func (s *Store) deleteBefore(ctx context.Context, before time.Time, statements ...string) error {
	for _, statement := range statements {
		if err := s.writer(ctx).Exec(statement, before).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}
