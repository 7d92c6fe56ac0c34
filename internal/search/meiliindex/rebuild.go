package meiliindex

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// rebuildInfix stands between the name of the index and what is unique, in the name of one that is being made.
const rebuildInfix = "-rebuild-"

// strayAge is the age at which an index that was never finished is removed: longer than any rebuild takes.
const strayAge = 24 * time.Hour

// rebuild is an index that is being made.
type rebuild struct {
	index *Index
	uid   string
	ended bool
}

var _ search.Rebuild = (*rebuild)(nil)

// Rebuild makes an empty index under a name of its own, so that several registries may do so at the same time. Those that
// were left behind by some that ended are removed.
func (x *Index) Rebuild(ctx context.Context) (search.Rebuild, error) {
	if err := x.dropStrays(ctx); err != nil {
		return nil, err
	}
	r := &rebuild{index: x, uid: x.name + rebuildInfix + uuid.NewString()}
	if err := x.create(ctx, r.uid); err != nil {
		return nil, err
	}
	if err := x.applySettings(ctx, r.uid); err != nil {
		return nil, err
	}
	return r, nil
}

func (x *Index) dropStrays(ctx context.Context) error {
	const most = 1000
	var all *meilisearch.IndexesResults
	err := x.call(ctx, func(ctx context.Context) (err error) {
		all, err = x.client.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: most})
		return err
	})
	if err != nil {
		return fmt.Errorf("listing the indexes of the search server: %w", err)
	}
	for _, found := range all.Results {
		if strings.HasPrefix(found.UID, x.name+rebuildInfix) && time.Since(found.CreatedAt) > strayAge {
			if err := x.drop(ctx, found.UID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Put stores the documents in the new index.
func (r *rebuild) Put(ctx context.Context, docs ...search.Document) error {
	if err := r.index.putInto(ctx, r.uid, docs); err != nil {
		return fmt.Errorf("putting documents into the new search index: %w", err)
	}
	return nil
}

// Commit swaps the two indexes, which is one task of the server, and removes what was swapped out.
func (r *rebuild) Commit(ctx context.Context) error {
	x := r.index
	x.setting.Lock()
	defer x.setting.Unlock()
	if err := x.loadSynonyms(ctx); err != nil {
		return err
	}
	if err := x.sendSynonyms(ctx, r.uid, x.synonyms.Load().groups); err != nil {
		return fmt.Errorf("giving the new search index its synonyms: %w", err)
	}
	err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{x.name, r.uid}}})
	})
	if err != nil {
		return fmt.Errorf("swapping the new search index in: %w", err)
	}
	if err := x.setNote(ctx, noteLayout, layoutVersion); err != nil {
		return err
	}
	return r.Discard(ctx)
}

// Discard removes the index under the name of the new one.
func (r *rebuild) Discard(ctx context.Context) error {
	if r.ended {
		return nil
	}
	if err := r.index.drop(ctx, r.uid); err != nil {
		return err
	}
	r.ended = true
	return nil
}
