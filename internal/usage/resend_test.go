package usage

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
)

// A client whose clock is fast dates a use into the near future. When the answer got lost and the piece was withdrawn
// before that time came, the event sent again is a duplicate all the same: it is recorded.
func TestRecordedEventIsADuplicateAfterWithdrawal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 50})
		event := w.event(collateral.Share, a.ID, -time.Minute)
		w.record(w.rita, event)
		w.clock.move(30 * time.Second)
		w.withdraw(a, w.clock.now())
		again, err := w.Record(t.Context(), w.rita, []Incoming{event})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Outcome{Duplicates: 1}, again); diff != "" {
			t.Errorf("sent again (-want +got):\n%s", diff)
		}
	})
}
