package usage

import (
	"testing"

	"collateral/internal/collateral"
)

func TestHistoryByWeek(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) { // today is a Sunday
		a := w.publish(piece{title: "Deck", age: 400})
		share := w.event(collateral.Share, a.ID, 7*day)
		share.Reaction = string(collateral.Positive)
		w.record(w.rita, share, w.event(collateral.Present, a.ID, 8*day), w.event(collateral.Share, a.ID, 0),
			w.event(collateral.Share, a.ID, 300*day), w.event(collateral.View, a.ID, 20*day))
		w.record(w.mia, w.event(collateral.Share, a.ID, 0)) // her own piece: no use in the field
		h, err := w.History(t.Context(), w.mia, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := len(h.Weeks), HistoryWeeks; got != want {
			t.Fatalf("got %d weeks, want %d", got, want)
		}
		last, before, third := h.Weeks[HistoryWeeks-1], h.Weeks[HistoryWeeks-2], h.Weeks[HistoryWeeks-3]
		if last.From != "2026-11-16" || last.Used != 1 || before.Used != 2 || third.Opened != 1 || third.Used != 0 {
			t.Errorf("got the last weeks %+v, %+v, %+v; want one use, two, and an opening", last, before, third)
		}
		if want := (Counts{Opened: 1, Used: 3}); h.Total != want {
			t.Errorf("got total %+v, want %+v: uses of earlier are in no week", h.Total, want)
		}
		if h.LastUseOn != "2026-11-22" || h.Reactions != (Reaction{Positive: 1}) {
			t.Errorf("got last use %q and reactions %+v", h.LastUseOn, h.Reactions)
		}
		if len(h.Teams) != 0 {
			t.Errorf("got teams %+v, want none: one person is behind it all", h.Teams)
		}
	})
}

func TestHistoryByTeam(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 100})
		for _, name := range []string{"r1", "r2", "r3", "r4", "r5"} {
			rep := w.person(name, collateral.Rep)
			w.record(rep, w.event(collateral.Share, a.ID, day))
		}
		h, err := w.History(t.Context(), w.lea, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Teams) != 1 || h.Teams[0].Used != 5 || h.Teams[0].Name != "" {
			t.Errorf("got teams %+v, want five people of no team with five uses", h.Teams)
		}
	})
}

func TestWhoSeesTheHistory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 100})
		for _, c := range []struct {
			actor collateral.Actor
			want  collateral.Kind
		}{{w.mia, 0}, {w.lea, 0}, {w.rita, collateral.Forbidden}, {w.ann, collateral.Forbidden}, {w.person("max", collateral.Marketer), collateral.Forbidden}} {
			_, err := w.History(t.Context(), c.actor, a.ID)
			if (err != nil || c.want != 0) && collateral.KindOf(err) != c.want {
				t.Errorf("%v: got %v, want kind %d", c.actor.Roles, err, c.want)
			}
		}
	})
}
