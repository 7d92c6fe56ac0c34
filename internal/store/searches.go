package store

import (
	"context"
	_ "embed" // the report's SQL
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

//go:embed searches.sql
var searchesSQL string

// SearchEnd is how a search ended.
type SearchEnd string

// The ends of searches.
const (
	EndedNothing  SearchEnd = "nothing"  // nothing was found
	EndedUnopened SearchEnd = "unopened" // something was found, and nothing of it opened
	EndedOpened   SearchEnd = "opened"
)

// SearchTally is how often one person's searches for the same ended the same way.
type SearchTally struct {
	Query   string    `gorm:"column:q"` // as it was typed
	Filters string    // a URL query
	UserID  uuid.UUID // uuid.Nil for people who are forgotten
	Ended   SearchEnd
	Times   int
	LastOn  string // YYYY-MM-DD
}

// SearchTallies returns what reps searched for with words from one time on until before another, in no order; the same may
// come twice. It cannot be called in a transaction.
func (s *Store) SearchTallies(ctx context.Context, from, until time.Time) ([]SearchTally, error) {
	// In two halves side by side: looking up what became of thousands of searches keeps one processor busy.
	middle := from.Add(until.Sub(from) / 2).Truncate(time.Microsecond)
	var halves [2][]SearchTally
	group, inner := errgroup.WithContext(ctx)
	for i, span := range [2][2]time.Time{{from, middle}, {middle, until}} {
		group.Go(func() error {
			return s.reader(inner).Raw(s.searchesSQL(), map[string]any{"from": span[0], "until": span[1]}).Scan(&halves[i]).Error
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("counting the searches from %s until %s: %w", from, until, translate(err))
	}
	return slices.Concat(halves[:]...), nil
}

// searchEnd is how a search s ended, in SQL.
const searchEnd = `CASE
      WHEN s.total = 0 THEN 'nothing'
      WHEN EXISTS (
        SELECT 1 FROM usage_events e
        WHERE e.user_id = s.user_id AND e.occurred_at >= s.at AND e.occurred_at <= {half an hour later}
          AND (e.search_id = s.id OR CAST(s.shown AS text) LIKE '%' || CAST(e.asset_id AS text) || '%')
      ) THEN 'opened'
      ELSE 'unopened'
    END`

// searchesSQL is the statement with the one thing that the two databases do not write alike.
func (s *Store) searchesSQL() string {
	return strings.ReplaceAll(searchesSQL, "{how it ended}", s.searchEnd())
}

func (s *Store) searchEnd() string {
	later := "s.settled_at + interval '30 minutes'"
	if s.Dialect() == SQLite {
		later = "strftime('%Y-%m-%d %H:%M:%f000+00:00', s.settled_at, '+30 minutes')"
	}
	return strings.ReplaceAll(searchEnd, "{half an hour later}", later)
}
