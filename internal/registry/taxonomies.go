package registry

import (
	"context"
	"slices"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Taxonomies returns the lists of personas, industries and products.
func (r *Registry) Taxonomies(ctx context.Context) ([]collateral.Taxonomy, error) {
	return r.Store.Taxonomies(ctx)
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
