package sharing

import (
	"context"
	"time"

	"collateral/internal/store"
)

// Retention is how long visits are kept, and links after they ended: as long as uses are.
const Retention = 400 * 24 * time.Hour

// Forget deletes visits, and visitors with their addresses, after Retention, and links with whom they were for once they ended so
// long ago. Attempts that no longer count go, too.
func (s *Sharing) Forget(ctx context.Context) error {
	now := s.Store.Now()
	return s.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.ForgetLinkAttempts(ctx, now.Add(-longestBound)); err != nil {
			return err
		}
		return tx.ForgetLinks(ctx, now.Add(-Retention))
	})
}
