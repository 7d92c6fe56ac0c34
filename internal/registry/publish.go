package registry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Publish makes the newest approved version what reps find and open. After a withdrawal the last approval serves again.
// When there is none, the refusal lists every part that the newest version lacks.
func (r *Registry) Publish(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	return r.onAsset(ctx, actor, id, mayPublish, func(tx *store.Store, a *collateral.Asset) error {
		v, err := tx.ApprovedVersion(ctx, id)
		if err != nil {
			return err
		}
		if err := collateral.CanPublish(a, v); err != nil {
			return err
		}
		approval, err := tx.Approval(ctx, v.ID)
		if err != nil {
			return err
		}
		now := tx.Now()
		if err := tx.Publish(ctx, v, approval.ID, actor.UserID, now); err != nil {
			return err
		}
		if err := tx.SetFirstPublished(ctx, id, now.Format(time.DateOnly)); err != nil {
			return err
		}
		if err := r.tellMakers(ctx, tx, a, collateral.Notice{Kind: collateral.NoticePublished, VersionID: v.ID, By: actor.UserID}); err != nil {
			return err
		}
		if err := r.tellPublication(ctx, tx, collateral.WebhookPublished, a, v); err != nil {
			return err
		}
		if err := audit(ctx, tx, actor, "asset.published", id, v.ID.String()); err != nil {
			return err
		}
		return tx.Enqueue(ctx, JobIndex, id)
	})
}

// Withdraw ends a publication; reps no longer find or open the piece.
func (r *Registry) Withdraw(ctx context.Context, actor collateral.Actor, id uuid.UUID, reason string) (*collateral.Asset, error) {
	if err := checkReason(&reason); err != nil {
		return nil, err
	}
	return r.onAsset(ctx, actor, id, mayPublish, func(tx *store.Store, a *collateral.Asset) error {
		if a.Publication == nil {
			return collateral.Errorf(collateral.Conflict, "The piece is not published, so there is nothing to withdraw.")
		}
		version, now := a.Publication.VersionID, tx.Now()
		if err := tx.Withdraw(ctx, id, actor.UserID, now); err != nil {
			return err
		}
		if err := tx.AddReason(ctx, id, collateral.Reason{Action: collateral.WithdrawReason, VersionID: version, Text: reason, By: actor.UserID, At: now}); err != nil {
			return err
		}
		if err := r.tellMakers(ctx, tx, a, collateral.Notice{Kind: collateral.NoticeWithdrawn, VersionID: version, By: actor.UserID}); err != nil {
			return err
		}
		withdrawn, err := tx.VersionByID(ctx, version)
		if err != nil {
			return err
		}
		if err := r.tellPublication(ctx, tx, collateral.WebhookWithdrawn, a, withdrawn); err != nil {
			return err
		}
		if err := audit(ctx, tx, actor, "asset.withdrawn", id, version.String()); err != nil {
			return err
		}
		return tx.Enqueue(ctx, JobIndex, id)
	})
}

// Purge removes the bytes and the text of version n for good; its hash and history stay. For an admin, and not while
// the version is published.
func (r *Registry) Purge(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int, reason string) (*collateral.Version, error) {
	if err := checkReason(&reason); err != nil {
		return nil, err
	}
	var purged *collateral.Version
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		a, err := locked(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		v, err := tx.Version(ctx, id, n)
		if err != nil {
			return err
		}
		if v.Purged {
			return collateral.Errorf(collateral.Conflict, "The bytes of version %d were purged already.", n)
		}
		if a.Publication != nil && a.Publication.VersionID == v.ID {
			return collateral.Errorf(collateral.Conflict, "Version %d is published. Withdraw the piece first, then purge.", n)
		}
		now := tx.Now()
		if err := tx.Purge(ctx, v.ID, actor.UserID, now); err != nil {
			return err
		}
		if err := tx.DropWaitingNotices(ctx, v.ID); err != nil {
			return err
		}
		if err := tx.AddReason(ctx, id, collateral.Reason{Action: collateral.PurgeReason, VersionID: v.ID, Text: reason, By: actor.UserID, At: now}); err != nil {
			return err
		}
		if err := audit(ctx, tx, actor, "version.purged", id, v.ID.String()); err != nil {
			return err
		}
		purged, err = tx.VersionByID(ctx, v.ID)
		return err
	})
	if err == nil && !purged.IsLink() {
		r.free(ctx, purged.SHA256)
	}
	return purged, err
}
