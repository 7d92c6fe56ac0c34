package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// tell stores notices as part of the transaction of what they tell, and has them mailed. Nobody is told what they did
// themselves.
func (r *Registry) tell(ctx context.Context, tx *store.Store, notices ...collateral.Notice) error {
	var others []collateral.Notice
	for _, n := range notices {
		if n.UserID != n.By {
			others = append(others, n)
		}
	}
	added, err := tx.AddNotices(ctx, others)
	if err != nil || r.Mail == nil {
		return err
	}
	return tx.EnqueueIn(ctx, mailDelay, JobMail, added...)
}

// tellMakers tells the owner and the co-authors of a piece.
func (r *Registry) tellMakers(ctx context.Context, tx *store.Store, a *collateral.Asset, told collateral.Notice) error {
	var notices []collateral.Notice
	for _, user := range append([]uuid.UUID{a.OwnerID}, a.Coauthors...) {
		told.UserID, told.AssetID = user, a.ID
		notices = append(notices, told)
	}
	return r.tell(ctx, tx, notices...)
}

// tellSigners tells everybody who could sign a version that it waits.
func (r *Registry) tellSigners(ctx context.Context, tx *store.Store, by uuid.UUID, v *collateral.Version, signers []uuid.UUID) error {
	var notices []collateral.Notice
	for _, user := range signers {
		notices = append(notices, collateral.Notice{UserID: user, Kind: collateral.NoticeWaits, AssetID: v.AssetID, VersionID: v.ID, By: by})
	}
	return r.tell(ctx, tx, notices...)
}

// tellDecision tells those who make a piece what Sales decided, in place of what told Sales that it waits.
func (r *Registry) tellDecision(ctx context.Context, tx *store.Store, a *collateral.Asset, review *collateral.Review) error {
	if err := tx.DropWaitingNotices(ctx, review.VersionID); err != nil {
		return err
	}
	told := collateral.Notice{VersionID: review.VersionID, By: review.ReviewerID}
	switch review.Decision {
	case collateral.Approve:
		told.Kind, told.UserID, told.AssetID = collateral.NoticeSigned, a.OwnerID, a.ID
		return r.tell(ctx, tx, told)
	case collateral.RequestChanges:
		told.Kind = collateral.NoticeChangesRequested
	case collateral.Reject:
		told.Kind = collateral.NoticeRejected
	}
	return r.tellMakers(ctx, tx, a, told)
}

// tellFlagged tells the owner of a piece that somebody takes it to be outdated.
func (r *Registry) tellFlagged(ctx context.Context, tx *store.Store, a *collateral.Asset, by uuid.UUID) error {
	return r.tell(ctx, tx, collateral.Notice{UserID: a.OwnerID, Kind: collateral.NoticeFlagged, AssetID: a.ID, By: by})
}

// tellSettled tells who flagged a piece what became of that.
func (r *Registry) tellSettled(ctx context.Context, tx *store.Store, asset, flagger uuid.UUID, outcome collateral.FlagOutcome, by uuid.UUID) error {
	told := collateral.Notice{UserID: flagger, Kind: collateral.NoticeFlagFixed, AssetID: asset, By: by}
	if outcome == collateral.FlagKept {
		told.Kind = collateral.NoticeFlagKept
	}
	return r.tell(ctx, tx, told)
}
