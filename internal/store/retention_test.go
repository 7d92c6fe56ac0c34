package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// Old uses go a few thousand at a time: others write in between, and what was broken off goes on where it stood.
func TestForgettingUsesLetsOthersIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const old = 12_000
		before := s.Now().AddDate(0, 0, -400)
		add := func(n int, at time.Time) {
			events := make([]collateral.Event, n)
			for i := range events {
				events[i] = collateral.Event{ID: s.NewID(), Kind: collateral.View, AssetID: uuid.New(), OccurredAt: at.Add(time.Duration(i) * time.Millisecond), RecordedAt: at}
			}
			err := s.Tx(context.WithoutCancel(t.Context()), func(tx *store.Store) error {
				_, err := tx.AddEvents(t.Context(), events)
				return err
			})
			if err != nil {
				t.Fatalf("adding %d uses: %v", n, err)
			}
		}
		add(old, before.Add(-time.Hour))
		add(7, before.Add(time.Hour))

		// Another writer comes after each part, and the second is the last that the first attempt gets to.
		ctx, breakOff := context.WithCancel(t.Context())
		var parts int
		s.Watch(func(_ context.Context, _ time.Time, name string, err error) {
			if name != "DELETE usage_events" || err != nil {
				return
			}
			if parts++; parts == 2 {
				breakOff()
			}
			add(1, before.Add(2*time.Hour))
		})
		if err := s.ForgetUses(ctx, before); !errors.Is(err, context.Canceled) {
			t.Fatalf("broken off: got error %v, want that it was canceled", err)
		}
		if got := countUses(t, s); got != old-2*5000+7+2 {
			t.Errorf("after two parts: got %d uses, want %d", got, old-2*5000+7+2)
		}
		if err := s.ForgetUses(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		if got := countUses(t, s); got != 7+3 || parts != 3 {
			t.Errorf("in the end: got %d uses after %d parts, want those that are not old and those that came meanwhile, 10, after 3", got, parts)
		}
	})
}

func countUses(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	all, err := s.MovedTables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range all {
		if table.Name != "usage_events" {
			continue
		}
		err := s.MovedRows(t.Context(), table, func([]any) error {
			n++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return n
}
