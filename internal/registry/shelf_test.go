package registry_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// titles is what stands on a shelf, in order; what is not published any more in brackets.
func titles(kept []collateral.Kept) []string {
	var all []string
	for _, k := range kept {
		if k.Card == nil {
			all = append(all, "("+k.Title+")")
		} else {
			all = append(all, k.Title)
		}
	}
	return all
}

func (w *world) wantTitles(got []collateral.Kept, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, titles(got)); diff != "" {
		w.t.Errorf("pieces (-want +got):\n%s", diff)
	}
}

func TestFavourites(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first, second := w.published("First", "one"), w.published("Second", "two")
		for _, id := range []uuid.UUID{first.ID, second.ID, first.ID} {
			if err := w.AddFavourite(ctx, w.rita, id); err != nil {
				t.Fatal(err)
			}
		}
		w.wantTitles(must(w.Favourites(ctx, w.rita))(t), "Second", "First")
		w.wantTitles(must(w.Favourites(ctx, w.rob))(t))
		among := must(w.FavouritesAmong(ctx, w.rita, first.ID, uuid.New()))(t)
		if !among[first.ID] || len(among) != 1 {
			t.Errorf("got %v among, want the first piece alone", among)
		}

		// A piece that is withdrawn is shown as it was called then, and by nothing that is written of it afterwards.
		must(w.Withdraw(ctx, w.mia, first.ID, "The price is old."))(t)
		must(w.Change(ctx, w.mia, first.ID, &w.reload(first.ID).Revision, func(d *collateral.Details) error { d.Title = "Secret plans"; return nil }))(t)
		w.wantTitles(must(w.Favourites(ctx, w.rita))(t), "Second", "(First)")
		if err := w.RemoveFavourite(ctx, w.rita, first.ID); err != nil {
			t.Fatal(err)
		}
		w.wantTitles(must(w.Favourites(ctx, w.rita))(t), "Second")

		wantKind(t, w.AddFavourite(ctx, w.rita, first.ID), collateral.NotFound)
		wantKind(t, w.AddFavourite(ctx, w.mia, first.ID), collateral.NotFound) // it is hers, and not published
		wantKind(t, w.AddFavourite(ctx, w.rita, uuid.New()), collateral.NotFound)
	})
}

func TestCollections(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := must(w.AddCollection(ctx, w.rita, " First calls "))(t)
		var ids []uuid.UUID
		for i := range 3 {
			a := w.published(fmt.Sprintf("Piece %d", i+1), fmt.Sprint(i))
			ids = append(ids, a.ID)
			must(w.Collect(ctx, w.rita, c.ID, a.ID, 0))(t)
		}
		inside := func() []collateral.Kept {
			t.Helper()
			_, kept, err := w.Collection(ctx, w.rita, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return kept
		}
		w.wantTitles(inside(), "Piece 1", "Piece 2", "Piece 3")
		for _, step := range []struct {
			asset    uuid.UUID
			position int
			want     []string
		}{
			{ids[2], 1, []string{"Piece 3", "Piece 1", "Piece 2"}},
			{ids[2], 2, []string{"Piece 1", "Piece 3", "Piece 2"}},
			{ids[0], 99, []string{"Piece 3", "Piece 2", "Piece 1"}},
			{ids[0], 0, []string{"Piece 3", "Piece 2", "Piece 1"}},
		} {
			must(w.Collect(ctx, w.rita, c.ID, step.asset, step.position))(t)
			w.wantTitles(inside(), step.want...)
		}

		must(w.Withdraw(ctx, w.mia, ids[1], "It is old."))(t)
		must(w.Collect(ctx, w.rita, c.ID, ids[1], 3))(t)
		w.wantTitles(inside(), "Piece 3", "Piece 1", "(Piece 2)")
		after := must(w.Uncollect(ctx, w.rita, c.ID, ids[1]))(t)
		if after.Pieces != 2 {
			t.Errorf("got %d pieces, want 2", after.Pieces)
		}
		_, err := w.Collect(ctx, w.rita, c.ID, ids[1], 0)
		wantKind(t, err, collateral.NotFound)
		with := must(w.CollectionsWith(ctx, w.rita, ids[0]))(t)
		if diff := cmp.Diff([]uuid.UUID{c.ID}, with); diff != "" {
			t.Errorf("collections with the piece (-want +got):\n%s", diff)
		}

		must(w.RenameCollection(ctx, w.rita, c.ID, "Second calls"))(t)
		all := must(w.Collections(ctx, w.rita))(t)
		if len(all) != 1 || all[0].Name != "Second calls" || all[0].Pieces != 2 {
			t.Errorf("got the collections %+v, want one, renamed, with two pieces", all)
		}
		if err := w.DeleteCollection(ctx, w.rita, c.ID); err != nil {
			t.Fatal(err)
		}
		if all := must(w.Collections(ctx, w.rita))(t); len(all) != 0 {
			t.Errorf("got %v after deleting, want none", all)
		}
	})
}

func TestCollectionsAreOnesOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Piece", "one")
		c := must(w.AddCollection(ctx, w.rita, "Mine"))(t)
		_, err := w.AddCollection(ctx, w.rita, "Mine")
		wantKind(t, err, collateral.Conflict, "/name")
		other := must(w.AddCollection(ctx, w.rita, "Other"))(t)
		_, err = w.RenameCollection(ctx, w.rita, other.ID, "Mine")
		wantKind(t, err, collateral.Conflict, "/name")
		_, err = w.RenameCollection(ctx, w.rita, other.ID, " ")
		wantKind(t, err, collateral.Invalid, "/name")
		must(w.AddCollection(ctx, w.rob, "Mine"))(t)

		for who, actor := range map[string]collateral.Actor{"another rep": w.rob, "an admin": w.ada} {
			_, _, err := w.Collection(ctx, actor, c.ID)
			for what, err := range map[string]error{
				"read": err, "delete": w.DeleteCollection(ctx, actor, c.ID),
				"rename":   second(w.RenameCollection(ctx, actor, c.ID, "Taken over")),
				"add":      second(w.Collect(ctx, actor, c.ID, a.ID, 0)),
				"take out": second(w.Uncollect(ctx, actor, c.ID, a.ID)),
			} {
				if collateral.KindOf(err) != collateral.NotFound || err == nil {
					t.Errorf("%s can %s a collection of rita's: got %v, want not found", who, what, err)
				}
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
