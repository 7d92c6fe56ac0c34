// Package usage holds the use cases on telemetry: recording what people do with published pieces, keeping the totals
// that reports read, and the reports. It does not know how a use comes about: opening, searching and the clients' own
// events are told to it. Nor does it know how a report is shown.
package usage

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// Usage records uses and reports on them. Time and ids come from the store.
type Usage struct {
	// FieldUsed, if set, is told in the transaction that records them which pieces were field-used by qualifying people.
	FieldUsed func(ctx context.Context, tx *store.Store, assets []uuid.UUID) error

	// Committed, if set, hears of every batch that was written, or could not be.
	Committed func(uses int, err error, took time.Duration)

	store *store.Store
	Log   *slog.Logger // hears of what nobody waits for; slog.Default when not set otherwise
	queue queue[*entry]

	quiet time.Duration // without a keystroke, after which a search is settled

	mu     sync.Mutex
	typing map[uuid.UUID]*typing // by person: the search that is not settled yet
}

// New makes the use cases on a store. Close them before the store.
func New(s *store.Store) *Usage {
	u := &Usage{store: s, Log: slog.Default(), quiet: quietTime, typing: make(map[uuid.UUID]*typing)}
	u.queue.write, u.queue.divides = u.write, divides
	u.queue.limit, u.queue.bounds, u.queue.linger = batchWeight, bounds(), linger
	return u
}

// Flush waits until everything told to u before is in the database, unsettled searches as they stand included, or was
// given up and logged. A person who types on afterwards still types the same search.
func (u *Usage) Flush(ctx context.Context) error {
	u.logUnsettled()
	return u.enter(ctx, &entry{})
}

// Close settles every search and waits until everything is written, or was given up and logged. It comes after the last
// request; an error says that this took too long.
func (u *Usage) Close(ctx context.Context) error {
	u.settleAll()
	return u.enter(ctx, &entry{})
}
