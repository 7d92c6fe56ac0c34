package usage

import (
	"context"
	"errors"
	"slices"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// divides reports whether parts of a batch that failed are worth trying: not when the database is away, or has no room.
func divides(err error) bool {
	switch collateral.KindOf(err) {
	case collateral.Unavailable, collateral.Full:
		return false
	}
	return !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled)
}

// write stores a batch of entries in one transaction. When the database refuses something of one entry, the entry's halves are
// tried by themselves, and so on, until what is refused stands alone: it is rejected by its index, and the others are kept.
func (u *Usage) write(ctx context.Context, batch []*entry) error {
	err := u.writeTogether(ctx, batch)
	if len(batch) != 1 || !store.RefusesValues(err) {
		return err
	}
	return u.writeApart(ctx, batch[0], err)
}

func (u *Usage) writeApart(ctx context.Context, e *entry, cause error) error {
	switch {
	case len(e.uses) == 0, e.uses[0].opening:
		return cause
	case len(e.uses) == 1:
		use := e.uses[0]
		u.Log.ErrorContext(ctx, "the database refuses a use", "event", use.ID, "asset", use.AssetID, "error", cause)
		e.outcome.reject(use.index, "The database does not take this event. It was noted for the admins.")
		return nil
	}
	for half := range slices.Chunk(e.uses, (len(e.uses)+1)/2) {
		part := &entry{uses: half}
		if err := u.write(ctx, []*entry{part}); err != nil {
			return err
		}
		e.outcome.add(part.outcome)
	}
	return nil
}
