package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// Engaged visits are cumulative like uses. Those that no longer count go from their day and from every later one; a day
// that has none left loses nothing of the days before it.
func TestAddEngaged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := s.NewID()
		piece := &collateral.Asset{
			ID: p, OwnerID: addPerson(t, s, "mia@demo.example", collateral.Marketer).ID, CreatedAt: s.Now(), UpdatedAt: s.Now(),
			Details: collateral.Details{Title: "Rollout plan", Type: "deck", Audience: collateral.ForCustomer, Language: "en"},
		}
		if err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.CreateAsset(t.Context(), piece) }); err != nil {
			t.Fatal(err)
		}
		add := func(engaged ...store.Engaged) {
			t.Helper()
			if err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.AddEngaged(t.Context(), engaged) }); err != nil {
				t.Fatalf("adding %v: %v", engaged, err)
			}
		}
		check := func(when string, want ...store.Total) {
			t.Helper()
			got, err := s.Totals(t.Context(), p, "2026-01-01", "2027-12-31")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		total := func(day string, engaged int64) store.Total { return store.Total{Day: day, Engaged: engaged} }

		add()
		add(store.Engaged{AssetID: p, Day: "2026-12-31", By: 1}, store.Engaged{AssetID: p, Day: "2027-01-02", By: 1}, store.Engaged{AssetID: p, Day: "2026-12-31", By: 2})
		check("two days", total("2026-12-31", 3), total("2027-01-02", 4))
		add(store.Engaged{AssetID: p, Day: "2027-01-01", By: 1})
		check("a day between", total("2026-12-31", 3), total("2027-01-01", 4), total("2027-01-02", 5))
		add(store.Engaged{AssetID: p, Day: "2026-12-31", By: -1})
		check("one less", total("2026-12-31", 2), total("2027-01-01", 3), total("2027-01-02", 4))
		add(store.Engaged{AssetID: p, Day: "2027-01-01", By: -5}, store.Engaged{AssetID: p, Day: "2027-01-03", By: -1})
		check("more than there were", total("2026-12-31", 2), total("2027-01-01", 2), total("2027-01-02", 3))
	})
}
