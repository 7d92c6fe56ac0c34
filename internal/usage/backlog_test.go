package usage

import (
	"context"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// A database that hangs must not fill the memory with what waits for it.
func TestRecordRefusesWhenTooMuchWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.SQLite)
	a := w.publish(piece{title: "Deck", age: 50})
	began, goOn := make(chan struct{}, 1), make(chan struct{})
	w.queue.write = func(context.Context, []*entry) error {
		select {
		case began <- struct{}{}:
		default:
		}
		<-goOn
		return nil
	}
	defer close(goOn)
	w.queue.add(&entry{uses: make([]use, 1)})
	<-began
	w.queue.add(&entry{uses: make([]use, maxBacklog)})
	_, err := w.Record(t.Context(), w.rita, []Incoming{w.event(collateral.Share, a.ID, time.Hour)})
	if collateral.KindOf(err) != collateral.Unavailable {
		t.Errorf("got %v, want a refusal", err)
	}
}
