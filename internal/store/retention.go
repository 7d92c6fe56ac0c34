package store

import (
	"context"
	"fmt"
	"time"
)

// forgetBatch is how many rows are deleted at a time: other writers come in between, and nobody waits for long.
const forgetBatch = 5000

// ForgetUses deletes uses, searches, viewings and openings of what was under review before the given time, the oldest first and few at a
// time, each time for good: when it is broken off, the next call goes on. The totals stay: they name nobody. It is not for a
// transaction.
func (s *Store) ForgetUses(ctx context.Context, before time.Time) error {
	if err := s.deleteByBatches(ctx, "usage_events", "occurred_at", before); err != nil {
		return fmt.Errorf("deleting the uses before %s: %w", before.Format(time.RFC3339), err)
	}
	if err := s.deleteByBatches(ctx, "searches", "at", before); err != nil {
		return fmt.Errorf("deleting the searches before %s: %w", before.Format(time.RFC3339), err)
	}
	if err := s.deleteByBatches(ctx, "viewings", "last_at", before); err != nil {
		return fmt.Errorf("deleting the viewings before %s: %w", before.Format(time.RFC3339), err)
	}
	return s.deleteBefore(ctx, before, "DELETE FROM review_openings WHERE opened_at < ?")
}

func (s *Store) deleteByBatches(ctx context.Context, table, at string, before time.Time) error {
	statement := "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE " + at + " < ? ORDER BY " + at + " LIMIT ?)"
	for {
		deleted := s.writer(ctx).Exec(statement, before, forgetBatch)
		if deleted.Error != nil {
			return translate(deleted.Error)
		}
		if deleted.RowsAffected < forgetBatch {
			return nil
		}
	}
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
