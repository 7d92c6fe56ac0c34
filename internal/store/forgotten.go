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

// DropKept deletes what was kept for the person alone, and tells what the person looked at: favourites, notices, and openings of
// what was under review. It runs inside Tx.
func (s *Store) DropKept(ctx context.Context, user uuid.UUID) error {
	return s.dropOf(ctx, user, "favourites", "notices", "review_openings")
}

// DropCollections deletes the person's collections. It runs inside Tx.
func (s *Store) DropCollections(ctx context.Context, user uuid.UUID) error {
	err := s.writer(ctx).Exec("DELETE FROM collection_items WHERE collection_id IN (SELECT c.id FROM collections c WHERE c.user_id = ?)", user).Error
	if err != nil {
		return translate(err)
	}
	return s.dropOf(ctx, user, "collections")
}

// DropMailChoice deletes what the person said of mails.
func (s *Store) DropMailChoice(ctx context.Context, user uuid.UUID) error {
	return s.dropOf(ctx, user, "mail_choices")
}

func (s *Store) dropOf(ctx context.Context, user uuid.UUID, tables ...string) error {
	for _, table := range tables {
		if err := s.writer(ctx).Exec("DELETE FROM "+table+" WHERE user_id = ?", user).Error; err != nil {
			return fmt.Errorf("deleting the %s of a person: %w", table, translate(err))
		}
	}
	return nil
}

// ForgetFailuresOf deletes failed attempts to sign in to the account of an address.
func (s *Store) ForgetFailuresOf(ctx context.Context, email string) error {
	return translate(s.writer(ctx).Exec("DELETE FROM sign_in_failures WHERE account = ?", email).Error)
}

// ForgottenAddress is out of how many rows an address was taken.
type ForgottenAddress struct {
	Visitors int
	Links    int // that were for it
}

// nobodysAddress stands where a link let in an address that is forgotten: without any, it would let in everybody.
const nobodysAddress = "nobody@address.invalid"

// ForgetAddress takes a buyer's address out of visitors and links; recipient is what those are for from then on. It runs
// inside Tx.
func (s *Store) ForgetAddress(ctx context.Context, address, recipient string) (ForgottenAddress, error) {
	var forgotten ForgottenAddress
	for _, change := range []struct {
		count *int
		sql   string
		args  []any
	}{
		{&forgotten.Visitors, "UPDATE visitors SET email = '', verified_at = NULL, code_hash = '', code_at = NULL, code_asked_at = NULL WHERE email = ?", []any{address}},
		{&forgotten.Links, "UPDATE links SET recipient = ?, recipient_email = '', revision = revision + 1 WHERE recipient_email = ?", []any{recipient, address}},
		{new(int), `DELETE FROM link_allowed WHERE pattern = ? AND EXISTS (SELECT 1 FROM link_allowed n WHERE n.link_id = link_allowed.link_id AND n.pattern = ?)`, []any{address, nobodysAddress}},
		{new(int), "UPDATE link_allowed SET pattern = ? WHERE pattern = ?", []any{nobodysAddress, address}},
	} {
		done := s.writer(ctx).Exec(change.sql, change.args...)
		if done.Error != nil {
			return ForgottenAddress{}, fmt.Errorf("forgetting an address: %w", translate(done.Error))
		}
		*change.count = int(done.RowsAffected)
	}
	return forgotten, nil
}
