package usage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// forgetBatch is out of how many uses, searches or viewings a person is taken in one transaction: nobody waits long for it.
const forgetBatch = 1000

// ForgetPerson takes a person out of everything that was recorded so far: uses, searches and viewings keep what they say of pieces and
// lose who it was, and uses lose the deals they name. No figure about a piece changes. What the person does from then on is
// the person's again. Broken off, it goes on where it was when it is begun again.
func (u *Usage) ForgetPerson(ctx context.Context, person uuid.UUID) error {
	if err := u.Flush(ctx); err != nil {
		return err
	}
	until := u.store.Now()
	for _, forget := range []func(tx *store.Store) (int, error){
		func(tx *store.Store) (int, error) { return tx.ForgetSearches(ctx, person, forgetBatch) },
		func(tx *store.Store) (int, error) { return tx.ForgetUser(ctx, person, until, forgetBatch) },
		func(tx *store.Store) (int, error) { return tx.ForgetViewer(ctx, person, until, forgetBatch) },
	} {
		if err := u.inBatches(ctx, forget); err != nil {
			return fmt.Errorf("forgetting who %s was: %w", person, err)
		}
	}
	return nil
}

// inBatches repeats a change, each in a transaction of its own, until it finds nothing more to do.
func (u *Usage) inBatches(ctx context.Context, change func(tx *store.Store) (int, error)) error {
	for {
		var n int
		err := u.store.Tx(ctx, func(tx *store.Store) error {
			err := tx.LockUsage(ctx)
			if err == nil {
				n, err = change(tx)
			}
			return err
		})
		if err != nil || n < forgetBatch {
			return err
		}
	}
}
