package registry

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// usesDays is the window in days over which uses count for the order of hits.
const usesDays = 90

// IndexAsset brings the search index up to date with a piece: what is published is put, everything else deleted. It
// loads the present row, so that it can be repeated, late or out of order.
func (r *Registry) IndexAsset(ctx context.Context, id uuid.UUID) error {
	a, err := r.Store.Asset(ctx, collateral.Scope{All: true}, id)
	if err != nil && collateral.KindOf(err) != collateral.NotFound {
		return err
	}
	if err != nil || a.Publication == nil {
		if err := r.Index.Delete(ctx, id.String()); err != nil {
			return fmt.Errorf("taking asset %s out of the index: %w", id, orRefusal(err))
		}
		return nil
	}
	// The revision first: what changes while the rest is read makes it an old one, which is noticed.
	revisions, err := r.Store.PublishedRevisions(ctx, id)
	if err != nil {
		return err
	}
	doc, err := r.document(ctx, a, revisions[id])
	if err != nil {
		return err
	}
	if err := r.Index.Put(ctx, doc); err != nil {
		return fmt.Errorf("indexing asset %s: %w", id, orRefusal(err))
	}
	return nil
}

// document is what the index holds of a published piece: its words as they are today, and the tags that Sales signed.
func (r *Registry) document(ctx context.Context, a *collateral.Asset, revision string) (search.Document, error) {
	v, err := r.Store.VersionByID(ctx, a.Publication.VersionID)
	if err != nil {
		return search.Document{}, err
	}
	pages, err := r.Store.VersionPages(ctx, v.ID)
	if err != nil {
		return search.Document{}, err
	}
	now := r.Store.Now()
	uses, err := r.Store.FieldUses(ctx, a.ID, now.AddDate(0, 0, -usesDays), now)
	if err != nil {
		return search.Document{}, err
	}
	stages := make([]string, len(v.Stages))
	summary := []string{a.Summary}
	for i, t := range v.Stages {
		stages[i] = t.Stage
		// What the piece does for the buyer is what a rep would ask for.
		summary = append(summary, t.Role)
	}
	return search.Document{
		ID: a.ID.String(), Title: a.Title, Summary: strings.Join(summary, "\n"), Type: string(a.Type), Stages: stages,
		Personas: a.Personas, Industries: a.Industries, Products: a.Products, Language: a.Language,
		Pages: pages, PublishedAt: a.Publication.PublishedAt, Uses: uses, Revision: revision,
	}, nil
}

// refreshIn is how long after a use the order of hits follows. Pieces that are used a lot are indexed once in that time.
const refreshIn = 10 * time.Second

// FieldUsed has the order of hits follow the uses of pieces; it is part of the transaction that records them.
func (r *Registry) FieldUsed(ctx context.Context, tx *store.Store, assets []uuid.UUID) error {
	return tx.EnqueueIn(ctx, refreshIn, JobIndex, assets...)
}

// RefreshUses enqueues the indexing of the pieces whose uses leave the window on the given day, so that the order of hits
// follows. Once for each day is enough.
func (r *Registry) RefreshUses(ctx context.Context, day time.Time) error {
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		ids, err := tx.AssetsFieldUsedOn(ctx, day.AddDate(0, 0, -usesDays-1))
		if err != nil {
			return err
		}
		return tx.Enqueue(ctx, JobIndex, ids...)
	})
}

func reindexIfPublished(ctx context.Context, tx *store.Store, a *collateral.Asset) error {
	if a.Publication == nil {
		return nil
	}
	return tx.Enqueue(ctx, JobIndex, a.ID)
}
