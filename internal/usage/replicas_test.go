package usage

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Servers that share a PostgreSQL write uses of the same pieces and days at once, in any order: none is broken off for another,
// and no use is lost or counted twice.
func TestReplicasDoNotDeadlock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.Postgres)
	const servers, callers, rounds, events = 2, 4, 25, 20
	pieces := make([]*collateral.Asset, 12)
	for i := range pieces {
		pieces[i] = w.publish(piece{title: string(rune('A' + i)), age: 50})
	}
	people := []collateral.Actor{w.rita, w.person("rob", collateral.Rep)}
	var mu sync.Mutex
	var rolledBack int
	uses := make(map[string]int64) // by piece
	var all sync.WaitGroup
	for server := range servers {
		s, u := w.open()
		s.Watch(func(_ context.Context, _ time.Time, name string, _ error) {
			if name == "transaction, rolled back" {
				mu.Lock()
				defer mu.Unlock()
				rolledBack++
			}
		})
		for caller := range callers {
			random := rand.New(rand.NewPCG(uint64(server), uint64(caller)))
			all.Go(func() {
				for range rounds {
					batch := make([]Incoming, events)
					for i := range batch {
						kind := []collateral.UseKind{collateral.Share, collateral.View}[random.IntN(2)]
						batch[i] = w.event(kind, pieces[random.IntN(len(pieces))].ID, time.Duration(random.IntN(6))*day)
					}
					out, err := u.Record(t.Context(), people[server], batch)
					if err != nil || out.Accepted != events {
						t.Errorf("got %+v, error %v, want all accepted", out, err)
						return
					}
					mu.Lock()
					for _, e := range batch {
						if e.Kind == string(collateral.Share) {
							uses[e.AssetID]++
						}
					}
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	if rolledBack != 0 {
		t.Errorf("got %d transactions broken off, want none", rolledBack)
	}
	for _, item := range w.unused(w.lea, UnusedQuery{}).Items {
		if item.Uses != uses[item.AssetID.String()] {
			t.Errorf("%s: got %d uses, want %d", item.Title, item.Uses, uses[item.AssetID.String()])
		}
	}
}
