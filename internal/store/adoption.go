package store

import (
	"context"
	_ "embed" // the report's SQL
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

//go:embed adoption_pieces.sql
var adoptionSQL string

// NewPiece is a piece that was first published in a span of time.
type NewPiece struct {
	AssetID     uuid.UUID
	Title       string
	Type        collateral.Type
	OwnerID     uuid.UUID
	StageID     uuid.UUID   // the primary one, as signed
	OtherStages []uuid.UUID // as signed
	PublishedOn string      // YYYY-MM-DD, UTC: the first publication here
	FirstUsedOn string      // YYYY-MM-DD, UTC: first shared or presented by qualifying people; empty when not
}

// NewPieces returns the pieces published at asOf whose first publication was since from, in no order: those that the person owns or
// co-authors, uuid.Nil for all. Uses count up to and with the day to (YYYY-MM-DD).
func (s *Store) NewPieces(ctx context.Context, person uuid.UUID, from, asOf time.Time, to string) ([]NewPiece, error) {
	var rows []struct {
		AssetID, OwnerID, StageID         uuid.UUID
		IsPrimary                         bool
		Title, Type, FirstAt, FirstUsedOn string
	}
	err := s.reader(ctx).Raw(adoptionSQL, map[string]any{
		"from": from, "as_of": asOf, "to": to, "all": person == uuid.Nil, "person": person,
	}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading what was first published from %s to %s: %w", from, asOf, translate(err))
	}
	var pieces []NewPiece
	at := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		i, seen := at[r.AssetID]
		if !seen {
			i, at[r.AssetID] = len(pieces), len(pieces)
			pieces = append(pieces, NewPiece{
				AssetID: r.AssetID, Title: r.Title, Type: collateral.Type(r.Type), OwnerID: r.OwnerID,
				PublishedOn: r.FirstAt[:len(time.DateOnly)], FirstUsedOn: r.FirstUsedOn,
			})
		}
		if r.IsPrimary {
			pieces[i].StageID = r.StageID
		} else {
			pieces[i].OtherStages = append(pieces[i].OtherStages, r.StageID)
		}
	}
	return pieces, nil
}

// PeopleActive returns who used any piece, as a qualifying person, between two times, both included. It costs a look-up for each person.
func (s *Store) PeopleActive(ctx context.Context, from, asOf time.Time) (map[uuid.UUID]bool, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT u.id FROM users u WHERE EXISTS
		(SELECT 1 FROM usage_events e WHERE e.user_id = u.id AND e.occurred_at >= ? AND e.occurred_at <= ? AND e.qualifies)`, from, asOf).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("reading who was active from %s to %s: %w", from, asOf, translate(err))
	}
	active := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		active[id] = true
	}
	return active, nil
}

// FieldUsers returns who shared or presented each of the pieces, as a qualifying person, between two times, both included. Its cost grows with
// the uses of these pieces.
func (s *Store) FieldUsers(ctx context.Context, assets []uuid.UUID, from, asOf time.Time) (map[uuid.UUID][]uuid.UUID, error) {
	var rows []struct{ AssetID, UserID uuid.UUID }
	err := s.reader(ctx).Raw(`SELECT DISTINCT e.asset_id, e.user_id FROM usage_events e WHERE `+s.among("e.asset_id", "?")+`
		AND e.occurred_at >= ? AND e.occurred_at <= ? AND e.kind IN ('share', 'present') AND e.qualifies AND e.user_id IS NOT NULL`,
		s.idSet(assets), from, asOf).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading who used %d pieces from %s to %s: %w", len(assets), from, asOf, translate(err))
	}
	users := make(map[uuid.UUID][]uuid.UUID, len(assets))
	for _, r := range rows {
		users[r.AssetID] = append(users[r.AssetID], r.UserID)
	}
	return users, nil
}
