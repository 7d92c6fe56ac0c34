package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

type watchKey struct{}

// Whoever watches hears of what was asked within their context, in words without values.
func TestWatch(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		var names []string
		s.Watch(func(ctx context.Context, began time.Time, name string, err error) {
			mu.Lock()
			defer mu.Unlock()
			if ctx.Value(watchKey{}) == nil || err != nil || began.IsZero() || time.Since(began) > time.Hour {
				t.Errorf("%s: got the context %v, error %v, the time %s", name, ctx, err, began)
			}
			names = append(names, name)
		})
		ctx := context.WithValue(t.Context(), watchKey{}, true)
		if _, err := s.DeadJobs(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.SetSignature(ctx, uuid.New(), nil); err != nil {
			t.Fatal(err)
		}
		refused := errors.New("refused")
		if err := s.Tx(ctx, func(tx *store.Store) error {
			if _, err := tx.DeadJobs(ctx, 1); err != nil {
				return err
			}
			return refused
		}); !errors.Is(err, refused) {
			t.Fatal(err)
		}
		want := []string{"SELECT jobs", "UPDATE extractions", "SELECT jobs", "transaction, rolled back"}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
