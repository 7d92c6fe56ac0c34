package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// CountAssets returns how many of the pieces that Assets would list stand where.
func (r *Registry) CountAssets(ctx context.Context, actor collateral.Actor, filter AssetFilter) (map[collateral.State]int, error) {
	var err error
	if filter.Stages, err = r.stagesOfToday(ctx, filter.Stages); err != nil {
		return nil, err
	}
	return r.Store.CountAssets(ctx, collateral.ScopeOf(actor), filter)
}

// CountUndone counts the actor's pieces that need something of those who make them: that were sent back, that are signed and
// not published, and that somebody says are outdated.
func (r *Registry) CountUndone(ctx context.Context, actor collateral.Actor) (int, error) {
	return r.Store.CountUndone(ctx, actor.UserID)
}

// SignersOf returns who could sign each of the versions that the actor was given, by version: the active approvers who
// contributed neither to it nor to its piece, in the order of their names.
func (r *Registry) SignersOf(ctx context.Context, versions []*collateral.Version) (map[uuid.UUID][]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	return r.Store.SignersOf(ctx, ids)
}

// Missing lists what keeps a piece from being handed to Sales, all at once; nothing when it can be, or was.
func Missing(a *collateral.Asset) []collateral.Field {
	if err := collateral.CanSubmit(a); collateral.KindOf(err) == collateral.Gate {
		return missing(err)
	}
	return nil
}
