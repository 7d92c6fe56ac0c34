package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// AddEvents writes those of some uses, each with an id of its own, that are not recorded yet, and returns which they were. It
// does not touch the totals: RaiseTotals does, in the same transaction.
func (s *Store) AddEvents(ctx context.Context, events []collateral.Event) (added map[uuid.UUID]bool, err error) {
	rows := make([][]any, len(events))
	for i, e := range events {
		rows[i] = []any{
			e.ID, string(e.Kind), e.AssetID, nullID(e.VersionID), nullID(e.UserID), e.OccurredAt, e.RecordedAt, nullID(e.SearchID),
			e.Opportunity, sql.NullInt64{Int64: e.DwellMS, Valid: e.DwellMS > 0}, string(e.Reaction), e.Qualifies,
		}
	}
	added, err = s.insertNew(ctx, "usage_events", []column{
		{"id", "uuid"}, {"kind", "text"}, {"asset_id", "uuid"}, {"version_id", "uuid"}, {"user_id", "uuid"}, {"occurred_at", "timestamptz"},
		{"recorded_at", "timestamptz"}, {"search_id", "uuid"}, {"opportunity", "text"}, {"dwell_ms", "bigint"}, {"reaction", "text"}, {"qualifies", "boolean"},
	}, rows)
	if err != nil {
		return nil, fmt.Errorf("adding %d usage events: %w", len(events), translate(err))
	}
	return added, nil
}

// KnownEvents returns which of the events are recorded already.
func (s *Store) KnownEvents(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	known := make(map[uuid.UUID]bool)
	if len(ids) == 0 {
		return known, nil
	}
	var found []uuid.UUID
	if err := s.reader(ctx).Raw("SELECT id FROM usage_events WHERE "+s.among("id", "?"), s.idSet(ids)).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("looking up %d usage events: %w", len(ids), translate(err))
	}
	for _, id := range found {
		known[id] = true
	}
	return known, nil
}

// Opening is one version's being opened or taken by one person.
type Opening struct {
	UserID    uuid.UUID
	VersionID uuid.UUID
	Kind      collateral.UseKind
}

// OpeningsSince returns when these people last opened or took which version, as far as that was after the given time.
func (s *Store) OpeningsSince(ctx context.Context, people []uuid.UUID, since time.Time) (map[Opening]time.Time, error) {
	last := make(map[Opening]time.Time)
	if len(people) == 0 {
		return last, nil
	}
	var rows []struct {
		UserID     uuid.UUID
		VersionID  uuid.UUID
		Kind       collateral.UseKind
		OccurredAt time.Time
	}
	err := s.reader(ctx).Raw(`
		SELECT user_id, version_id, kind, occurred_at FROM usage_events
		WHERE `+s.among("user_id", "?")+` AND occurred_at > ? AND kind IN (?, ?) AND version_id IS NOT NULL
		ORDER BY occurred_at`,
		s.idSet(people), since, collateral.View, collateral.Download).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading what %d people opened lately: %w", len(people), translate(err))
	}
	for _, r := range rows {
		last[Opening{UserID: r.UserID, VersionID: r.VersionID, Kind: r.Kind}] = r.OccurredAt
	}
	return last, nil
}
