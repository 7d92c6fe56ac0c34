package registry

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// Synonyms returns every group of terms that mean the same to search, the newest first.
func (r *Registry) Synonyms(ctx context.Context) ([]collateral.SynonymGroup, error) {
	return r.Store.Synonyms(ctx)
}

// AddSynonyms keeps a new group. It works from the next search on.
func (r *Registry) AddSynonyms(ctx context.Context, actor collateral.Actor, terms []string) (*collateral.SynonymGroup, error) {
	return r.putSynonyms(ctx, actor, uuid.Nil, terms)
}

// ReplaceSynonyms gives a group other terms, from the next search on.
func (r *Registry) ReplaceSynonyms(ctx context.Context, actor collateral.Actor, id uuid.UUID, terms []string) (*collateral.SynonymGroup, error) {
	return r.putSynonyms(ctx, actor, id, terms)
}

// putSynonyms keeps a group under its id, or under a new one.
func (r *Registry) putSynonyms(ctx context.Context, actor collateral.Actor, id uuid.UUID, terms []string) (*collateral.SynonymGroup, error) {
	g := collateral.SynonymGroup{ID: id, Terms: terms}.Normal()
	if err := g.Check(); err != nil {
		return nil, err
	}
	err := r.changeSynonyms(ctx, func(tx *store.Store) error {
		all, err := tx.Synonyms(ctx)
		if err != nil {
			return err
		}
		action := "synonyms.changed"
		switch known := slices.ContainsFunc(all, func(o collateral.SynonymGroup) bool { return o.ID == id }); {
		case id != uuid.Nil && !known:
			return noSynonyms()
		case id == uuid.Nil && len(all) >= collateral.MaxSynonymGroups:
			return collateral.Errorf(collateral.Conflict, "There are %d groups of synonyms, and no more are kept. Delete one that nobody needs.", len(all))
		case id == uuid.Nil:
			g.ID, action = tx.NewID(), "synonyms.created"
		}
		keys, err := termKeys(g, all)
		if err != nil {
			return err
		}
		g.ChangedAt = tx.Now()
		if err := tx.PutSynonyms(ctx, &g, keys); err != nil {
			return err
		}
		return auditSynonyms(ctx, tx, actor, action, g.ID)
	})
	return &g, err
}

// DeleteSynonyms forgets a group, from the next search on.
func (r *Registry) DeleteSynonyms(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	return r.changeSynonyms(ctx, func(tx *store.Store) error {
		known, err := tx.DeleteSynonyms(ctx, id)
		if err != nil {
			return err
		}
		if !known {
			return noSynonyms()
		}
		return auditSynonyms(ctx, tx, actor, "synonyms.deleted", id)
	})
}

// changeSynonyms runs f in a transaction with no other change of synonyms beside it, and then tells the index. Should
// that fail, the job does it.
func (r *Registry) changeSynonyms(ctx context.Context, f func(tx *store.Store) error) error {
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockSynonyms(ctx); err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		return tx.Enqueue(ctx, JobSynonyms, uuid.Nil)
	})
	if err != nil {
		return err
	}
	if err := r.IndexSynonyms(ctx, uuid.Nil); err != nil {
		r.Log.Warn("the index does not know the new synonyms yet; a job tells it", "error", err)
	}
	return nil
}

// IndexSynonyms gives the search index the present table. The id means nothing.
func (r *Registry) IndexSynonyms(ctx context.Context, _ uuid.UUID) error {
	all, err := r.Store.Synonyms(ctx)
	if err != nil {
		return err
	}
	groups := make([][]string, len(all))
	for i, g := range all {
		groups[i] = g.Terms
	}
	if err := r.Index.SetSynonyms(ctx, groups); err != nil {
		return fmt.Errorf("telling the index %d groups of synonyms: %w", len(groups), orRefusal(err))
	}
	return nil
}

// termKeys returns the key of each term of a group. It refuses, with every fault at once, terms without a word and
// terms that are there already, in the group itself or in another one.
func termKeys(g collateral.SynonymGroup, all []collateral.SynonymGroup) ([]string, error) {
	taken := make(map[string]string) // key to where it is
	for _, other := range all {
		if other.ID == g.ID {
			continue
		}
		for _, t := range other.Terms {
			taken[search.TermKey(t)] = fmt.Sprintf("This is in another group already, with %q. A term can be in one group only: add the others there.", firstOther(other.Terms, t))
		}
	}
	var f collateral.Faults
	keys := make([]string, len(g.Terms))
	for i, t := range g.Terms {
		pointer := "/terms/" + strconv.Itoa(i)
		keys[i] = search.TermKey(t)
		if keys[i] == "" {
			f.Add(pointer, "There is no word in this: use letters or digits.")
			continue
		}
		if where, ok := taken[keys[i]]; ok {
			f.Add(pointer, "%s", where)
		}
		taken[keys[i]] = "Search takes this for the same as an earlier term of the group. Give it once."
	}
	if len(f) == 0 {
		return keys, nil
	}
	return nil, f.Err("These synonyms cannot be saved as described.")
}

// firstOther returns a term that is not t.
func firstOther(terms []string, t string) string {
	for _, other := range terms {
		if other != t {
			return other
		}
	}
	return t
}

func noSynonyms() error {
	return collateral.Errorf(collateral.NotFound, "There is no such group of synonyms.")
}

func auditSynonyms(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, id uuid.UUID) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "synonyms", SubjectID: id.String()})
}
