package registry

import (
	"context"
	"slices"
	"strconv"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Taxonomies returns the lists of personas, industries and products.
func (r *Registry) Taxonomies(ctx context.Context) ([]collateral.Taxonomy, error) {
	return r.Store.Taxonomies(ctx)
}

// TaxonomyUses counts the pieces, in any state, that carry each value of each list.
func (r *Registry) TaxonomyUses(ctx context.Context) (map[collateral.Facet]map[string]int, error) {
	return r.Store.FacetCounts(ctx)
}

// TaxonomyChange says what to change of a list; what is nil or empty stays. Unlike a whole new list, it loses nothing that
// somebody else added meanwhile.
type TaxonomyChange struct {
	Closed *bool
	Add    []string
	Remove []string
}

// ChangeTaxonomy changes a list and returns it. Pieces keep values that are removed until they are changed.
func (r *Registry) ChangeTaxonomy(ctx context.Context, actor collateral.Actor, facet collateral.Facet, change TaxonomyChange) (collateral.Taxonomy, error) {
	var changed collateral.Taxonomy
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		lists, err := tx.Taxonomies(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(lists, func(t collateral.Taxonomy) bool { return t.Facet == facet })
		if at < 0 {
			return collateral.Errorf(collateral.NotFound, "There is no list %q. The lists are persona, industry and product.", facet)
		}
		changed = lists[at]
		if err := change.apply(&changed); err != nil {
			return err
		}
		if err := tx.ChangeTaxonomy(ctx, facet, changed.Closed, change.Add, change.Remove); err != nil {
			return err
		}
		return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: "taxonomy.changed", SubjectKind: "taxonomy", SubjectID: string(facet)})
	})
	return changed, err
}

// apply changes t, if what is added can be a value and is not there yet, and what is removed is.
func (c TaxonomyChange) apply(t *collateral.Taxonomy) error {
	var f collateral.Faults
	for i, v := range c.Add {
		pointer := "/add/" + strconv.Itoa(i)
		switch {
		case !collateral.IsSlug(v):
			f.Add(pointer, "%q cannot be a value: write it in lower-case letters, digits and hyphens, such as public-sector.", v)
		case slices.Contains(t.Values, v):
			f.Add(pointer, "%q is in the list already.", v)
		}
		t.Values = append(t.Values, v)
	}
	for i, v := range c.Remove {
		at := slices.Index(t.Values, v)
		if at < 0 {
			f.Add("/remove/"+strconv.Itoa(i), "%q is not in the list any more.", v)
			continue
		}
		t.Values = slices.Delete(t.Values, at, at+1)
	}
	slices.Sort(t.Values)
	set(&t.Closed, c.Closed)
	return f.Err("This list cannot be changed like this.")
}

// SetTaxonomy replaces a list. Pieces keep values that are no longer in it until they are changed.
func (r *Registry) SetTaxonomy(ctx context.Context, actor collateral.Actor, t collateral.Taxonomy) (collateral.Taxonomy, error) {
	t.Values = slices.Compact(slices.Sorted(slices.Values(t.Values)))
	if err := t.Check(); err != nil {
		return t, err
	}
	return t, r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.PutTaxonomy(ctx, t); err != nil {
			return err
		}
		return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: "taxonomy.changed", SubjectKind: "taxonomy", SubjectID: string(t.Facet)})
	})
}
