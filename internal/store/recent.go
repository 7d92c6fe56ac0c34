package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// UsesOf returns what the person did with pieces since the given time, the newest first: at most limit.
func (s *Store) UsesOf(ctx context.Context, user uuid.UUID, since time.Time, limit int) ([]collateral.Event, error) {
	var rows []struct {
		ID         uuid.UUID
		Kind       collateral.UseKind
		AssetID    uuid.UUID
		OccurredAt time.Time
		Reaction   collateral.Reaction
	}
	err := s.reader(ctx).Raw(`SELECT id, kind, asset_id, occurred_at, reaction FROM usage_events
		WHERE user_id = ? AND occurred_at >= ? ORDER BY occurred_at DESC, id DESC LIMIT ?`, user, since, limit).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading the last uses of a person: %w", translate(err))
	}
	events := make([]collateral.Event, len(rows))
	for i, r := range rows {
		events[i] = collateral.Event{ID: r.ID, Kind: r.Kind, AssetID: r.AssetID, UserID: user, OccurredAt: r.OccurredAt, Reaction: r.Reaction}
	}
	return events, nil
}

// FieldUse is how much the field used a piece.
type FieldUse struct {
	AssetID uuid.UUID
	Uses    int // shared or presented, by qualifying people
	People  int // how many different ones
}

// FieldUsesSince returns how the field used each of the assets since the given time, as far as it did.
func (s *Store) FieldUsesSince(ctx context.Context, assets []uuid.UUID, since time.Time) ([]FieldUse, error) {
	if len(assets) == 0 {
		return nil, nil
	}
	var uses []FieldUse
	// The condition is that of the index usage_events_field, word for word.
	err := s.reader(ctx).Raw(`SELECT asset_id, count(*) AS uses, count(DISTINCT user_id) AS people FROM usage_events
		WHERE `+s.among("asset_id", "?")+` AND occurred_at >= ? AND qualifies AND kind IN ('share', 'present')
		GROUP BY asset_id`, s.idSet(assets), since).Scan(&uses).Error
	if err != nil {
		return nil, fmt.Errorf("counting who used %d pieces: %w", len(assets), translate(err))
	}
	return uses, nil
}

// PieceTotals is what qualifying people did with one piece.
type PieceTotals struct {
	Found      int
	Opened     int
	Taken      int
	Used       int
	Engaged    int     // visits of buyers
	LastUsedOn *string // day, YYYY-MM-DD; up to the last day, also before the first
}

// PieceTotals returns the piece's totals of the days from and to and between them.
func (s *Store) PieceTotals(ctx context.Context, asset uuid.UUID, from, to time.Time) (PieceTotals, error) {
	var rows []totalRow
	err := s.reader(ctx).Raw(`SELECT * FROM (SELECT * FROM usage_totals WHERE asset_id = ? AND day <= ? ORDER BY day DESC LIMIT 1) AS at_end
		UNION ALL SELECT * FROM (SELECT * FROM usage_totals WHERE asset_id = ? AND day < ? ORDER BY day DESC LIMIT 1) AS at_start
		ORDER BY day DESC`,
		asset, to.Format(time.DateOnly), asset, from.Format(time.DateOnly)).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return PieceTotals{}, translate(err)
	}
	end, start := rows[0], totalRow{}
	if len(rows) > 1 {
		start = rows[1]
	}
	return PieceTotals{
		Found: int(end.Found - start.Found), Opened: int(end.Opened - start.Opened), Taken: int(end.Taken - start.Taken),
		Used: int(end.Used - start.Used), Engaged: int(end.Engaged - start.Engaged), LastUsedOn: end.LastUsedOn,
	}, nil
}
