package usage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// BenchmarkReports measures what the pages of the leader ask for, over 10,000 pieces with a million uses and 100,000
// searches of half a year.
func BenchmarkReports(b *testing.B) {
	const pieces, uses, searches = 10_000, 1_000_000, 100_000
	eachBench(b, pieces, func(b *testing.B, l *library) {
		l.fill(uses)
		l.fillSearches(searches, 180)
		l.fillPersonas()
		page := collateral.Paging{Limit: 50}
		for _, r := range []struct {
			name string
			make func() error
		}{
			{"unused", func() error { _, err := l.Unused(b.Context(), l.lea, UnusedQuery{Paging: page}); return err }},
			{"trend", func() error { _, err := l.UnusedTrend(b.Context(), l.lea, UnusedQuery{}); return err }},
			{"trend-stage", func() error {
				_, err := l.UnusedTrend(b.Context(), l.lea, UnusedQuery{Stages: []string{"validation"}})
				return err
			}},
			{"coverage", func() error { _, err := l.Coverage(b.Context(), l.lea, CoverageQuery{Paging: page}); return err }},
			{"overview", func() error { _, _, err := l.Overview(b.Context(), l.lea, UnusedQuery{Paging: page}); return err }},
			{"searches", func() error { _, err := l.Searches(b.Context(), l.lea, SearchesQuery{Limit: 100}); return err }},
		} {
			b.Run(r.name, func(b *testing.B) {
				for b.Loop() {
					if err := r.make(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// fillSearches writes a log of searches of some thousand words, of which one in five found nothing.
func (l *library) fillSearches(n, days int) {
	l.t.Helper()
	reps := []collateral.Actor{l.rita} // whose uses all are: a hundredth of the searches has all of them
	for i := range 99 {
		reps = append(reps, l.person(fmt.Sprintf("rep%d", i), collateral.Rep))
	}
	start := today.Add(-time.Duration(days) * day)
	for from := 0; from < n; from += 10_000 {
		searches := make([]store.LoggedSearch, 0, 10_000)
		for i := from; i < min(from+10_000, n); i++ {
			at := start.Add(time.Duration(i) * (time.Duration(days) * day / time.Duration(n))).Truncate(time.Microsecond)
			s := store.LoggedSearch{ID: l.store.NewID(), UserID: reps[i%100].UserID, Query: fmt.Sprintf("word%d", l.zipf.Uint64()%3000), At: at, SettledAt: at.Add(30 * time.Second)}
			if i%5 > 0 {
				for range 10 {
					s.Shown = append(s.Shown, l.assets[l.zipf.Uint64()])
				}
				s.Total = 10
			}
			searches = append(searches, s)
		}
		err := l.store.Tx(l.t.Context(), func(tx *store.Store) error {
			_, err := tx.LogSearches(l.t.Context(), searches)
			return err
		})
		if err != nil {
			l.t.Fatal(err)
		}
	}
}

// fillPersonas gives two of three pieces one of eight personas.
func (l *library) fillPersonas() {
	l.t.Helper()
	var rows []string
	for i, a := range l.assets {
		if i%3 > 0 {
			rows = append(rows, fmt.Sprintf("('%s', 'persona', 'persona-%d', 0)", a, i%8))
		}
	}
	for from := 0; from < len(rows); from += 1000 {
		l.exec(l.sql(), "INSERT INTO asset_facets (asset_id, facet, value, position) VALUES "+strings.Join(rows[from:min(from+1000, len(rows))], ", "))
	}
	if l.store.Dialect() == store.Postgres {
		l.exec(l.sql(), "ANALYZE")
	}
}
