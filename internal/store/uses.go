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

// AssetsFieldUsedOn returns the ids of the assets that qualifying people field-used on the day.
func (s *Store) AssetsFieldUsedOn(ctx context.Context, day time.Time) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT t.asset_id FROM usage_totals t WHERE t.day = ? AND t.used > coalesce((
			SELECT p.used FROM usage_totals p WHERE p.asset_id = t.asset_id AND p.day < t.day ORDER BY p.day DESC LIMIT 1
		), 0) ORDER BY t.asset_id`, day.Format(time.DateOnly)).Scan(&ids).Error
	return ids, translate(err)
}
