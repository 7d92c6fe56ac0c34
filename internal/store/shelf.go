package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Shelved is a published asset with what it is filtered and ordered by.
type Shelved struct {
	ID          uuid.UUID
	Type        string
	Language    string
	Stages      []string                      `gorm:"-"` // keys of today of what is published, the primary one first
	Facets      map[collateral.Facet][]string `gorm:"-"`
	PublishedAt time.Time
	Uses        int // field uses from the first to the last day
}

// Shelf returns every published asset, in no order. It reads all of them at once: it is for browsing while there is no
// index to ask, which does not last.
func (s *Store) Shelf(ctx context.Context, from, to time.Time) ([]*Shelved, error) {
	var all []*Shelved
	err := s.reader(ctx).Raw(`SELECT a.id, a.type, a.language, p.published_at,
			coalesce((SELECT u.used FROM usage_totals u WHERE u.asset_id = a.id AND u.day <= ? ORDER BY u.day DESC LIMIT 1), 0) -
			coalesce((SELECT u.used FROM usage_totals u WHERE u.asset_id = a.id AND u.day < ? ORDER BY u.day DESC LIMIT 1), 0) AS uses
		FROM publications p JOIN assets a ON a.id = p.asset_id WHERE p.ended_at IS NULL`,
		to.Format(time.DateOnly), from.Format(time.DateOnly)).Scan(&all).Error
	if err != nil {
		return nil, translate(err)
	}
	byID := make(map[uuid.UUID]*Shelved, len(all))
	for _, a := range all {
		a.Facets = make(map[collateral.Facet][]string)
		byID[a.ID] = a
	}
	var stages []struct {
		AssetID uuid.UUID
		Key     string
	}
	err = s.reader(ctx).Raw(`SELECT p.asset_id, s.key FROM publications p
		JOIN version_stages t ON t.version_id = p.version_id JOIN stages tagged ON tagged.id = t.stage_id
		JOIN stages s ON s.id = coalesce(tagged.merged_into, tagged.id)
		WHERE p.ended_at IS NULL GROUP BY p.asset_id, s.key, s.position
		ORDER BY p.asset_id, max(CASE WHEN t.is_primary THEN 1 ELSE 0 END) DESC, s.position, s.key`).Scan(&stages).Error
	if err != nil {
		return nil, translate(err)
	}
	for _, t := range stages {
		if a, ok := byID[t.AssetID]; ok { // it may have been published between the two queries
			a.Stages = append(a.Stages, t.Key)
		}
	}
	var facets []struct {
		AssetID      uuid.UUID
		Facet, Value string
	}
	err = s.reader(ctx).Raw(`SELECT f.asset_id, f.facet, f.value FROM asset_facets f JOIN publications p ON p.asset_id = f.asset_id
		WHERE p.ended_at IS NULL ORDER BY f.asset_id, f.facet, f.position`).Scan(&facets).Error
	if err != nil {
		return nil, translate(err)
	}
	for _, f := range facets {
		if a, ok := byID[f.AssetID]; ok {
			facet := collateral.Facet(f.Facet)
			a.Facets[facet] = append(a.Facets[facet], f.Value)
		}
	}
	return all, nil
}
