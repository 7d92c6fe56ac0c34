package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Titles returns the titles of those of the pieces that exist and that the actor may see, by id.
func (r *Registry) Titles(ctx context.Context, actor collateral.Actor, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	assets, err := r.Store.AssetsByID(ctx, collateral.ScopeOf(actor), ids)
	if err != nil {
		return nil, err
	}
	titles := make(map[uuid.UUID]string, len(assets))
	for _, a := range assets {
		titles[a.ID] = a.Title
	}
	return titles, nil
}
