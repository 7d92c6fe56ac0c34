package store

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Engaged says that buyers gave a piece their attention on a day.
type Engaged struct {
	AssetID uuid.UUID
	Day     string // YYYY-MM-DD, UTC: when the visit began
	By      int64  // visits that became engaged; negative for those that no longer count
}

// AddEngaged adds engaged visits to the totals of their days and of all later ones, several of one piece and day as well.
// A day goes down to none, not below. It belongs into a transaction, in which it takes LockUsage.
func (s *Store) AddEngaged(ctx context.Context, engaged []Engaged) error {
	type key struct {
		asset uuid.UUID
		day   string
	}
	days := make(map[key]Raise)
	for _, e := range engaged {
		k := key{e.AssetID, e.Day}
		days[k] = Raise{AssetID: e.AssetID, Day: e.Day, Engaged: days[k].Engaged + e.By}
	}
	if len(days) == 0 {
		return nil
	}
	if err := s.LockUsage(ctx); err != nil {
		return err
	}
	return s.RaiseTotals(ctx, slices.Collect(maps.Values(days)))
}
