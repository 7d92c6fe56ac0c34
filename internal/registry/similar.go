package registry

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
)

// SimilarPiece is a published piece and what it has in common with another one.
type SimilarPiece struct {
	search.Kin
	Piece collateral.Card
}

// maxSimilar is how many similar pieces are shown.
const maxSimilar = 10

// Similar returns the published pieces that have most in common with a published one that the actor may see: see
// search.Kin. A piece that is not published has none.
func (r *Registry) Similar(ctx context.Context, actor collateral.Actor, id uuid.UUID) ([]SimilarPiece, error) {
	if _, err := r.Store.Asset(ctx, collateral.ScopeOf(actor), id); err != nil {
		return nil, err
	}
	kin, err := r.Index.Similar(ctx, id.String(), maxSimilar)
	if err != nil {
		return nil, fmt.Errorf("looking for pieces like %s: %w", id, orRefusal(err))
	}
	hits := make([]search.Hit, len(kin))
	byID := make(map[string]search.Kin, len(kin))
	for i, k := range kin {
		hits[i] = search.Hit{ID: k.ID}
		byID[k.ID] = k
	}
	found, err := r.fresh(ctx, actor, hits)
	if err != nil {
		return nil, err
	}
	similar := make([]SimilarPiece, len(found))
	for i, h := range found {
		similar[i] = SimilarPiece{Kin: byID[h.ID], Piece: h.Piece}
	}
	return similar, nil
}
