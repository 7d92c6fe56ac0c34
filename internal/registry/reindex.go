package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// ReindexAll brings the whole index up to date, whatever is in it, and returns how many pieces it has put in or asked for. An
// index that can be made anew beside the one that answers is; into another one each published piece is put again by a
// job of its own, and what it should not hold is taken out.
func (r *Registry) ReindexAll(ctx context.Context) (int, error) {
	if index, ok := r.Index.(search.Rebuilder); ok {
		return r.rebuild(ctx, index)
	}
	ids, err := r.Store.PublishedIDs(ctx)
	if err != nil {
		return 0, err
	}
	if r.Index != nil {
		held, err := r.Index.Revisions(ctx)
		if err != nil {
			return 0, fmt.Errorf("listing the index: %w", orRefusal(err))
		}
		known := make(map[uuid.UUID]bool, len(ids))
		for _, id := range ids {
			known[id] = true
		}
		for text := range held {
			if id, err := uuid.Parse(text); err == nil && !known[id] {
				ids = append(ids, id)
			}
		}
	}
	return len(ids), r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.Enqueue(ctx, JobSynonyms, uuid.Nil); err != nil {
			return err
		}
		return tx.Enqueue(ctx, JobIndex, ids...)
	})
}

// Differences returns every piece of which the index holds nothing, or another revision than that of the database, or
// what is no longer published. A change that is under way counts too.
func (r *Registry) Differences(ctx context.Context) ([]uuid.UUID, error) {
	held, err := r.Index.Revisions(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the index: %w", orRefusal(err))
	}
	published, err := r.Store.PublishedRevisions(ctx)
	if err != nil {
		return nil, err
	}
	var differ []uuid.UUID
	for id, revision := range published {
		if inIndex, there := held[id.String()]; !there || inIndex != revision {
			differ = append(differ, id)
		}
	}
	for text := range held {
		if id, err := uuid.Parse(text); err == nil {
			if _, there := published[id]; !there {
				differ = append(differ, id)
			}
		}
	}
	return differ, nil
}

// Reconcile enqueues the indexing of the Differences, and returns how many those are. What is under way is enqueued twice,
// and done once.
func (r *Registry) Reconcile(ctx context.Context) (int, error) {
	differ, err := r.Differences(ctx)
	if err != nil || len(differ) == 0 {
		return 0, err
	}
	return len(differ), r.Store.Enqueue(ctx, JobIndex, differ...)
}

// How much is put into a new index at a time.
const (
	rebuildPieces = 500
	rebuildBytes  = 32 << 20
)

// discardTime bounds the removal of a new index that came to nothing.
const discardTime = 30 * time.Second

// rebuild fills a new index and has it take the place of the present one. Whoever searches meanwhile is answered by that;
// what changes meanwhile is in the wrong one of the two, and put right afterwards.
func (r *Registry) rebuild(ctx context.Context, index search.Rebuilder) (int, error) {
	if err := r.IndexSynonyms(ctx, uuid.Nil); err != nil {
		return 0, err
	}
	fresh, err := index.Rebuild(ctx)
	if err != nil {
		return 0, fmt.Errorf("making a new index: %w", orRefusal(err))
	}
	n, err := r.fill(ctx, fresh)
	if err == nil {
		err = fresh.Commit(ctx)
	}
	if err != nil {
		discard, cancel := context.WithTimeout(context.WithoutCancel(ctx), discardTime)
		defer cancel()
		return 0, fmt.Errorf("making a new index: %w", orRefusal(errors.Join(err, fresh.Discard(discard))))
	}
	_, err = r.Reconcile(ctx)
	return n, err
}

// fill puts every published piece into a new index, and returns how many those are. A piece that the index refuses is
// left out; that it is missing is noticed afterwards, by a job that tells why.
func (r *Registry) fill(ctx context.Context, fresh search.Rebuild) (int, error) {
	ids, err := r.Store.PublishedIDs(ctx)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, rebuildPieces) {
		revisions, err := r.Store.PublishedRevisions(ctx, some...)
		if err != nil {
			return 0, err
		}
		assets, err := r.Store.AssetsByID(ctx, collateral.Scope{All: true}, some)
		if err != nil {
			return 0, err
		}
		var docs []search.Document
		size := 0
		for i, a := range assets {
			if a.Publication != nil {
				doc, err := r.document(ctx, a, revisions[a.ID])
				if err != nil {
					return 0, err
				}
				for _, page := range doc.Pages {
					size += len(page)
				}
				docs = append(docs, doc)
			}
			if size < rebuildBytes && i < len(assets)-1 {
				continue
			}
			if err := fresh.Put(ctx, docs...); err != nil {
				if _, refused := errors.AsType[*search.Refused](err); !refused {
					return 0, err
				}
			}
			docs, size = nil, 0
		}
	}
	return len(ids), nil
}
