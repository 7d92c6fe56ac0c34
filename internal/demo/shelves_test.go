package demo_test

import (
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// The rep who is shown around has a shelf, with something on it that was withdrawn since, and a flag that waits.
func TestDemoShelves(t *testing.T) {
	t.Parallel()
	w := newTown(t, store.SQLite, time.Now().UTC())
	ctx, rep := t.Context(), w.actor(t, collateral.Rep)
	favourites, err := w.Favourites(ctx, rep)
	if err != nil {
		t.Fatal(err)
	}
	gone := 0
	for _, k := range favourites {
		if k.Card == nil {
			gone++
		}
	}
	if len(favourites) < 3 || gone != 1 {
		t.Errorf("got %d favourites, %d of them withdrawn, want a few and one", len(favourites), gone)
	}
	collections, err := w.Collections(ctx, rep)
	if err != nil || len(collections) < 2 || collections[0].Pieces < 2 {
		t.Errorf("got the collections %+v, %v, want two with pieces", collections, err)
	}
	recent, err := w.Recent(ctx, rep)
	if err != nil || len(recent) < 5 {
		t.Errorf("got %d recent pieces, %v, want some", len(recent), err)
	}
	waiting, settled := 0, 0
	admin := w.actor(t, collateral.Admin)
	for _, a := range w.pieces(t) {
		flags, err := w.Flags(ctx, admin, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range flags {
			if f.Settled == nil {
				waiting++
			} else {
				settled++
			}
		}
	}
	if waiting < 2 || settled < 1 {
		t.Errorf("got %d flags that wait and %d that are settled, want some of both", waiting, settled)
	}
}
