package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Flags returns what people say is outdated or wrong with a piece, as far as it concerns the actor: what waits first, then
// the newest first. See collateral.Flag.SeenBy.
func (r *Registry) Flags(ctx context.Context, actor collateral.Actor, asset uuid.UUID) ([]collateral.Flag, error) {
	a, err := r.Store.Asset(ctx, collateral.ScopeOf(actor), asset)
	if err != nil {
		return nil, err
	}
	all, err := r.Store.Flags(ctx, asset)
	if err != nil {
		return nil, err
	}
	var seen []collateral.Flag
	for _, f := range all {
		if f, ok := f.SeenBy(actor, a); ok {
			seen = append(seen, f)
		}
	}
	return seen, nil
}

// Flag says of a published piece that it is outdated or wrong, and why. Its makers see it, and its owner is told.
func (r *Registry) Flag(ctx context.Context, actor collateral.Actor, asset uuid.UUID, reason string) (*collateral.Flag, error) {
	reason = collateral.NormalFlagText(reason)
	if err := collateral.CheckFlag(reason); err != nil {
		return nil, err
	}
	var f *collateral.Flag
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		a, err := locked(ctx, tx, actor, asset)
		if err != nil {
			return err
		}
		if a.Publication == nil {
			return collateral.Errorf(collateral.Conflict, "Nothing is published of this piece, so nobody uses it. There is nothing to flag.")
		}
		f = &collateral.Flag{
			ID: tx.NewID(), AssetID: asset, VersionN: a.Publication.VersionN,
			RaisedBy: actor.UserID, RaisedAt: tx.Now(), Reason: reason,
		}
		if err := tx.AddFlag(ctx, f, a.Publication.VersionID); err != nil {
			return err
		}
		if err := r.tellFlagged(ctx, tx, a, actor.UserID); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "asset.flagged", asset, f.ID.String())
	})
	return f, err
}

// WaitingFlags counts the flags that wait on each of the pieces that the actor was given.
func (r *Registry) WaitingFlags(ctx context.Context, assets []*collateral.Asset) (map[uuid.UUID]int, error) {
	ids := make([]uuid.UUID, len(assets))
	for i, a := range assets {
		ids[i] = a.ID
	}
	return r.Store.WaitingFlags(ctx, ids)
}

// SettleFlag lets a maker of the piece, or an admin, say what became of a flag, of which whoever raised it is told. The
// first answer stands.
func (r *Registry) SettleFlag(ctx context.Context, actor collateral.Actor, asset, flag uuid.UUID, outcome collateral.FlagOutcome, note string) error {
	note = collateral.NormalFlagText(note)
	if err := collateral.CheckSettlement(outcome, note); err != nil {
		return err
	}
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		a, err := locked(ctx, tx, actor, asset)
		if err != nil {
			return err
		}
		if !a.IsContributor(actor.UserID) && !actor.Is(collateral.Admin) {
			return collateral.Errorf(collateral.Forbidden, "Only the owner, the co-authors and admins settle what is said of this piece.")
		}
		flagger, err := tx.SettleFlag(ctx, asset, flag, collateral.Settlement{At: tx.Now(), By: actor.UserID, Outcome: outcome, Note: note})
		if err != nil {
			return err
		}
		if flagger == uuid.Nil {
			return collateral.Errorf(collateral.Conflict, "No such flag waits on this piece: perhaps somebody else settled it a moment ago.")
		}
		if err := r.tellSettled(ctx, tx, asset, flagger, outcome, actor.UserID); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "asset.flag_settled", asset, flag.String()+" "+string(outcome))
	})
}
