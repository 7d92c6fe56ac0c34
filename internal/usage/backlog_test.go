package usage

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// stall holds up everything that is written until the test ends, and returns when the first of it waits.
func (w *world) stall() {
	w.t.Helper()
	began, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	w.queue.write = func(context.Context, []*entry) error {
		once.Do(func() { close(began) })
		<-goOn
		return nil
	}
	w.t.Cleanup(func() { close(goOn) })
	w.queue.add(&entry{uses: make([]use, 1)})
	<-began
}

// A database that hangs must not fill the memory with what waits for it, whichever of the bounds is reached.
func TestRecordRefusesWhenTooMuchWaits(t *testing.T) {
	t.Parallel()
	few := load{items: 1000, weight: 1000, bytes: 1000}
	for _, test := range []struct {
		name   string
		bounds load
		weight int // of each call, in events
		held   int // bytes of each event's request
		calls  int // that may wait
	}{
		{"calls", load{items: 3, weight: few.weight, bytes: few.bytes}, 1, 1, 3},
		{"events", load{items: few.items, weight: 7, bytes: few.bytes}, 2, 1, 3},
		{"bytes", load{items: few.items, weight: few.weight, bytes: 100}, 1, 30, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, store.SQLite)
			a := w.publish(piece{title: "Deck", age: 50})
			w.stall()
			w.queue.bounds = test.bounds
			call := func(ctx context.Context) error {
				events := make([]Incoming, test.weight)
				for i := range events {
					events[i] = w.event(collateral.Share, a.ID, time.Hour)
					events[i].Held = test.held
				}
				_, err := w.Record(ctx, w.rita, events)
				return err
			}
			ctx, giveUp := context.WithCancel(t.Context())
			var waiting sync.WaitGroup
			for range test.calls {
				waiting.Go(func() {
					if err := call(ctx); !errors.Is(err, context.Canceled) {
						t.Errorf("a call that has room: got %v, want it to wait", err)
					}
				})
			}
			for deadline := time.Now().Add(time.Minute); w.queue.backlog().items < test.calls; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("got %+v waiting, want %d calls", w.queue.backlog(), test.calls)
				}
			}
			for range 100 {
				err := call(t.Context())
				refusal, ok := errors.AsType[*collateral.Error](err)
				if !ok || refusal.Kind != collateral.TooMany || refusal.RetryAfter < 1 {
					t.Fatalf("got %v, want TooMany with a time to wait", err)
				}
				w.Opened(t.Context(), w.rita, a.ID, a.ID, collateral.View)
			}
			if got := w.queue.backlog(); !got.fits(test.bounds) {
				t.Errorf("got %+v waiting, want no more than %+v", got, test.bounds)
			}
			giveUp()
			waiting.Wait()
		})
	}
}

// The bounds hold however many calls come in at once.
func TestBoundsHoldUnderManyCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	w.stall()
	w.queue.bounds = load{items: 50, weight: 70, bytes: 1 << 20}
	var callers sync.WaitGroup
	for range 64 {
		callers.Go(func() {
			for range 20 {
				w.queue.offer(&entry{uses: make([]use, 3), held: 100})
			}
		})
	}
	callers.Wait()
	if got := w.queue.backlog(); got != (load{items: 23, weight: 69, bytes: 2300}) {
		t.Errorf("got %+v waiting, want 23 calls of 3 events", got)
	}
}
