package registry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// formAge is how long after it was opened a form may still make its piece.
const formAge = 7 * 24 * time.Hour

// NewID is the id of a piece that a form will make; see CreateOnce.
func (r *Registry) NewID() uuid.UUID { return r.Store.NewID() }

// CreateOnce is Create for a form that may be sent again when its answer was lost: the piece gets the id that the form was
// opened with. The second time made is false, and the piece of the first time is returned as it is now.
func (r *Registry) CreateOnce(ctx context.Context, actor collateral.Actor, id uuid.UUID, details collateral.Details) (created *collateral.Asset, made bool, err error) {
	if !r.isOfForm(id) {
		return nil, false, collateral.Errorf(collateral.Malformed, "This form is too old, or was not made here. Open a new one.")
	}
	err = r.Store.Tx(ctx, func(tx *store.Store) error {
		made = false
		before, err := tx.AssetsByID(ctx, collateral.Scope{All: true}, []uuid.UUID{id})
		if err != nil {
			return err
		}
		if len(before) > 0 {
			if before[0].OwnerID != actor.UserID {
				return collateral.Errorf(collateral.Conflict, "The piece of this form is there already, and belongs to somebody else.")
			}
			created = before[0]
			return nil
		}
		a := &collateral.Asset{ID: id, Details: details.Normal(), OwnerID: actor.UserID}
		if err := create(ctx, tx, actor, a); err != nil {
			return err
		}
		made = true
		created, err = seen(ctx, tx, actor, id)
		return err
	})
	return created, made, err
}

// isOfForm reports whether NewID made the id lately: lists are in the order of ids, and nobody should choose their place.
func (r *Registry) isOfForm(id uuid.UUID) bool {
	if id.Version() != 7 {
		return false
	}
	seconds, nanoseconds := id.Time().UnixTime()
	age := r.Store.Now().Sub(time.Unix(seconds, nanoseconds))
	return age > -time.Minute && age < formAge
}
