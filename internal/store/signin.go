package store

import (
	"context"
	"time"
)

// SignInFailure is a refused attempt to sign in.
type SignInFailure struct {
	Account string // which account was tried, in the caller's notation
	Address string // from which network address
	At      time.Time
}

// AddSignInFailure stores a failure and removes all from before the given instant, which nobody counts any more.
func (s *Store) AddSignInFailure(ctx context.Context, f SignInFailure, forget time.Time) error {
	db := s.writer(ctx)
	if err := db.Exec("DELETE FROM sign_in_failures WHERE at < ?", forget).Error; err != nil {
		return translate(err)
	}
	return translate(db.Exec("INSERT INTO sign_in_failures (id, account, address, at) VALUES (?, ?, ?, ?)",
		s.NewID(), f.Account, f.Address, f.At).Error)
}

// NthSignInFailure returns when the nth newest failure (from 1) after an instant happened; nil when there are fewer. It
// counts the failures from the address, and with an account only those for it.
func (s *Store) NthSignInFailure(ctx context.Context, account, address string, after time.Time, n int) (*time.Time, error) {
	condition, args := "address = ? AND at > ?", []any{address, after}
	if account != "" {
		condition, args = condition+" AND account = ?", append(args, account)
	}
	var at []time.Time
	err := s.reader(ctx).Raw("SELECT at FROM sign_in_failures WHERE "+condition+" ORDER BY at DESC LIMIT 1 OFFSET ?",
		append(args, n-1)...).Scan(&at).Error
	if err != nil || len(at) == 0 {
		return nil, translate(err)
	}
	return &at[0], nil
}
