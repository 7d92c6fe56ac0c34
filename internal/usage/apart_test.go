package usage

import (
	"slices"
	"sync"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// poison makes the database refuse uses for a deal of that name, for a reason that nothing in the program knows of.
func (w *world) poison() {
	w.t.Helper()
	statements := []string{"CREATE TRIGGER poisonous BEFORE INSERT ON usage_events WHEN new.opportunity = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END"}
	if w.store.Dialect() == store.Postgres {
		statements = []string{
			"CREATE FUNCTION poisonous() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$",
			"CREATE TRIGGER poisonous BEFORE INSERT ON usage_events FOR EACH ROW WHEN (new.opportunity = 'poison') EXECUTE FUNCTION poisonous()",
		}
	}
	for _, statement := range statements {
		if _, err := w.sql().ExecContext(w.t.Context(), statement); err != nil {
			w.t.Fatal(err)
		}
	}
}

// An event that the database refuses is rejected by its index; what shares its call, and its transaction, is kept.
func TestPoisonousEventsStandAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 50})
		w.poison()
		const callers, events = 8, 23
		var mu sync.Mutex
		accepted := 0
		var calls sync.WaitGroup
		for caller := range callers {
			batch := make([]Incoming, events)
			var want []int
			for i := range batch {
				batch[i] = w.event(collateral.Share, a.ID, time.Hour)
				if (i+caller)%10 == 3 && caller > 0 { // the first call is sound
					batch[i].Opportunity = "poison"
					want = append(want, i)
				}
			}
			calls.Go(func() {
				out, err := w.Record(t.Context(), w.rita, batch)
				if err != nil {
					t.Errorf("caller %d: %v", caller, err)
					return
				}
				var got []int
				for _, r := range out.Rejected {
					got = append(got, r.Index)
				}
				if !slices.Equal(got, want) || out.Accepted != events-len(want) || out.Duplicates != 0 {
					t.Errorf("caller %d: got %+v, want %v rejected and the others accepted", caller, out, want)
				}
				mu.Lock()
				defer mu.Unlock()
				accepted += out.Accepted
			})
		}
		calls.Wait()
		if got := w.unused(w.lea, UnusedQuery{}).Items[0].Uses; got != int64(accepted) || accepted == 0 {
			t.Errorf("got %d uses in the report, want the %d that were accepted", got, accepted)
		}
	})
}

// What fails for another reason is not the event's fault: the client is to send it again.
func TestOtherFaultsRejectNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 50})
		if _, err := w.sql().ExecContext(t.Context(), "ALTER TABLE usage_totals RENAME TO mislaid"); err != nil {
			t.Fatal(err)
		}
		out, err := w.Record(t.Context(), w.rita, []Incoming{w.event(collateral.Share, a.ID, time.Hour), w.event(collateral.View, a.ID, time.Hour)})
		if err == nil {
			t.Errorf("got %+v, want an error", out)
		}
	})
}
