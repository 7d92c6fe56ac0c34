package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Submit hands a piece's newest version to Sales. From here on the version is frozen with the tags, the audience and
// the contributors of this moment. The warnings say when nobody could sign it.
func (r *Registry) Submit(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, []string, error) {
	return r.submit(ctx, actor, id, mayEdit)
}

func (r *Registry) submit(ctx context.Context, actor collateral.Actor, id uuid.UUID,
	may func(collateral.Actor, *collateral.Asset) error,
) (*collateral.Asset, []string, error) {
	var signers []uuid.UUID
	submitted, err := r.onAsset(ctx, actor, id, may, func(tx *store.Store, a *collateral.Asset) error {
		if err := collateral.CanSubmit(a); err != nil {
			return err
		}
		// An older version that still waits is superseded by this one.
		older, err := tx.SubmittedVersion(ctx, id)
		if err != nil {
			return err
		}
		if older != nil {
			if err := takeBack(ctx, tx, actor, older); err != nil {
				return err
			}
		}
		if err := tx.SubmitVersion(ctx, a, a.Newest, tx.Now()); err != nil {
			return err
		}
		if r.isOffice(a.Newest) {
			if err := drawLater(ctx, tx, a.Newest); err != nil {
				return err
			}
		}
		if signers, err = tx.SignersFor(ctx, a.Newest); err != nil {
			return err
		}
		if err := r.tellSigners(ctx, tx, actor.UserID, a.Newest, signers); err != nil {
			return err
		}
		if err := r.tellWaiting(ctx, tx, actor.UserID, a, a.Newest); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "version.submitted", id, a.Newest.ID.String())
	})
	if err != nil {
		return nil, nil, err
	}
	if len(signers) == 0 {
		return submitted, []string{"Nobody can sign this piece at the moment: there is no active approver who did not contribute to it. Ask an admin for one."}, nil
	}
	return submitted, nil, nil
}

// Unsubmit takes a piece back from review.
func (r *Registry) Unsubmit(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	return r.onAsset(ctx, actor, id, mayEdit, func(tx *store.Store, _ *collateral.Asset) error {
		v, err := tx.SubmittedVersion(ctx, id)
		if err != nil {
			return err
		}
		if v == nil {
			return collateral.Errorf(collateral.Conflict, "No version of this piece is under review, so there is nothing to take back.")
		}
		return takeBack(ctx, tx, actor, v)
	})
}

func takeBack(ctx context.Context, tx *store.Store, actor collateral.Actor, v *collateral.Version) error {
	if err := tx.UnsubmitVersion(ctx, v); err != nil {
		return err
	}
	if err := tx.DropWaitingNotices(ctx, v.ID); err != nil {
		return err
	}
	return audit(ctx, tx, actor, "version.unsubmitted", v.AssetID, v.ID.String())
}
