package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// keep makes the row under which a piece is put on a shelf. Only what is published, and the actor may see, can be kept.
func keep(ctx context.Context, tx *store.Store, actor collateral.Actor, asset uuid.UUID) (store.KeptRow, error) {
	cards, err := tx.Cards(ctx, collateral.ScopeOf(actor), []uuid.UUID{asset})
	if err != nil {
		return store.KeptRow{}, err
	}
	if len(cards) == 0 {
		return store.KeptRow{}, collateral.Errorf(collateral.NotFound, "There is no published piece with this id.")
	}
	return store.KeptRow{AssetID: asset, Title: cards[0].Title, AddedAt: tx.Now()}, nil
}

// onShelf joins rows of a shelf to the pieces as they stand now.
func (r *Registry) onShelf(ctx context.Context, actor collateral.Actor, rows []store.KeptRow) ([]collateral.Kept, error) {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.AssetID
	}
	cards, err := r.CardsByID(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	kept := make([]collateral.Kept, len(rows))
	for i, row := range rows {
		kept[i] = collateral.Kept{AssetID: row.AssetID, Title: row.Title, AddedAt: row.AddedAt, Card: cards[row.AssetID]}
		if kept[i].Card != nil {
			kept[i].Title = kept[i].Card.Title
		}
	}
	return kept, nil
}

// CardsByID returns the cards of those of the pieces that are published and that the actor may see.
func (r *Registry) CardsByID(ctx context.Context, actor collateral.Actor, ids []uuid.UUID) (map[uuid.UUID]*collateral.Card, error) {
	byID := make(map[uuid.UUID]*collateral.Card, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	cards, err := r.Store.Cards(ctx, collateral.ScopeOf(actor), ids)
	if err != nil {
		return nil, err
	}
	for i := range cards {
		byID[cards[i].ID] = &cards[i]
	}
	return byID, nil
}
