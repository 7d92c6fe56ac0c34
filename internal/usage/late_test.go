package usage

import (
	"strings"
	"testing"
	"time"

	"collateral/internal/collateral"
)

// The figures of a past day stay what they were until uses of it come in late, and then the report says so.
func TestLateUses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 60})
		w.record(w.rita, w.event(collateral.View, a.ID, 2*time.Hour))
		yesterday := w.clock.now()
		w.clock.move(day)
		past := UnusedQuery{AsOf: yesterday}
		if r := w.unused(w.lea, past); r.Late != nil || r.Strict.Unused != 1 {
			t.Fatalf("before anything is late: got late %+v and %d unused, want nothing and 1", r.Late, r.Strict.Unused)
		}

		// By nobody of the field, so no figure changes; and of today, which is not late.
		w.record(w.mia, w.event(collateral.Share, a.ID, 26*time.Hour))
		w.record(w.rita, w.event(collateral.View, a.ID, time.Minute))
		if r := w.unused(w.lea, past); r.Late != nil {
			t.Errorf("after uses that change nothing of it: got late %+v, want nothing", r.Late)
		}

		w.record(w.rita, w.event(collateral.Share, a.ID, 26*time.Hour), w.event(collateral.Share, a.ID, 27*time.Hour), w.event(collateral.View, a.ID, 75*time.Hour))
		first := w.clock.now()
		r := w.unused(w.lea, past)
		if r.Late == nil || r.Late.Days != 2 || !r.Late.At.Equal(first) || !strings.Contains(r.Late.Note, dayOf(first)) || r.Strict.Unused != 0 {
			t.Errorf("after late uses of two days: got late %+v and %d unused, want 2 days and none", r.Late, r.Strict.Unused)
		}
		w.clock.move(time.Hour)
		for name, q := range map[string]UnusedQuery{
			"of now":                        {},
			"as of after they came in":      {AsOf: first},
			"whose window ends before them": {AsOf: yesterday.Add(-5 * day)},
			"whose window begins later":     {AsOf: first, Window: 1},
		} {
			if r := w.unused(w.lea, q); r.Late != nil {
				t.Errorf("a report %s: got late %+v, want nothing", name, r.Late)
			}
		}

		// What comes in later is told as the last.
		w.record(w.rita, w.event(collateral.View, a.ID, 27*time.Hour))
		if r := w.unused(w.lea, past); r.Late == nil || r.Late.Days != 2 || !r.Late.At.Equal(w.clock.now()) {
			t.Errorf("after another late use: got %+v, want 2 days, the last now", r.Late)
		}
	})
}
