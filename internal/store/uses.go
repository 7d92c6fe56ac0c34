package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// FieldUses returns how often an asset was field-used by qualifying people on the days from and to and between them.
func (s *Store) FieldUses(ctx context.Context, asset uuid.UUID, from, to time.Time) (int, error) {
	var uses int
	err := s.reader(ctx).Raw(`SELECT
		coalesce((SELECT used FROM usage_totals WHERE asset_id = ? AND day <= ? ORDER BY day DESC LIMIT 1), 0) -
		coalesce((SELECT used FROM usage_totals WHERE asset_id = ? AND day < ? ORDER BY day DESC LIMIT 1), 0)`,
		asset, to.Format(time.DateOnly), asset, from.Format(time.DateOnly)).Scan(&uses).Error
	return uses, translate(err)
}

// AssetsUsedOn returns the ids of the assets that qualifying people found or used on the days.
func (s *Store) AssetsUsedOn(ctx context.Context, days ...time.Time) ([]uuid.UUID, error) {
	texts := make([]string, len(days))
	for i, d := range days {
		texts[i] = d.Format(time.DateOnly)
	}
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT DISTINCT asset_id FROM usage_totals WHERE day IN ?", texts).Scan(&ids).Error
	return ids, translate(err)
}
