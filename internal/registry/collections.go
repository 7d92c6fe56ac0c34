package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Collections returns the actor's collections by name. A collection is for the one who made it, so nothing of it is audited.
func (r *Registry) Collections(ctx context.Context, actor collateral.Actor) ([]collateral.Collection, error) {
	return r.Store.Collections(ctx, actor.UserID)
}

// CollectionsWith returns which of the actor's collections hold a piece.
func (r *Registry) CollectionsWith(ctx context.Context, actor collateral.Actor, asset uuid.UUID) ([]uuid.UUID, error) {
	return r.Store.CollectionsWith(ctx, actor.UserID, asset)
}

// Collection returns a collection of the actor's and what is in it, in its order.
func (r *Registry) Collection(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Collection, []collateral.Kept, error) {
	c, err := r.Store.Collection(ctx, actor.UserID, id)
	if err != nil {
		return nil, nil, err
	}
	rows, err := r.Store.Collected(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	kept, err := r.onShelf(ctx, actor, rows)
	return c, kept, err
}

// AddCollection makes an empty collection.
func (r *Registry) AddCollection(ctx context.Context, actor collateral.Actor, name string) (*collateral.Collection, error) {
	name = collateral.NormalCollectionName(name)
	if err := collateral.CheckCollectionName(name); err != nil {
		return nil, err
	}
	now := r.Store.Now()
	c := collateral.Collection{ID: r.Store.NewID(), Name: name, CreatedAt: now, ChangedAt: now}
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		all, err := tx.Collections(ctx, actor.UserID)
		if err != nil {
			return err
		}
		if len(all) >= collateral.MaxCollections {
			return collateral.Errorf(collateral.Conflict, "You have %d collections, and no more are kept. Delete one that you no longer need.", len(all))
		}
		return tx.AddCollection(ctx, actor.UserID, c)
	})
	return &c, err
}

// RenameCollection gives a collection of the actor's another name.
func (r *Registry) RenameCollection(ctx context.Context, actor collateral.Actor, id uuid.UUID, name string) (*collateral.Collection, error) {
	name = collateral.NormalCollectionName(name)
	if err := collateral.CheckCollectionName(name); err != nil {
		return nil, err
	}
	return r.changeCollection(ctx, actor, id, func(tx *store.Store) error {
		return tx.RenameCollection(ctx, actor.UserID, id, name)
	})
}

// DeleteCollection forgets a collection of the actor's. The pieces stay.
func (r *Registry) DeleteCollection(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.TouchCollection(ctx, actor.UserID, id, tx.Now()); err != nil {
			return err
		}
		return tx.DeleteCollection(ctx, id)
	})
}

// Collect puts a published piece into a collection of the actor's at the position, from 1, or moves it there. With 0 a
// new one comes last and one that is there stays; beyond the end is the end.
func (r *Registry) Collect(ctx context.Context, actor collateral.Actor, id, asset uuid.UUID, position int) (*collateral.Collection, error) {
	return r.changeCollection(ctx, actor, id, func(tx *store.Store) error {
		rows, err := tx.Collected(ctx, id)
		if err != nil {
			return err
		}
		at := placeOf(rows, asset)
		var row store.KeptRow
		switch {
		case at >= 0 && position == 0:
			return nil
		case at >= 0: // one that was withdrawn meanwhile can still be moved
			row = rows[at]
			rows = slices.Delete(rows, at, at+1)
		case len(rows) >= collateral.MaxCollected:
			return collateral.Errorf(collateral.Conflict, "A collection holds %d pieces at most. Make another one.", collateral.MaxCollected)
		default:
			if row, err = keep(ctx, tx, actor, asset); err != nil {
				return err
			}
		}
		if position == 0 || position > len(rows) {
			position = len(rows) + 1
		}
		return tx.SetCollected(ctx, id, slices.Insert(rows, position-1, row))
	})
}

// Uncollect takes a piece out of a collection of the actor's. One that is not in it is left alone.
func (r *Registry) Uncollect(ctx context.Context, actor collateral.Actor, id, asset uuid.UUID) (*collateral.Collection, error) {
	return r.changeCollection(ctx, actor, id, func(tx *store.Store) error {
		rows, err := tx.Collected(ctx, id)
		if err != nil {
			return err
		}
		at := placeOf(rows, asset)
		if at < 0 {
			return nil
		}
		return tx.SetCollected(ctx, id, slices.Delete(rows, at, at+1))
	})
}

// changeCollection runs f in a transaction on a collection of the actor's that nobody else changes meanwhile, and returns
// the collection as it is then.
func (r *Registry) changeCollection(ctx context.Context, actor collateral.Actor, id uuid.UUID, f func(tx *store.Store) error) (*collateral.Collection, error) {
	var after *collateral.Collection
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.TouchCollection(ctx, actor.UserID, id, tx.Now()); err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		var err error
		after, err = tx.Collection(ctx, actor.UserID, id)
		return err
	})
	return after, err
}

func placeOf(rows []store.KeptRow, asset uuid.UUID) int {
	return slices.IndexFunc(rows, func(row store.KeptRow) bool { return row.AssetID == asset })
}
