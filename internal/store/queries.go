package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// RecentQueries returns what the person searched for with success since the given time, as it was typed, the newest
// first: at most limit, and one that was asked again as often.
func (s *Store) RecentQueries(ctx context.Context, user uuid.UUID, since time.Time, limit int) ([]string, error) {
	var queries []string
	err := s.reader(ctx).Raw("SELECT q FROM searches WHERE user_id = ? AND at >= ? AND total > 0 AND q <> '' ORDER BY at DESC LIMIT ?",
		user, since, limit).Scan(&queries).Error
	return queries, translate(err)
}

// QueriesOfMany returns what at least so many different people searched for with success since the given time, in lower
// case with how many they were: at most limit, those of the most people first. It reads every search since.
func (s *Store) QueriesOfMany(ctx context.Context, people int, since time.Time, limit int) (map[string]int, error) {
	var rows []struct {
		Q      string
		People int
	}
	err := s.reader(ctx).Raw(`SELECT lower(q) AS q, count(DISTINCT user_id) AS people FROM searches
		WHERE at >= ? AND total > 0 AND q <> '' GROUP BY lower(q) HAVING count(DISTINCT user_id) >= ?
		ORDER BY count(DISTINCT user_id) DESC, lower(q) LIMIT ?`, since, people, limit).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	queries := make(map[string]int, len(rows))
	for _, r := range rows {
		queries[r.Q] = r.People
	}
	return queries, nil
}

// SetPopularQueries replaces the queries that many people ask, with how many they are.
func (s *Store) SetPopularQueries(ctx context.Context, queries map[string]int) error {
	if err := s.writer(ctx).Exec("DELETE FROM popular_queries").Error; err != nil {
		return translate(err)
	}
	var rows [][]any
	for q, people := range queries {
		rows = append(rows, []any{q, people})
	}
	return translate(s.insertMany(ctx, "popular_queries", []column{{"q", "text"}, {"people", "bigint"}}, rows, ""))
}

// PopularQueries returns what SetPopularQueries kept, those of the most people first.
func (s *Store) PopularQueries(ctx context.Context) ([]string, error) {
	var queries []string
	err := s.reader(ctx).Raw("SELECT q FROM popular_queries ORDER BY people DESC, q").Scan(&queries).Error
	return queries, translate(err)
}
