package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// LoggedSearch is a search as it was when the person stopped typing, with the pieces it showed in their order.
type LoggedSearch struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Query     string
	Filters   string // a URL query, its names sorted: "stage=validation&type=deck"
	Sort      string
	Total     int // pieces found, shown or not
	At        time.Time
	SettledAt time.Time
	Shown     []uuid.UUID
}

type shownKey struct {
	SearchID uuid.UUID
	AssetID  uuid.UUID
}

// Shown says that a search showed a piece.
type Shown struct {
	UserID  uuid.UUID
	AssetID uuid.UUID
	At      time.Time // of the search
}

// LogSearches writes searches and returns what they showed that was not in the log before. A search that is in the
// log, or twice in the call, is brought up to date and keeps what it showed earlier: that was seen. LogSearches wants
// LockUsage before it in the same transaction.
func (s *Store) LogSearches(ctx context.Context, searches []LoggedSearch) ([]Shown, error) {
	if len(searches) == 0 {
		return nil, nil
	}
	known, err := s.shownBefore(ctx, searches)
	if err != nil {
		return nil, fmt.Errorf("reading what %d searches showed: %w", len(searches), translate(err))
	}
	var rows, shownRows [][]any
	rowOf := make(map[uuid.UUID]int, len(searches))
	var shown []Shown
	for _, l := range searches {
		row := []any{l.ID, l.UserID, l.Query, l.Filters, l.Sort, l.Total, l.At, l.SettledAt}
		if i, ok := rowOf[l.ID]; ok {
			rows[i] = row
		} else {
			rowOf[l.ID] = len(rows)
			rows = append(rows, row)
		}
		for i, asset := range l.Shown {
			key := shownKey{SearchID: l.ID, AssetID: asset}
			if known[key] {
				continue
			}
			known[key] = true
			shownRows = append(shownRows, []any{l.ID, asset, i + 1}) // positions count from 1
			shown = append(shown, Shown{UserID: l.UserID, AssetID: asset, At: l.At})
		}
	}
	err = s.insertMany(ctx, "searches", []column{
		{"id", "uuid"}, {"user_id", "uuid"}, {"q", "text"}, {"filters", "text"}, {"sort", "text"}, {"total", "bigint"}, {"at", "timestamptz"}, {"settled_at", "timestamptz"},
	}, rows, `ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, q = excluded.q, filters = excluded.filters,
		sort = excluded.sort, total = excluded.total, at = excluded.at, settled_at = excluded.settled_at`)
	if err != nil {
		return nil, fmt.Errorf("logging %d searches: %w", len(rows), translate(err))
	}
	err = s.insertMany(ctx, "search_shown", []column{{"search_id", "uuid"}, {"asset_id", "uuid"}, {"position", "bigint"}}, shownRows, "")
	if err != nil {
		return nil, fmt.Errorf("logging what %d searches showed: %w", len(rows), translate(err))
	}
	return shown, nil
}

func (s *Store) shownBefore(ctx context.Context, searches []LoggedSearch) (map[shownKey]bool, error) {
	ids := make([]uuid.UUID, len(searches))
	for i, l := range searches {
		ids[i] = l.ID
	}
	var rows []shownKey
	if err := s.reader(ctx).Raw("SELECT search_id, asset_id FROM search_shown WHERE "+s.among("search_id", "?"), s.idSet(ids)).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	known := make(map[shownKey]bool, len(rows))
	for _, r := range rows {
		known[r] = true
	}
	return known, nil
}
