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
	return r.BatchReviews(ctx, actor, uuid.Nil, waitingForMe, paging)
}

// BatchReviews is Reviews for the pieces of one batch.
func (r *Registry) BatchReviews(ctx context.Context, actor collateral.Actor, batch uuid.UUID, waitingForMe bool, paging collateral.Paging) ([]Waiting, string, error) {
	filter := store.WaitingFilter{Signer: signer(actor, waitingForMe), Batch: batch, Opener: actor.UserID}
	return r.Store.WaitingForReview(ctx, collateral.ScopeOf(actor), filter, paging)
}

// WaitingBatch is a batch of which pieces are under review.
type WaitingBatch = store.WaitingBatch

// WaitingBatches returns the batches of which pieces are under review, by name; only counting those that the actor could
// sign when waitingForMe. Approvers only.
func (r *Registry) WaitingBatches(ctx context.Context, actor collateral.Actor, waitingForMe bool) ([]WaitingBatch, error) {
	if !actor.Is(collateral.Approver) {
		return nil, collateral.Errorf(collateral.Forbidden, "What waits for review is for approvers to see.")
	}
	return r.Store.WaitingBatches(ctx, store.WaitingFilter{Signer: signer(actor, waitingForMe)})
}

// CountReviews counts what waits for the actor to sign; nothing does for who is no approver.
func (r *Registry) CountReviews(ctx context.Context, actor collateral.Actor) (int, error) {
	if !actor.Is(collateral.Approver) {
		return 0, nil
	}
	return r.Store.CountWaiting(ctx, store.WaitingFilter{Signer: actor.UserID})
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
	return r.review(ctx, actor, id, n, decision, comment, func(*store.Store, *collateral.Version) error { return nil })
}

// review records a decision, once may allows it beside the rules.
func (r *Registry) review(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int, decision collateral.Decision, comment string,
	may func(*store.Store, *collateral.Version) error,
) (*collateral.Review, error) {
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
		if err := canReview(ctx, tx, actor, a, v); err != nil {
			return err
		}
		if err := may(tx, v); err != nil {
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
		if err := r.tellDecision(ctx, tx, a, review); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "version.reviewed."+string(decision), id, v.ID.String())
	})
	return review, err
}

// canReview is collateral.CanReview, and names who was quicker.
func canReview(ctx context.Context, s *store.Store, actor collateral.Actor, a *collateral.Asset, v *collateral.Version) error {
	err := collateral.CanReview(actor, a, v)
	if collateral.KindOf(err) != collateral.Conflict || !v.IsDecided() || v.Purged {
		return err
	}
	reviews, loadErr := s.ReviewsOf(ctx, []uuid.UUID{v.ID})
	first := reviews[v.ID]
	switch {
	case loadErr != nil:
		return loadErr
	case first == nil:
		return err
	}
	reviewer, loadErr := s.User(ctx, first.ReviewerID)
	if loadErr != nil {
		return loadErr
	}
	return collateral.AlreadyReviewed(v.N, first, reviewer.Name)
}
