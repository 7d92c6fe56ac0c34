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
	err := s.reader(ctx).Raw(s.withTimes(searchesSQL), map[string]any{"from": from, "to": to}).Scan(&tallies).Error
	if err != nil {
		return nil, fmt.Errorf("counting the searches from %s to %s: %w", from, to, translate(err))
	}
	return tallies, nil
}

// withTimes writes the times that a search is followed for in the words of the database, which are all that the two
// databases do not share here.
func (s *Store) withTimes(sql string) string {
	for _, span := range []string{"24 hours", "30 minutes"} {
		written := "strftime('%Y-%m-%d %H:%M:%f000+00:00', s.settled_at, '+" + span + "')"
		if s.Dialect() == Postgres {
			written = "s.settled_at + interval '" + span + "'"
		}
		sql = strings.ReplaceAll(sql, "{settled_at + "+span+"}", written)
	}
	return sql
}
