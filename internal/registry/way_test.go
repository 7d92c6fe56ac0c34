package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/search"
)

func TestWholeWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Create(ctx, w.mia, collateral.Details{Title: "Renewal deck", Type: "deck", Audience: collateral.ForCustomer}))(t)
		wantState(t, a, collateral.AssetDraft)

		_, _, err := w.Submit(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Gate, "/versions", "/stages")
		_, err = w.Publish(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Gate, "/versions", "/stages", "/submission", "/approval")

		w.upload(w.mia, a.ID, "How a quarterly renewal saves the buyer money")
		a = must(w.Change(ctx, w.mia, a.ID, &a.Revision, func(d *collateral.Details) error {
			d.Stages = []collateral.StageTag{{Stage: exploration, Role: roleText, Primary: true}}
			return nil
		}))(t)
		w.submit(w.mia, a.ID)
		wantState(t, w.reload(a.ID), collateral.AssetInReview)

		waiting, _, err := w.Reviews(ctx, w.ann, true, collateral.Paging{Limit: 10})
		if err != nil || len(waiting) != 1 || waiting[0].Asset.ID != a.ID {
			t.Fatalf("got %v waiting for ann, %v; want the piece", waiting, err)
		}
		_, err = w.Publish(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Gate, "/approval")
		w.sign(w.ann, a.ID, 1)
		wantState(t, w.reload(a.ID), collateral.AssetApproved)
		_, err = w.Asset(ctx, w.rita, a.ID)
		wantKind(t, err, collateral.NotFound)

		a = must(w.Publish(ctx, w.mia, a.ID))(t)
		wantState(t, a, collateral.AssetPublished)
		w.work()
		for _, q := range []search.Query{
			{Words: "quarterly"}, {Words: "renewal deck"}, {Words: "quartrely"}, {Words: "what the product does"},
			{Filter: map[search.Facet][]string{search.FacetStage: {exploration}}},
		} {
			if got := w.find(w.rita, q); !cmp.Equal(got, []string{"Renewal deck"}) {
				t.Errorf("searching %+v: got %q, want the deck", q, got)
			}
		}
		content := must(w.Content(ctx, w.rita, a.ID))(t)
		if got, want := w.read(content), "How a quarterly renewal saves the buyer money"; got != want {
			t.Errorf("got content %q, want %q", got, want)
		}

		must(w.Withdraw(ctx, w.mia, a.ID, "Prices changed."))(t)
		w.work()
		wantState(t, w.reload(a.ID), collateral.AssetWithdrawn)
		if got := w.find(w.rita, search.Query{Words: "quarterly"}); len(got) != 0 {
			t.Errorf("after withdrawal: got %q, want nothing", got)
		}
		a = must(w.Publish(ctx, w.mia, a.ID))(t)
		wantState(t, a, collateral.AssetPublished)
	})
}

func wantState(t *testing.T, a *collateral.Asset, want collateral.State) {
	t.Helper()
	if got := a.State(); got != want {
		t.Fatalf("got state %s, want %s", got, want)
	}
}

func TestSeparationOfDuties(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Create(ctx, w.mia, details("Pricing", exploration)))(t)
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.abe.UserID))(t)
		w.upload(w.abe, a.ID, "text by an approver")
		w.submit(w.mia, a.ID)

		_, err := w.Review(ctx, w.mia, a.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.Forbidden)
		_, err = w.Review(ctx, w.abe, a.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.Forbidden)

		// Leaving the piece after submission does not make one a stranger to it; joining makes one a maker at once.
		must(w.RemoveCoauthor(ctx, w.mia, a.ID, w.abe.UserID))(t)
		_, err = w.Review(ctx, w.abe, a.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.Forbidden)
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.ann.UserID))(t)
		_, err = w.Review(ctx, w.ann, a.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.Forbidden)
		must(w.RemoveCoauthor(ctx, w.mia, a.ID, w.ann.UserID))(t)
		w.sign(w.ann, a.ID, 1)
	})
}

func TestReviewOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.created("Battlecard", "first")
		_, err := w.Review(ctx, w.ann, a.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.NotFound) // a draft is not for her to see
		w.submit(w.mia, a.ID)
		_, err = w.Review(ctx, w.ann, a.ID, 1, collateral.RequestChanges, " ")
		wantKind(t, err, collateral.Invalid, "/comment")
		must(w.Review(ctx, w.ann, a.ID, 1, collateral.RequestChanges, "The price is old."))(t)
		_, err = w.Review(ctx, w.abe, a.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.Conflict)
		_, _, err = w.Submit(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Gate, "/versions")

		w.upload(w.mia, a.ID, "second")
		w.submit(w.mia, a.ID)
		w.upload(w.mia, a.ID, "third")
		_, err = w.Review(ctx, w.ann, a.ID, 2, collateral.Approve, "")
		wantKind(t, err, collateral.Conflict) // superseded
		w.submit(w.mia, a.ID)
		_, err = w.Review(ctx, w.ann, a.ID, 2, collateral.Approve, "")
		wantKind(t, err, collateral.Conflict)
		w.sign(w.ann, a.ID, 3)
		wantState(t, w.reload(a.ID), collateral.AssetApproved)
	})
}

