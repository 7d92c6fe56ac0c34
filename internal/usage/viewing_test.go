package usage

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// viewed is what a page that was made at the given time tells of what is published of a piece: seconds from and until, in pairs.
func (w *world) viewed(actor collateral.Actor, a *collateral.Asset, made time.Time, pairs ...int) error {
	told := collateral.Beats{AssetID: a.ID, VersionID: w.versionOf(a)}
	for i := 0; i < len(pairs); i += 2 {
		told.Beats = append(told.Beats, collateral.Beat{From: time.Duration(pairs[i]) * time.Second, Until: time.Duration(pairs[i+1]) * time.Second})
	}
	return w.Viewed(w.t.Context(), actor, made, told)
}

// versionOf is what is published of a piece.
func (w *world) versionOf(a *collateral.Asset) uuid.UUID {
	v, err := w.store.PublishedVersion(w.t.Context(), collateral.ScopeOf(w.lea), a.ID)
	if err != nil {
		w.t.Error(err)
		return uuid.Nil
	}
	return v.ID
}

// kept is the viewings of a piece that are kept, with the seconds of each.
func (w *world) kept(a *collateral.Asset) (viewings int, seconds int) {
	w.t.Helper()
	var ms int
	(&crowd{world: w}).read("SELECT count(*), coalesce(sum(visible_ms), 0) FROM viewings WHERE asset_id = '"+a.ID.String()+"'", func(scan func(...any)) { scan(&viewings, &ms) })
	return viewings, ms / 1000
}

func (w *world) wantKept(a *collateral.Asset, viewings, seconds int) {
	w.t.Helper()
	if n, s := w.kept(a); n != viewings || s != seconds {
		w.t.Errorf("got %d viewings of %d s, want %d of %d s", n, s, viewings, seconds)
	}
}

// Told in any order, many times, by two pages at once and after half an hour: time that passed once counts once.
func TestViewingCountsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck, made := w.publish(piece{title: "Deck", age: 60}), w.clock.now()
		tell := func(made time.Time, pairs ...int) {
			t.Helper()
			if err := w.viewed(w.rita, deck, made, pairs...); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.move(30 * time.Second)
		told := []int{0, 5, 5, 10, 12, 15, 20, 24}
		var pages sync.WaitGroup
		for range 2 { // two pages at once begin one viewing
			pages.Go(func() {
				if err := w.viewed(w.rita, deck, made, told...); err != nil {
					t.Error(err)
				}
			})
		}
		pages.Wait()
		for range 10 {
			at := 2 * rand.IntN(4)
			tell(made, told[at:]...)
			tell(made.Add(2*time.Second), 0, 3)
		}
		w.wantKept(deck, 1, 17)
		w.clock.move(collateral.VisitPause + time.Minute)
		if err := w.EndViewings(t.Context()); err != nil {
			t.Fatal(err)
		}
		tell(made, told...)
		w.wantKept(deck, 1, 17)
		tell(made, 1880, 1885)
		w.wantKept(deck, 2, 22)
		w.clock.move(collateral.VisitPause + time.Minute)
		tell(made, 1880, 1890, 3700, 3705)
		w.wantKept(deck, 3, 27)
	})
}

func TestImpossibleViewing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck, other, made := w.publish(piece{title: "Deck", age: 60}), w.publish(piece{title: "Other", age: 60}), w.clock.now()
		w.clock.move(20 * time.Second)
		for name, pairs := range map[string][]int{
			"none": nil, "negative": {5, 3}, "before the page": {-5, 3}, "longer than any": {0, 301}, "in the future": {60, 65}, "longer than the page is open": {0, 200},
		} {
			if err := w.viewed(w.rita, deck, made, pairs...); collateral.KindOf(err) != collateral.Invalid {
				t.Errorf("%s: got %v, want Invalid", name, err)
			}
		}
		told := collateral.Beats{AssetID: deck.ID, VersionID: w.versionOf(other), Beats: []collateral.Beat{{Until: time.Second}}}
		if err := w.Viewed(t.Context(), w.rita, made, told); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("a version of another piece: got %v, want NotFound", err)
		}
		w.wantKept(deck, 0, 0)
	})
}

// Makers learn how the field looked, once five people did; viewings move no step of the ladder, and end with the uses.
func TestFieldsViewings(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck, made := w.publish(piece{title: "Deck", age: 60}), w.clock.now()
		reps := []collateral.Actor{w.rita}
		for i := range 4 {
			reps = append(reps, w.person(fmt.Sprintf("rep%d", i), collateral.Rep))
		}
		w.clock.move(20 * time.Second)
		figures := func(want int) *collateral.ViewingFigures {
			t.Helper()
			f, err := w.Viewings(ctx, w.mia, deck.ID)
			if err != nil || (f == nil) != (want == 0) || f != nil && f.People != want {
				t.Errorf("got %+v and %v, want %d people", f, err, want)
			}
			return f
		}
		for _, actor := range append([]collateral.Actor{w.mia, w.ann, w.lea}, reps...) {
			figures(0)
			if err := w.viewed(actor, deck, made, 0, 10); err != nil {
				t.Fatal(err)
			}
		}
		if f := figures(5); f.Viewings != 5 || f.Median != 10*time.Second || *f.Trimmed != 10*time.Second {
			t.Errorf("got %+v", f)
		}
		if _, err := w.Viewings(ctx, w.rita, deck.ID); collateral.KindOf(err) != collateral.Forbidden {
			t.Errorf("a rep asks: got %v, want Forbidden", err)
		}
		if p, err := w.Piece(ctx, deck.ID); err != nil || p != (PieceFigures{}) {
			t.Errorf("got the figures %+v and %v, want none", p, err)
		}
		if err := w.ForgetPerson(ctx, w.rita.UserID); err != nil {
			t.Fatal(err)
		}
		figures(0)
		w.wantKept(deck, 8, 80)
		var left int
		(&crowd{world: w}).read("SELECT count(*) FROM viewings WHERE user_id = '"+w.rita.UserID.String()+"'", func(scan func(...any)) { scan(&left) })
		if left != 0 {
			t.Errorf("%d viewings still lead to a person who is forgotten", left)
		}
		w.clock.move(MaxAge + time.Hour)
		if err := w.Forget(ctx); err != nil {
			t.Fatal(err)
		}
		w.wantKept(deck, 0, 0)
	})
}
