package store

import (
	"context"
	"time"
)

// ForgetLinks deletes visits whose last request was before the given time with what they looked at, visitors of that time
// without any visit left, and links that ended before it, with everything about them. A link that was used up ended with its
// last visit. It runs inside Tx.
func (s *Store) ForgetLinks(ctx context.Context, before time.Time) error {
	err := s.deleteBefore(ctx, before,
		"DELETE FROM attention WHERE visit_id IN (SELECT v.id FROM visits v WHERE v.last_at < ?)",
		"DELETE FROM engagements WHERE visit_id IN (SELECT v.id FROM visits v WHERE v.last_at < ?)",
		"DELETE FROM visits WHERE last_at < ?",
		"DELETE FROM visitors WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.visitor_id = visitors.id)")
	if err != nil {
		return err
	}
	const ended = `(SELECT l.id FROM links l WHERE l.revoked_at < ? OR l.expires_at < ?
		OR l.opens >= l.max_opens AND l.created_at < ? AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.link_id = l.id))`
	for _, table := range []string{"attention", "engagements"} {
		err := s.writer(ctx).Exec("DELETE FROM "+table+" WHERE visit_id IN (SELECT v.id FROM visits v WHERE v.link_id IN "+ended+")", before, before, before).Error
		if err != nil {
			return translate(err)
		}
	}
	for _, table := range []string{"link_attempts", "visits", "visitors", "link_allowed", "link_assets"} {
		if err := s.writer(ctx).Exec("DELETE FROM "+table+" WHERE link_id IN "+ended, before, before, before).Error; err != nil {
			return translate(err)
		}
	}
	return translate(s.writer(ctx).Exec("DELETE FROM links WHERE id IN "+ended, before, before, before).Error)
}
