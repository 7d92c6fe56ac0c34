package store

import (
	"context"
	"database/sql"
	_ "embed" // the report's SQL
	"fmt"

	"github.com/google/uuid"
)

//go:embed coverage.sql
var coverageSQL string

// Purpose is whom a piece is for, and until when it may be shown unread.
type Purpose struct {
	Personas []string // in the order in which they were given
	ReviewBy string   // YYYY-MM-DD; empty when not said
}

// Purposes returns the purpose of every piece that has a persona or a review date, as they are now.
func (s *Store) Purposes(ctx context.Context) (map[uuid.UUID]Purpose, error) {
	purposes, err := s.purposes(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading whom pieces are for: %w", translate(err))
	}
	return purposes, nil
}

func (s *Store) purposes(ctx context.Context) (map[uuid.UUID]Purpose, error) {
	rows, err := s.reader(ctx).Raw(coverageSQL).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	purposes := make(map[uuid.UUID]Purpose)
	for rows.Next() {
		var id uuid.UUID
		var reviewBy, persona sql.NullString
		if err := rows.Scan(&id, &reviewBy, &persona); err != nil {
			return nil, err
		}
		p := purposes[id]
		p.ReviewBy = reviewBy.String
		if persona.Valid {
			p.Personas = append(p.Personas, persona.String)
		}
		purposes[id] = p
	}
	return purposes, rows.Err()
}
