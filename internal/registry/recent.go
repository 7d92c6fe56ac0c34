package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// RecentPiece is a published piece that the actor used, and how.
type RecentPiece struct {
	usage.Recent
	Piece collateral.Card
}

// Recent returns what the actor opened, took, shared or presented lately, the last first. It reads the actor's own uses and
// nobody else's. What was withdrawn since is left out.
func (r *Registry) Recent(ctx context.Context, actor collateral.Actor) ([]RecentPiece, error) {
	uses, err := r.Usage.Recent(ctx, actor)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(uses))
	for i, u := range uses {
		ids[i] = u.AssetID
	}
	cards, err := r.CardsByID(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	var recent []RecentPiece
	for _, u := range uses {
		if card := cards[u.AssetID]; card != nil {
			recent = append(recent, RecentPiece{Recent: u, Piece: *card})
		}
	}
	return recent, nil
}
