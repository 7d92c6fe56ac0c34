package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Totals are cumulative. A row of usage_totals says how often a piece was found, opened, taken and used, and engaged a
// buyer, up to and with that day, so the uses within a window are the last row of the window less the last row before it:
// two seeks a piece, however many uses there are. The price is paid on writing: a use of an earlier day raises every later
// row of its piece. Uses that come in on the day they happened, which is nearly all, have no later row.

// Raise is what one day adds to one piece's totals.
type Raise struct {
	AssetID uuid.UUID
	Day     string // YYYY-MM-DD, UTC
	Found   int64
	Opened  int64
	Taken   int64
	Used    int64
	Engaged int64 // may be negative: a visit that no longer counts. A day goes down to none, not below
}

type totalRow struct {
	AssetID    uuid.UUID
	Day        string
	Found      int64
	Opened     int64
	Taken      int64
	Used       int64
	Engaged    int64
	LastUsedOn *string
}

// RaiseTotals adds to the totals, at most one raise per asset and day. It reads, reckons and writes, so it wants
// LockUsage before it in the same transaction.
func (s *Store) RaiseTotals(ctx context.Context, raises []Raise) error {
	if len(raises) == 0 {
		return nil
	}
	left, err := s.raiseLastDays(ctx, raises)
	if err != nil {
		return fmt.Errorf("raising the last totals of %d pieces: %w", len(raises), translate(err))
	}
	byAsset := make(map[uuid.UUID][]Raise)
	for _, r := range left {
		byAsset[r.AssetID] = append(byAsset[r.AssetID], r)
	}
	sameStart := make(map[string][]uuid.UUID)
	for asset, days := range byAsset {
		slices.SortFunc(days, func(a, b Raise) int { return cmp.Compare(a.Day, b.Day) })
		sameStart[days[0].Day] = append(sameStart[days[0].Day], asset)
	}
	var changed []totalRow
	for _, first := range slices.Sorted(maps.Keys(sameStart)) {
		rows, err := s.totalsAround(ctx, sameStart[first], first)
		if err != nil {
			return fmt.Errorf("reading the totals of %d pieces since %s: %w", len(sameStart[first]), first, translate(err))
		}
		for _, asset := range sameStart[first] {
			changed = append(changed, raised(rows[asset], byAsset[asset])...)
		}
	}
	if err := s.putTotals(ctx, changed); err != nil {
		return fmt.Errorf("writing %d rows of totals: %w", len(changed), translate(err))
	}
	if err := s.copyLatest(ctx, raises); err != nil {
		return fmt.Errorf("writing the latest totals: %w", translate(err))
	}
	if err := s.noteDays(ctx, raises); err != nil {
		return fmt.Errorf("noting on which days totals changed: %w", translate(err))
	}
	return nil
}

// totalsAround returns, oldest first, each asset's totals of the given day and later, and the last ones before it.
func (s *Store) totalsAround(ctx context.Context, assets []uuid.UUID, day string) (map[uuid.UUID][]totalRow, error) {
	var rows []totalRow
	err := s.reader(ctx).Raw(`
		WITH a (id) AS MATERIALIZED (`+s.selectIDs("@assets")+`)
		SELECT t.* FROM a CROSS JOIN usage_totals t WHERE t.asset_id = a.id AND t.day >= @day
		UNION ALL
		SELECT t.* FROM a CROSS JOIN usage_totals t
		WHERE t.asset_id = a.id AND t.day = (SELECT MAX(day) FROM usage_totals WHERE asset_id = a.id AND day < @day)
		ORDER BY day`,
		map[string]any{"assets": s.idSet(assets), "day": day}).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	byAsset := make(map[uuid.UUID][]totalRow, len(assets))
	for _, r := range rows {
		byAsset[r.AssetID] = append(byAsset[r.AssetID], r)
	}
	return byAsset, nil
}

// raised returns the rows of one asset that its raises change or add. Both are sorted by day; rows begin with the last
// one before the first raise, where there is one, and hold every one after it.
func raised(rows []totalRow, raises []Raise) (changed []totalRow) {
	var sum Raise          // what was added so far
	var lastUsedOn *string // the last day so far that a raise counts a use on
	before := totalRow{AssetID: raises[0].AssetID}
	add := func(row totalRow) {
		row.Found += sum.Found
		row.Opened += sum.Opened
		row.Taken += sum.Taken
		row.Used += sum.Used
		row.Engaged += sum.Engaged
		row.LastUsedOn = laterDay(row.LastUsedOn, lastUsedOn)
		changed = append(changed, row)
	}
	for len(rows) > 0 || len(raises) > 0 {
		if len(raises) == 0 || (len(rows) > 0 && rows[0].Day < raises[0].Day) {
			if before = rows[0]; sum != (Raise{}) {
				add(before)
			}
			rows = rows[1:]
			continue
		}
		r := raises[0]
		raises = raises[1:]
		hasRow := len(rows) > 0 && rows[0].Day == r.Day
		var engaged int64 // that day
		if hasRow {
			engaged = rows[0].Engaged - before.Engaged
		}
		r.Engaged = max(r.Engaged, -engaged)
		sum.Found += r.Found
		sum.Opened += r.Opened
		sum.Taken += r.Taken
		sum.Used += r.Used
		sum.Engaged += r.Engaged
		if r.Used > 0 {
			lastUsedOn = &r.Day
		}
		if !hasRow && r != (Raise{AssetID: r.AssetID, Day: r.Day}) {
			before.Day = r.Day
			add(before)
		}
	}
	return changed
}

func laterDay(a, b *string) *string {
	if a == nil || (b != nil && *b > *a) {
		return b
	}
	return a
}

// putTotals writes rows in the order of their key, so that two writers wait for each other instead of one failing.
func (s *Store) putTotals(ctx context.Context, rows []totalRow) error {
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b totalRow) int {
		return cmp.Or(slices.Compare(a.AssetID[:], b.AssetID[:]), cmp.Compare(a.Day, b.Day))
	})
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{r.AssetID, r.Day, r.Found, r.Opened, r.Taken, r.Used, r.Engaged, r.LastUsedOn}
	}
	return s.insertMany(ctx, "usage_totals", []column{
		{"asset_id", "uuid"}, {"day", "text"}, {"found", "bigint"}, {"opened", "bigint"}, {"taken", "bigint"}, {"used", "bigint"}, {"engaged", "bigint"}, {"last_used_on", "text"},
	}, values, `ON CONFLICT (asset_id, day) DO UPDATE SET found = excluded.found, opened = excluded.opened, taken = excluded.taken,
		used = excluded.used, engaged = excluded.engaged, last_used_on = excluded.last_used_on`)
}
