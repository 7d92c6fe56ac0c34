package usage

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// Totals of past days are kept in memory between reports. Uses that come in late, through another replica too, are in the
// next report all the same; when none came, nothing is looked up again.
func TestReportsKeepPastDaysUntilLateUsesCome(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c := newCrowd(w, 3)
		c.live(t)
		_, other := c.open()
		replicas := []*Usage{c.Usage, other}
		now := c.clock.now()
		queries := []UnusedQuery{{Window: 14, AsOf: now}, {Window: 20, AsOf: now.AddDate(0, 0, -30)}, {Window: 1, AsOf: now.AddDate(0, 0, -1)}}
		report := func(u *Usage, q UnusedQuery) UnusedReport {
			t.Helper()
			r, err := u.Unused(t.Context(), c.lea, q)
			if err != nil {
				t.Fatal(err)
			}
			r.ByStage = slices.DeleteFunc(r.ByStage, func(g Group) bool { return g.Eligible == 0 })
			return r
		}
		log := c.publicationLog()
		for round := range 20 {
			if _, err := replicas[round%2].Record(t.Context(), c.people[c.random.IntN(2)], c.batch(4+c.random.IntN(10))); err != nil {
				t.Fatal(err)
			}
			all := c.happenings()
			for i, q := range queries {
				want := c.naive(c.lea, q, log, all)
				for n, u := range replicas {
					if diff := gocmp.Diff(want, report(u, q), whatCounts...); diff != "" {
						t.Fatalf("round %d, query %d, replica %d (-by going through everything +got):\n%s", round, i, n, diff)
					}
				}
			}
		}
		before := report(other, queries[1])
		if _, err := c.sql().ExecContext(t.Context(), "DELETE FROM usage_totals"); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(before, report(other, queries[1])); diff != "" {
			t.Errorf("the report of days that are over looked them up again (-before +after):\n%s", diff)
		}
	})
}
