package store

import (
	"context"

	"collateral/internal/collateral"
)

// Taxonomies returns the lists of personas, industries and products with the values that are known.
func (s *Store) Taxonomies(ctx context.Context) ([]collateral.Taxonomy, error) {
	db := s.reader(ctx)
	var closed []struct {
		Facet  string
		Closed bool
	}
	if err := db.Raw("SELECT facet, closed FROM taxonomies").Scan(&closed).Error; err != nil {
		return nil, translate(err)
	}
	var values []struct{ Facet, Value string }
	if err := db.Raw("SELECT facet, value FROM taxonomy_values ORDER BY facet, value").Scan(&values).Error; err != nil {
		return nil, translate(err)
	}
	var out []collateral.Taxonomy
	for _, f := range collateral.Facets() {
		t := collateral.Taxonomy{Facet: f}
		for _, c := range closed {
			t.Closed = t.Closed || (c.Facet == string(f) && c.Closed)
		}
		for _, v := range values {
			if v.Facet == string(f) {
				t.Values = append(t.Values, v.Value)
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// AddTaxonomyValues makes values known.
func (s *Store) AddTaxonomyValues(ctx context.Context, f collateral.Facet, values []string) error {
	for _, v := range values {
		err := s.writer(ctx).Exec("INSERT INTO taxonomy_values (facet, value, created_at) VALUES (?, ?, ?) ON CONFLICT (facet, value) DO NOTHING",
			string(f), v, s.Now()).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

// ChangeTaxonomy opens or closes a list, and makes values known or forgets them.
func (s *Store) ChangeTaxonomy(ctx context.Context, f collateral.Facet, closed bool, add, remove []string) error {
	db := s.writer(ctx)
	if err := db.Exec("UPDATE taxonomies SET closed = ? WHERE facet = ?", closed, string(f)).Error; err != nil {
		return translate(err)
	}
	if err := s.AddTaxonomyValues(ctx, f, add); err != nil || len(remove) == 0 {
		return err
	}
	return translate(db.Exec("DELETE FROM taxonomy_values WHERE facet = ? AND value IN ?", string(f), remove).Error)
}

// FacetCounts counts the assets that carry each value of each facet.
func (s *Store) FacetCounts(ctx context.Context) (map[collateral.Facet]map[string]int, error) {
	var rows []struct {
		Facet, Value string
		Count        int
	}
	err := s.reader(ctx).Raw("SELECT facet, value, count(*) AS count FROM asset_facets GROUP BY facet, value").Scan(&rows).Error
	counts := make(map[collateral.Facet]map[string]int)
	for _, f := range collateral.Facets() {
		counts[f] = make(map[string]int)
	}
	for _, r := range rows {
		counts[collateral.Facet(r.Facet)][r.Value] = r.Count
	}
	return counts, translate(err)
}

// PutTaxonomy replaces a list.
func (s *Store) PutTaxonomy(ctx context.Context, t collateral.Taxonomy) error {
	db := s.writer(ctx)
	err := db.Exec("INSERT INTO taxonomies (facet, closed) VALUES (?, ?) ON CONFLICT (facet) DO UPDATE SET closed = excluded.closed",
		string(t.Facet), t.Closed).Error
	if err != nil {
		return translate(err)
	}
	if err := db.Exec("DELETE FROM taxonomy_values WHERE facet = ?", string(t.Facet)).Error; err != nil {
		return translate(err)
	}
	return s.AddTaxonomyValues(ctx, t.Facet, t.Values)
}
