package usage

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// allFigures is every figure about pieces.
type allFigures struct {
	Unused   []UnusedReport
	Coverage CoverageReport
	Searches []SearchesReport
	Pieces   []PieceFigures
	Uses     []int
	Weeks    []History
}

func (c *crowd) allFigures(t *testing.T) allFigures {
	t.Helper()
	ctx := t.Context()
	all := collateral.Actor{UserID: c.lea.UserID, Roles: []collateral.Role{collateral.Admin}} // sees what was withdrawn, too
	var f allFigures
	for _, window := range []int{1, 7, 30, 90, 400} {
		f.Unused = append(f.Unused, c.unused(c.lea, UnusedQuery{Window: window}))
		searches, err := c.Searches(ctx, c.lea, SearchesQuery{Window: window})
		if err != nil {
			t.Fatal(err)
		}
		f.Searches = append(f.Searches, searches)
	}
	var err error
	if f.Coverage, err = c.Coverage(ctx, c.lea, CoverageQuery{}); err != nil {
		t.Fatal(err)
	}
	for _, a := range c.pieces {
		piece, err := c.Piece(ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		lately, err := c.Lately(ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		history, err := c.History(ctx, all, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		f.Pieces, f.Uses, f.Weeks = append(f.Pieces, piece), append(f.Uses, lately[a.ID].Uses), append(f.Weeks, history)
	}
	return f
}

// Whoever is forgotten, in whatever order, and also when that was broken off once: no figure about a piece changes, and nothing
// leads to the person any more.
func TestForgettingPeopleChangesNoFigure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c := newCrowd(w, 11)
		c.live(t)
		before := c.allFigures(t)
		if before.Searches[3].Searches < 10 {
			t.Fatalf("only %d searches are reported: this shows nothing", before.Searches[3].Searches)
		}
		for i, n := range c.random.Perm(len(c.people)) {
			person := c.people[n].UserID
			if i%2 == 0 { // broken off
				err := c.store.Tx(t.Context(), func(tx *store.Store) error {
					_, err := tx.ForgetSearches(t.Context(), person, 3)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := c.ForgetPerson(t.Context(), person); err != nil {
				t.Fatal(err)
			}
			var left int
			c.read("SELECT (SELECT count(*) FROM usage_events WHERE user_id = '"+person.String()+"') + (SELECT count(*) FROM searches WHERE user_id = '"+person.String()+"')",
				func(scan func(...any)) { scan(&left) })
			if left != 0 {
				t.Errorf("%d uses and searches still lead to a person who is forgotten", left)
			}
			options := gocmp.Options{cmpopts.IgnoreFields(SearchedQuery{}, "People"), cmpopts.IgnoreFields(History{}, "Teams"), cmpopts.EquateEmpty()}
			if diff := gocmp.Diff(before, c.allFigures(t), options); diff != "" {
				t.Fatalf("after forgetting %d people (-before +after):\n%s", i+1, diff)
			}
		}
	})
}

// What a person does afterwards is that person's again, and what was sent before is known when it is sent once more.
func TestWhoIsForgottenGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.publish(piece{title: "Deck", age: 60})
		sent := w.event(collateral.Share, deck.ID, time.Hour)
		sent.Opportunity = "Jane Doe's fleet"
		w.record(w.rita, sent)
		if err := w.ForgetPerson(t.Context(), w.rita.UserID); err != nil {
			t.Fatal(err)
		}
		if recent, err := w.Recent(t.Context(), w.rita); err != nil || len(recent) != 0 {
			t.Errorf("got %v, %v, want nothing that rita used", recent, err)
		}
		var named int
		(&crowd{world: w}).read("SELECT count(*) FROM usage_events WHERE opportunity <> ''", func(scan func(...any)) { scan(&named) })
		if named != 0 {
			t.Errorf("%d deals are still named", named)
		}
		if out, err := w.Record(t.Context(), w.rita, []Incoming{sent}); err != nil || out.Duplicates != 1 {
			t.Errorf("sent once more: got %+v, %v, want a duplicate", out, err)
		}
		w.record(w.rita, w.event(collateral.Present, deck.ID, time.Minute))
		if recent, err := w.Recent(t.Context(), w.rita); err != nil || len(recent) != 1 || len(recent[0].Uses) != 1 {
			t.Errorf("got %v, %v, want the new use alone", recent, err)
		}
	})
}
