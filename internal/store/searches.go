package store

import (
	"context"
	_ "embed" // the report's SQL
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

//go:embed searches.sql
var searchesSQL string

// SearchTally is how often one person searched for the same.
type SearchTally struct {
	Query          string `gorm:"column:q"` // as it was typed
	Filters        string // a URL query
	UserID         uuid.UUID
	Times          int
	FoundNothing   int     // times that nothing was found
	FoundNothingOn *string // the last day of them, YYYY-MM-DD
	Unopened       int     // times that something was found, and nothing of it opened
	UnopenedOn     *string
}

// SearchTallies returns what reps searched for with words from one time to another, both counted, in no order.
func (s *Store) SearchTallies(ctx context.Context, from, to time.Time) ([]SearchTally, error) {
	var tallies []SearchTally
	// The one thing that the two databases do not write alike.
	later := "s.settled_at + interval '30 minutes'"
	if s.Dialect() == SQLite {
		later = "strftime('%Y-%m-%d %H:%M:%f000+00:00', s.settled_at, '+30 minutes')"
	}
	sql := strings.ReplaceAll(searchesSQL, "{half an hour later}", later)
	err := s.reader(ctx).Raw(sql, map[string]any{"from": from, "to": to}).Scan(&tallies).Error
	if err != nil {
		return nil, fmt.Errorf("counting the searches from %s to %s: %w", from, to, translate(err))
	}
	return tallies, nil
}
