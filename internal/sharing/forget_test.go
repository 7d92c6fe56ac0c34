package sharing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func TestWhatIsForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck := w.published("Deck")
		live := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, Passcode: "open sesame"})
		ended := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, LinkTerms: collateral.LinkTerms{
			ExpiresAt: new(w.Store.Now().Add(time.Hour)), EmailGate: collateral.GateAsk, Allowed: []string{"@example.com"},
		}})
		usedUp := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, LinkTerms: collateral.LinkTerms{MaxOpens: 1}})
		b, old, last := w.browser(ended), w.browser(live), w.browser(usedUp)
		b.passes(b.email("jo@example.com"))
		_, err := old.passcode("wrong!")
		wantKind(t, "wrong passcode", err, collateral.Forbidden)
		last.passes(last.enter())
		w.later(20 * time.Second)
		for _, reader := range []*browser{b, last} {
			reader.sees(collateral.AskNothing)
			reader.attends(deck, beat(0, 15))
		}
		w.later(sharing.Retention - 24*time.Hour)
		young := w.browser(live)
		young.passes(young.passcode("open sesame"))
		check := func(when string, links ...*sharing.Shared) {
			t.Helper()
			if err := w.Forget(ctx); err != nil {
				t.Fatal(err)
			}
			all, _, err := w.Links(ctx, w.ada, sharing.Filter{}, collateral.Paging{Limit: 10})
			if err != nil || len(all) != len(links) {
				t.Fatalf("%s: got %d links and error %v, want %d", when, len(all), err, len(links))
			}
		}
		check("within the retention", live, ended, usedUp)
		if raw := w.reload(live.ID).Figures.Raw; raw != 2 {
			t.Errorf("got %d visits, want 2", raw)
		}
		w.later(48 * time.Hour)
		check("after it", live)
		if f := w.reload(live.ID).Figures; f.Raw != 1 || f.Persons != 1 {
			t.Errorf("got %+v, want the young visit alone", f)
		}
	})
}
