package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Total is how often one asset was found, opened, taken and used by qualifying people, and engaged a buyer, up to and with
// a day.
type Total struct {
	Day        string // YYYY-MM-DD, UTC
	Found      int64
	Opened     int64
	Taken      int64
	Used       int64
	Engaged    int64
	LastUsedOn string // empty before the first use
}

// Totals returns an asset's totals of the days from and to and between them on which something happened, the oldest first;
// before them comes the last one earlier than from, where there is one.
func (s *Store) Totals(ctx context.Context, asset uuid.UUID, from, to string) ([]Total, error) {
	var totals []Total
	err := s.reader(ctx).Raw(`SELECT day, found, opened, taken, used, engaged, coalesce(last_used_on, '') AS last_used_on FROM usage_totals
		WHERE asset_id = ? AND day <= ? AND day >= coalesce((SELECT max(day) FROM usage_totals WHERE asset_id = ? AND day < ?), ?) ORDER BY day`,
		asset, to, asset, from, from).Scan(&totals).Error
	if err != nil {
		return nil, fmt.Errorf("reading the totals of piece %s: %w", asset, translate(err))
	}
	return totals, nil
}

// TeamUses is what the people of one team did with an asset.
type TeamUses struct {
	Team   string // empty for people of no team, and of people who are forgotten
	People int
	Opened int64
	Taken  int64
	Used   int64
}

// UsesByTeam returns the qualifying uses of an asset from and before the given times, by the team that people belong to
// now, in the order of names. The uses of people who are forgotten are a group of their own, of nobody. It is for figures about groups: the caller looks at how many people are behind each.
func (s *Store) UsesByTeam(ctx context.Context, asset uuid.UUID, from, before time.Time) ([]TeamUses, error) {
	var teams []TeamUses
	err := s.reader(ctx).Raw(`SELECT coalesce(u.team, '') AS team, count(DISTINCT e.user_id) AS people,
			sum(CASE WHEN e.kind = 'view' THEN 1 ELSE 0 END) AS opened,
			sum(CASE WHEN e.kind = 'download' THEN 1 ELSE 0 END) AS taken,
			sum(CASE WHEN e.kind IN ('share', 'present') THEN 1 ELSE 0 END) AS used
		FROM usage_events e LEFT JOIN users u ON u.id = e.user_id
		WHERE e.asset_id = ? AND e.occurred_at >= ? AND e.occurred_at < ? AND e.qualifies GROUP BY e.user_id IS NULL, u.team ORDER BY e.user_id IS NULL, u.team`,
		asset, from, before).Scan(&teams).Error
	if err != nil {
		return nil, fmt.Errorf("reading the uses of piece %s by team: %w", asset, translate(err))
	}
	return teams, nil
}

// Reactions returns how often buyers took an asset in which way, as qualifying people saw it, from and before the given times.
func (s *Store) Reactions(ctx context.Context, asset uuid.UUID, from, before time.Time) (map[collateral.Reaction]int64, error) {
	var rows []struct {
		Reaction string
		N        int64
	}
	err := s.reader(ctx).Raw(`SELECT reaction, count(*) AS n FROM usage_events
		WHERE asset_id = ? AND occurred_at >= ? AND occurred_at < ? AND qualifies AND reaction <> '' GROUP BY reaction`,
		asset, from, before).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading the reactions to piece %s: %w", asset, translate(err))
	}
	reactions := make(map[collateral.Reaction]int64, len(rows))
	for _, r := range rows {
		reactions[collateral.Reaction(r.Reaction)] = r.N
	}
	return reactions, nil
}
