package registry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// TestStateInSQL walks a piece through every state: filtering by state in the database must agree with the rule.
func TestStateInSQL(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := must(w.Create(ctx, w.mia, details("Deck", exploration)))(t).ID
		check := func(want collateral.State) {
			t.Helper()
			wantState(t, w.reload(id), want)
			for _, state := range collateral.States() {
				listed := slices.Contains(w.list(w.ada, store.AssetFilter{States: []collateral.State{state}}), id)
				if listed != (state == want) {
					t.Errorf("in state %s: listed under %s: %t", want, state, listed)
				}
			}
		}
		check(collateral.AssetDraft)
		w.upload(w.mia, id, "one")
		check(collateral.AssetDraft)
		w.submit(w.mia, id)
		check(collateral.AssetInReview)
		must(w.Unsubmit(ctx, w.mia, id))(t)
		check(collateral.AssetDraft)
		w.submit(w.mia, id)
		must(w.Review(ctx, w.ann, id, 1, collateral.RequestChanges, "Shorter, please."))(t)
		check(collateral.AssetChangesRequested)
		w.upload(w.mia, id, "two")
		check(collateral.AssetDraft)
		w.submit(w.mia, id)
		must(w.Review(ctx, w.ann, id, 2, collateral.Reject, "Not for our buyers."))(t)
		check(collateral.AssetRejected)
		w.upload(w.mia, id, "three")
		w.submit(w.mia, id)
		w.sign(w.ann, id, 3)
		check(collateral.AssetApproved)
		must(w.Publish(ctx, w.mia, id))(t)
		check(collateral.AssetPublished)
		w.upload(w.mia, id, "four")
		check(collateral.AssetPublished)
		must(w.Withdraw(ctx, w.mia, id, "Out of date."))(t)
		check(collateral.AssetWithdrawn)
		w.submit(w.mia, id)
		check(collateral.AssetInReview)
		must(w.Unsubmit(ctx, w.mia, id))(t)
		check(collateral.AssetWithdrawn)
		must(w.Publish(ctx, w.mia, id))(t)
		check(collateral.AssetPublished)
	})
}

func (w *world) list(actor collateral.Actor, filter store.AssetFilter) []uuid.UUID {
	w.t.Helper()
	var ids []uuid.UUID
	paging := collateral.Paging{Limit: 2}
	for {
		assets, next, err := w.Assets(w.t.Context(), actor, filter, paging)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, a := range assets {
			ids = append(ids, a.ID)
		}
		if next == "" {
			return ids
		}
		paging.Cursor = next
	}
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		draft := w.created("Draft", "one").ID
		waiting := w.created("Waiting", "two").ID
		w.submit(w.mia, waiting)
		approved := w.approved("Approved", "three").ID
		public := w.published("Public", "four").ID
		shared := w.created("Shared", "five").ID
		must(w.AddCoauthor(ctx, w.mia, shared, w.rob.UserID))(t)
		if _, _, err := w.Submit(ctx, w.mia, shared); err != nil {
			t.Fatal(err)
		}
		names := map[uuid.UUID]string{draft: "draft", waiting: "waiting", approved: "approved", public: "public", shared: "shared"}
		for _, c := range []struct {
			name string
			who  collateral.Actor
			want []string
		}{
			{"owner", w.mia, []string{"shared", "public", "approved", "waiting", "draft"}},
			{"other marketer", w.max, []string{"public"}},
			{"rep", w.rita, []string{"public"}},
			{"rep who is co-author", w.rob, []string{"shared", "public"}},
			{"approver", w.ann, []string{"shared", "public", "approved", "waiting"}},
			{"leader", w.lea, []string{"public"}},
			{"admin", w.ada, []string{"shared", "public", "approved", "waiting", "draft"}},
		} {
			var got []string
			for _, id := range w.list(c.who, store.AssetFilter{}) {
				got = append(got, names[id])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s lists (-want +got):\n%s", c.name, diff)
			}
			for id, name := range names {
				_, err := w.Asset(ctx, c.who, id)
				if seen := err == nil; seen != slices.Contains(c.want, name) {
					t.Errorf("%s reads %s: %v", c.name, name, err)
				}
			}
		}
		for _, c := range []struct {
			filter store.AssetFilter
			want   int
		}{
			{store.AssetFilter{Stages: []string{exploration}}, 5},
			{store.AssetFilter{Stages: []string{selection}}, 0},
			{store.AssetFilter{Types: []collateral.Type{"deck", "faq"}}, 5},
			{store.AssetFilter{Types: []collateral.Type{"faq"}}, 0},
			{store.AssetFilter{Owners: []uuid.UUID{w.mia.UserID}}, 5},
			{store.AssetFilter{Owners: []uuid.UUID{w.max.UserID}}, 0},
		} {
			if got := len(w.list(w.ada, c.filter)); got != c.want {
				t.Errorf("filter %+v: got %d, want %d", c.filter, got, c.want)
			}
		}
	})
}

func TestSubmitWarnsWhenNobodyCanSign(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.created("Deck", "words")
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.ann.UserID))(t)
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.abe.UserID))(t)
		_, warnings, err := w.Submit(ctx, w.mia, a.ID)
		if err != nil || len(warnings) != 1 {
			t.Errorf("got warnings %q, %v; want one", warnings, err)
		}
		if waiting, _, err := w.Reviews(ctx, w.ann, true, collateral.Paging{Limit: 10}); err != nil || len(waiting) != 0 {
			t.Errorf("got %d waiting for a contributor, %v; want none", len(waiting), err)
		}
		if waiting, _, err := w.Reviews(ctx, w.ann, false, collateral.Paging{Limit: 10}); err != nil || len(waiting) != 1 {
			t.Errorf("got %d under review, %v; want one", len(waiting), err)
		}
	})
}
