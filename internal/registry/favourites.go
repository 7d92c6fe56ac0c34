package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Favourites returns the actor's favourites, the newest first. They are the actor's alone, so nothing of them is audited.
func (r *Registry) Favourites(ctx context.Context, actor collateral.Actor) ([]collateral.Kept, error) {
	rows, err := r.Store.Favourites(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	return r.onShelf(ctx, actor, rows)
}

// FavouritesAmong returns which of the pieces are favourites of the actor.
func (r *Registry) FavouritesAmong(ctx context.Context, actor collateral.Actor, assets ...uuid.UUID) (map[uuid.UUID]bool, error) {
	return r.Store.FavouritesAmong(ctx, actor.UserID, assets)
}

// AddFavourite makes a published piece a favourite of the actor.
func (r *Registry) AddFavourite(ctx context.Context, actor collateral.Actor, asset uuid.UUID) error {
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		row, err := keep(ctx, tx, actor, asset)
		if err != nil {
			return err
		}
		rows, err := tx.Favourites(ctx, actor.UserID)
		if err != nil {
			return err
		}
		if placeOf(rows, asset) < 0 && len(rows) >= collateral.MaxFavourites {
			return collateral.Errorf(collateral.Conflict, "You have %d favourites, and no more are kept. Remove some that you no longer need.", len(rows))
		}
		return tx.AddFavourite(ctx, actor.UserID, row)
	})
}

// RemoveFavourite forgets a favourite of the actor, whatever became of the piece. One that is none is left alone.
func (r *Registry) RemoveFavourite(ctx context.Context, actor collateral.Actor, asset uuid.UUID) error {
	return r.Store.RemoveFavourite(ctx, actor.UserID, asset)
}
