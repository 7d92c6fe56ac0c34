package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// LinkAttempt is something that strangers may do a limited number of times with a link.
type LinkAttempt struct {
	LinkID  uuid.UUID
	Kind    string // passcode, email or mail
	Address string // from which network address
	At      time.Time
}

// AddLinkAttempt stores an attempt.
func (s *Store) AddLinkAttempt(ctx context.Context, a LinkAttempt) error {
	return translate(s.writer(ctx).Exec("INSERT INTO link_attempts (id, link_id, kind, address, at) VALUES (?, ?, ?, ?, ?)",
		s.NewID(), a.LinkID, a.Kind, a.Address, a.At).Error)
}

// NthLinkAttempt returns when the nth newest attempt (from 1) of a kind after an instant was made; nil when there are fewer.
// With an address it counts only those from there.
func (s *Store) NthLinkAttempt(ctx context.Context, link uuid.UUID, kind, address string, after time.Time, n int) (*time.Time, error) {
	condition, args := "link_id = ? AND kind = ? AND at > ?", []any{link, kind, after}
	if address != "" {
		condition, args = condition+" AND address = ?", append(args, address)
	}
	var at []time.Time
	err := s.reader(ctx).Raw("SELECT at FROM link_attempts WHERE "+condition+" ORDER BY at DESC LIMIT 1 OFFSET ?", append(args, n-1)...).Scan(&at).Error
	if err != nil || len(at) == 0 {
		return nil, translate(err)
	}
	return &at[0], nil
}

// ForgetLinkAttempts deletes attempts before the given time.
func (s *Store) ForgetLinkAttempts(ctx context.Context, before time.Time) error {
	return s.deleteBefore(ctx, before, "DELETE FROM link_attempts WHERE at < ?")
}
