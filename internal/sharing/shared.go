package sharing

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// RecordShared records the making of a link as a use of each of its pieces by whoever made it. It is done once, however often
// it is asked for: the ids of the uses come from the link and the piece.
func (s *Sharing) RecordShared(ctx context.Context, id uuid.UUID) error {
	l, err := s.Store.LinkByID(ctx, id)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	uses := make([]usage.Incoming, len(l.Pieces))
	for i, p := range l.Pieces {
		uses[i] = usage.Incoming{
			ID: uuid.NewSHA1(l.ID, p.AssetID[:]).String(), Kind: string(collateral.Share), AssetID: p.AssetID.String(),
			OccurredAt: l.CreatedAt.Format(time.RFC3339Nano), Opportunity: l.Opportunity,
		}
	}
	outcome, err := s.Usage.Record(ctx, collateral.Actor{UserID: l.CreatedBy}, uses)
	if err != nil {
		return fmt.Errorf("recording that the pieces of link %s were shared: %w", id, err)
	}
	for _, r := range outcome.Rejected {
		s.Log.Warn("that a piece was shared is not recorded", "link", id, "piece", l.Pieces[r.Index].AssetID, "reason", r.Reason)
	}
	return nil
}
