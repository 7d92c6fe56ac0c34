package registry

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Waiting is a version under review, as it stands in the queue of Sales.
type Waiting = store.Waiting

// Reviews returns one page of the versions under review, what waits longest first, and the next page's cursor;
// only those that the actor could sign when waitingForMe.
func (r *Registry) Reviews(ctx context.Context, actor collateral.Actor, waitingForMe bool, paging collateral.Paging) ([]Waiting, string, error) {
	return r.Store.WaitingForReview(ctx, collateral.ScopeOf(actor), store.WaitingFilter{Signer: signer(actor, waitingForMe)}, paging)
}

// BatchReviews is Reviews for the pieces of one batch.
func (r *Registry) BatchReviews(ctx context.Context, actor collateral.Actor, batch uuid.UUID, waitingForMe bool, paging collateral.Paging) ([]Waiting, string, error) {
	filter := store.WaitingFilter{Signer: signer(actor, waitingForMe), Batch: batch}
	return r.Store.WaitingForReview(ctx, collateral.ScopeOf(actor), filter, paging)
}

func signer(actor collateral.Actor, waitingForMe bool) uuid.UUID {
	if waitingForMe {
		return actor.UserID
	}
	return uuid.Nil
}

// Review records an approver's decision on version n of a piece. Approving is the signature of Sales under exactly the
// bytes, tags and audience that were submitted. The first decision stands.
func (r *Registry) Review(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int, decision collateral.Decision, comment string) (*collateral.Review, error) {
	comment = strings.TrimSpace(comment)
	if err := collateral.CheckReview(decision, comment); err != nil {
		return nil, err
	}
	var review *collateral.Review
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		a, err := locked(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		v, err := tx.Version(ctx, id, n)
		if collateral.KindOf(err) == collateral.NotFound {
			return collateral.Fault("/version", "The piece has no version %d.", n)
		}
		if err != nil {
			return err
		}
		if err := collateral.CanReview(actor, a, v); err != nil {
			return err
		}
		now := tx.Now()
		review = &collateral.Review{ID: tx.NewID(), VersionID: v.ID, AssetID: id, ReviewerID: actor.UserID, Decision: decision, Comment: comment, At: now}
		var approval *collateral.Approval
		if decision == collateral.Approve {
			approval = &collateral.Approval{ID: tx.NewID(), VersionID: v.ID, AssetID: id, SHA256: v.SHA256,
				SignerID: actor.UserID, RoleHeld: collateral.Approver, SignedAt: now}
		}
		if err := tx.Decide(ctx, review, approval); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "version.reviewed."+string(decision), id, v.ID.String())
	})
	return review, err
}
