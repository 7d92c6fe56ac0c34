package usage

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// LatelyDays is how long ago is lately: the window that reports have when nobody asks for another.
const LatelyDays = 90

// Lately is how much the field used a piece in the last LatelyDays.
type Lately struct {
	Uses   int // shared or presented, by qualifying people
	People int // how many different ones; 0 when they are fewer than collateral.MinPeople
}

// Lately returns how much the field used each of the pieces, as far as it did.
func (u *Usage) Lately(ctx context.Context, assets ...uuid.UUID) (map[uuid.UUID]Lately, error) {
	uses, err := u.store.FieldUsesSince(ctx, assets, u.store.Now().AddDate(0, 0, -LatelyDays))
	if err != nil {
		return nil, err
	}
	lately := make(map[uuid.UUID]Lately, len(uses))
	for _, use := range uses {
		lately[use.AssetID] = Lately{Uses: use.Uses, People: collateral.PeopleTold(use.People)}
	}
	return lately, nil
}

// PieceFigures is what the field did with one piece in the last LatelyDays. It is about the piece and names nobody.
type PieceFigures = store.PieceTotals

// Piece returns what the field did with a piece lately.
func (u *Usage) Piece(ctx context.Context, asset uuid.UUID) (PieceFigures, error) {
	now := u.store.Now()
	return u.store.PieceTotals(ctx, asset, now.AddDate(0, 0, -LatelyDays), now)
}
