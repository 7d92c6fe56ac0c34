package registry

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Create stores a new piece, owned by the actor.
func (r *Registry) Create(ctx context.Context, actor collateral.Actor, details collateral.Details) (*collateral.Asset, error) {
	var created *collateral.Asset
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		a := &collateral.Asset{Details: details.Normal(), OwnerID: actor.UserID}
		if err := create(ctx, tx, actor, a); err != nil {
			return err
		}
		var err error
		created, err = seen(ctx, tx, actor, a.ID)
		return err
	})
	return created, err
}

// create stores a new piece with normal details, and sets its times, and its id where it has none.
func create(ctx context.Context, tx *store.Store, actor collateral.Actor, a *collateral.Asset) error {
	now := tx.Now()
	a.CreatedAt, a.UpdatedAt = now, now
	if a.ID == uuid.Nil {
		a.ID = tx.NewID()
	}
	if err := checkDetails(ctx, tx, &a.Details, &collateral.Details{}); err != nil {
		return err
	}
	if err := tx.CreateAsset(ctx, a); err != nil {
		return err
	}
	return audit(ctx, tx, actor, "asset.created", a.ID, "")
}

// Asset returns a piece that the actor may see.
func (r *Registry) Asset(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	return seen(ctx, r.Store, actor, id)
}

// AssetFilter narrows a list of pieces.
type AssetFilter = store.AssetFilter

// Assets returns one page of the pieces that the actor may see, the newest first, and the next page's cursor.
func (r *Registry) Assets(ctx context.Context, actor collateral.Actor, filter AssetFilter, paging collateral.Paging) ([]*collateral.Asset, string, error) {
	var err error
	if filter.Stages, err = r.stagesOfToday(ctx, filter.Stages); err != nil {
		return nil, "", err
	}
	assets, next, err := r.Store.Assets(ctx, collateral.ScopeOf(actor), filter, paging)
	if err != nil {
		return nil, "", err
	}
	return assets, next, showPublished(ctx, r.Store, actor, assets...)
}

// Change lets the owner or a co-author change what is said of a piece. The revision it is based on must be named.
// Audience and stages take effect with the next version: what is published stays as Sales signed it.
func (r *Registry) Change(ctx context.Context, actor collateral.Actor, id uuid.UUID, revision *int64, change func(*collateral.Details) error) (*collateral.Asset, error) {
	return r.onAsset(ctx, actor, id, mayEdit, func(tx *store.Store, a *collateral.Asset) error {
		if revision == nil {
			return collateral.Errorf(collateral.Unconditional, "Say which revision you change: send the ETag of the piece as If-Match.")
		}
		changed, err := tx.ChangeAsset(ctx, id, revision, func(a *collateral.Asset) error {
			before := a.Details
			if err := change(&a.Details); err != nil {
				return err
			}
			a.Details = a.Details.Normal()
			if a.Publication != nil && len(a.Stages) == 0 {
				return collateral.Fault("/stages", "The piece is published, so it keeps at least one stage. Withdraw it first, or name another stage.")
			}
			return checkDetails(ctx, tx, &a.Details, &before)
		})
		if err != nil || changed.Revision == a.Revision {
			return err
		}
		if err := audit(ctx, tx, actor, "asset.changed", id, ""); err != nil {
			return err
		}
		return reindexIfPublished(ctx, tx, changed)
	})
}

// Delete removes a piece of the actor's own that was never submitted.
func (r *Registry) Delete(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	var digests []string
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		a, err := locked(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if a.OwnerID != actor.UserID {
			return collateral.Errorf(collateral.Forbidden, "Only the owner can delete a piece.")
		}
		if a.SubmittedAt != nil {
			return collateral.Errorf(collateral.Conflict, "The piece was submitted once, so its history stays. Withdraw it instead, or ask an admin to purge the bytes.")
		}
		if digests, err = tx.DeleteAsset(ctx, id); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "asset.deleted", id, "")
	})
	if err == nil {
		r.free(ctx, digests...)
	}
	return err
}

// checkDetails refuses faulty details with everything that is wrong, finds the stages named, and makes new values of
// open lists known.
func checkDetails(ctx context.Context, tx *store.Store, d, before *collateral.Details) error {
	lists, err := tx.Taxonomies(ctx)
	if err != nil {
		return err
	}
	unknown, err := findStages(ctx, tx, d.Stages)
	if err != nil {
		return err
	}
	var all collateral.Faults
	for _, err := range []error{d.Check(), unknown, d.CheckTaxonomies(lists, before)} {
		if e, ok := errors.AsType[*collateral.Error](err); ok {
			all = append(all, e.Fields...)
		}
	}
	if err := all.Err("This piece cannot be saved as described."); err != nil {
		return err
	}
	for _, l := range lists {
		if l.Closed {
			continue // what a piece had before is no reason to take it back into the list
		}
		if err := tx.AddTaxonomyValues(ctx, l.Facet, d.Facet(l.Facet)); err != nil {
			return err
		}
	}
	return nil
}

// findStages sets the ids of the stages that tags name by key; the first error lists keys that no stage in use has.
func findStages(ctx context.Context, tx *store.Store, tags []collateral.StageTag) (unknown, err error) {
	if len(tags) == 0 {
		return nil, nil
	}
	if err := tx.HoldStages(ctx); err != nil {
		return nil, err
	}
	stages, err := tx.Stages(ctx, false)
	if err != nil {
		return nil, err
	}
	var f collateral.Faults
	for i := range tags {
		at := slices.IndexFunc(stages, func(s collateral.Stage) bool { return s.Key == tags[i].Stage })
		if at < 0 {
			f.Add("/stages/"+strconv.Itoa(i)+"/stage", "%s", unknownStage(tags[i].Stage, stages))
			continue
		}
		tags[i].StageID = stages[at].ID
	}
	return f.Err("unknown stages"), nil
}