func TestNewerVersionLeavesThePublishedOneServing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Case study", "old words")
		w.upload(w.mia, a.ID, "new words")
		w.submit(w.mia, a.ID)
		if got := w.read(must(w.Content(ctx, w.rita, a.ID))(t)); got != "old words" {
			t.Errorf("under review: got %q, want the old bytes", got)
		}
		a = w.reload(a.ID)
		wantState(t, a, collateral.AssetPublished)
		if a.Pending() != 2 {
			t.Errorf("got pending version %d, want 2", a.Pending())
		}
		_, err := w.Publish(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Gate, "/approval")
		w.sign(w.ann, a.ID, 2)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		if got := w.read(must(w.Content(ctx, w.rita, a.ID))(t)); got != "new words" {
			t.Errorf("after publishing: got %q, want the new bytes", got)
		}
		_, err = w.Publish(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Conflict)
	})
}

func TestTagsArePublishedAsSigned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Comparison", "words")
		a = must(w.Change(ctx, w.mia, a.ID, &a.Revision, func(d *collateral.Details) error {
			d.Stages = []collateral.StageTag{{Stage: selection, Role: roleText, Primary: true}}
			return nil
		}))(t)
		w.work()
		at := func(stage string) []string {
			return w.find(w.rita, search.Query{Filter: map[search.Facet][]string{search.FacetStage: {stage}}})
		}
		if got := at(selection); len(got) != 0 {
			t.Errorf("before a new sign-off: found %q at the new stage", got)
		}
		v, _, err := w.CopyVersion(ctx, w.mia, a.ID, 1, "for another stage")
		if err != nil || v.N != 2 {
			t.Fatalf("copying: got version %+v, %v; want 2", v, err)
		}
		w.submit(w.mia, a.ID)
		w.sign(w.ann, a.ID, 2)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		w.work()
		if got := at(selection); len(got) != 1 {
			t.Errorf("after the new sign-off: found %q at the new stage, want the piece", got)
		}
		if got := at(exploration); len(got) != 0 {
			t.Errorf("after the new sign-off: found %q at the old stage", got)
		}
		_, err = w.Change(ctx, w.mia, a.ID, &a.Revision, func(d *collateral.Details) error { d.Stages = nil; return nil })
		wantKind(t, err, collateral.Invalid, "/stages")
	})
}

// TestMakersStayMakers: whoever made the bytes cannot sign them, however they come back.
func TestMakersStayMakers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		rapp := w.person("rapp", collateral.Rep, collateral.Approver)
		for _, again := range []string{"copied", "uploaded"} {
			a := must(w.Create(ctx, rapp, details("Handed over "+again, exploration)))(t)
			w.upload(rapp, a.ID, "the same bytes, "+again)
			must(w.SetOwner(ctx, rapp, a.ID, w.mia.UserID))(t)
			if again == "copied" {
				if _, _, err := w.CopyVersion(ctx, w.mia, a.ID, 1, ""); err != nil {
					t.Fatal(err)
				}
			} else {
				w.upload(w.mia, a.ID, "the same bytes, "+again)
			}
			for range 2 { // submitting anew copies the contributors anew
				w.submit(w.mia, a.ID)
				_, err := w.Review(ctx, rapp, a.ID, 2, collateral.Approve, "")
				wantKind(t, err, collateral.Forbidden)
				must(w.Unsubmit(ctx, w.mia, a.ID))(t)
			}
			w.upload(w.mia, a.ID, "other bytes, "+again)
			w.submit(w.mia, a.ID)
			w.sign(rapp, a.ID, 3)
		}
	})
}

func TestDraftsAreNotForApprovers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Deck", "one")
		w.upload(w.mia, a.ID, "two, in secret")
		for _, c := range []struct {
			who  collateral.Actor
			want int
		}{{w.mia, 2}, {w.ada, 2}, {w.ann, 1}} {
			versions, _, err := w.Versions(ctx, c.who, a.ID, collateral.Paging{Limit: 10})
			if err != nil || len(versions) != c.want {
				t.Errorf("got %d versions, %v; want %d", len(versions), err, c.want)
			}
		}
		_, err := w.VersionContent(ctx, w.ann, a.ID, 2)
		wantKind(t, err, collateral.NotFound)
		_, err = w.VersionContent(ctx, w.rita, a.ID, 1)
		wantKind(t, err, collateral.Forbidden)
		w.submit(w.mia, a.ID)
		if got := w.read(must(w.VersionContent(ctx, w.ann, a.ID, 2))(t)); got != "two, in secret" {
			t.Errorf("under review: got %q", got)
		}
	})
}
