package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// Whoever names stages holds them beside others, and whoever changes stages waits for all of these.
func TestStagesThatAreHeldDoNotChange(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Postgres)
	hold := func(tx *store.Store) error { return tx.HoldStages(t.Context()) }
	err := s.Tx(t.Context(), func(tx *store.Store) error {
		if err := hold(tx); err != nil {
			return err
		}
		if err := s.Tx(t.Context(), hold); err != nil {
			t.Errorf("holding them a second time: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := s.Tx(ctx, func(tx *store.Store) error { return tx.LockStages(ctx) })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("changing them meanwhile: got %v, want to wait until the deadline", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.LockStages(t.Context()) }); err != nil {
		t.Errorf("changing them afterwards: %v", err)
	}
}
