package store

import (
	"context"
	"sync"

	"github.com/google/uuid"
)

// known remembers something of versions that were published. The gate of the database lets nothing that Sales signed change
// from the submission on, so none of it has to be looked up twice. It is safe for concurrent use.
type known[T any] struct {
	most int // versions; beyond it all are forgotten, and those that are asked for come back
	read func(s *Store, ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]T, error)

	mu   sync.Mutex
	byID map[uuid.UUID]T
}

func newKnown[T any](most int, read func(*Store, context.Context, []uuid.UUID) (map[uuid.UUID]T, error)) *known[T] {
	return &known[T]{most: most, read: read, byID: make(map[uuid.UUID]T)}
}

// of returns what was signed of the versions, all of which are published or were, and reads from the store what is not known.
func (k *known[T]) of(ctx context.Context, s *Store, versions []uuid.UUID) (map[uuid.UUID]T, error) {
	found := make(map[uuid.UUID]T, len(versions))
	var unknown []uuid.UUID
	k.mu.Lock()
	for _, id := range versions {
		if what, ok := k.byID[id]; ok {
			found[id] = what
		} else {
			unknown = append(unknown, id)
		}
	}
	k.mu.Unlock()
	if len(unknown) == 0 {
		return found, nil
	}
	read, err := k.read(s, ctx, unknown)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, what := range read {
		found[id] = what
		if s.inTx { // what it did may be rolled back
			continue
		}
		if len(k.byID) >= k.most {
			clear(k.byID)
		}
		k.byID[id] = what
	}
	return found, nil
}
