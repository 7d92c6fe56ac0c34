package usage

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

func TestLately(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		liked, known, owned := w.publish(piece{title: "Liked", age: 200}), w.publish(piece{title: "Known", age: 200}), w.publish(piece{title: "Owned", age: 200})
		for i := range 5 {
			rep := w.person(fmt.Sprintf("rep%d", i), collateral.Rep)
			w.record(rep, w.event(collateral.Share, liked.ID, day), w.event(collateral.Present, liked.ID, 2*day), w.event(collateral.View, liked.ID, day))
			if i < 4 {
				w.record(rep, w.event(collateral.Share, known.ID, 3*day), w.event(collateral.Share, known.ID, 91*day))
			}
		}
		w.record(w.mia, w.event(collateral.Share, owned.ID, day), w.event(collateral.Share, known.ID, day))
		got, err := w.Lately(t.Context(), liked.ID, known.ID, owned.ID, uuid.New())
		if err != nil {
			t.Fatal(err)
		}
		want := map[uuid.UUID]Lately{liked.ID: {Uses: 10, People: 5}, known.ID: {Uses: 4}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("lately (-want +got):\n%s", diff)
		}

		figures, err := w.Piece(t.Context(), liked.ID)
		if err != nil {
			t.Fatal(err)
		}
		yesterday := dayOf(today.Add(-day))
		if diff := cmp.Diff(PieceFigures{Opened: 5, Used: 10, LastUsedOn: &yesterday}, figures); diff != "" {
			t.Errorf("figures of a piece (-want +got):\n%s", diff)
		}
		if figures, err = w.Piece(t.Context(), owned.ID); err != nil || figures != (PieceFigures{}) {
			t.Errorf("got %+v, %v for a piece that the field did not use, want nothing", figures, err)
		}
	})
}

func TestRecent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		one, two := w.publish(piece{title: "One", age: 200}), w.publish(piece{title: "Two", age: 200})
		presented := w.event(collateral.Present, one.ID, 2*day)
		presented.Reaction = string(collateral.Positive)
		w.record(w.rita, w.event(collateral.View, one.ID, 3*day), presented, w.event(collateral.View, one.ID, 5*day),
			w.event(collateral.Download, two.ID, day), w.event(collateral.View, two.ID, 100*day))
		w.record(w.lea, w.event(collateral.View, one.ID, day))
		got, err := w.Recent(t.Context(), w.rita)
		if err != nil {
			t.Fatal(err)
		}
		want := []Recent{
			{AssetID: two.ID, At: today.Add(-day), Uses: []LastUse{{Kind: collateral.Download, At: today.Add(-day)}}},
			{AssetID: one.ID, At: today.Add(-2 * day), Uses: []LastUse{
				{Kind: collateral.Present, At: today.Add(-2 * day), Reaction: collateral.Positive}, {Kind: collateral.View, At: today.Add(-3 * day)},
			}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("recent (-want +got):\n%s", diff)
		}
	})
}
