package usage

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// LatelyDays is how long ago is lately: the window that reports have when nobody asks for another.
const LatelyDays = 90

// MinPeople is how many people a figure that counts people must be about, so that it tells of none of them.
const MinPeople = 5

// Lately is how much the field used a piece in the last LatelyDays.
type Lately struct {
	Uses   int // shared or presented, by qualifying people
	People int // how many different ones; 0 when they are fewer than MinPeople
}

// Lately returns how much the field used each of the pieces, as far as it did.
func (u *Usage) Lately(ctx context.Context, assets ...uuid.UUID) (map[uuid.UUID]Lately, error) {
	uses, err := u.store.FieldUsesSince(ctx, assets, u.store.Now().AddDate(0, 0, -LatelyDays))
	if err != nil {
		return nil, err
	}
	lately := make(map[uuid.UUID]Lately, len(uses))
	for _, use := range uses {
		l := Lately{Uses: use.Uses}
		if use.People >= MinPeople {
			l.People = use.People
		}
		lately[use.AssetID] = l
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
