package registry_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// Who signs many at once has looked at each, as it was submitted last.
func TestOnlyWhatWasSeenIsSignedAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		seen, unseen, changed, own := w.created("Seen", "one"), w.created("Unseen", "two"), w.created("Changed", "three"), w.created("Own", "four")
		must(w.AddCoauthor(ctx, w.mia, own.ID, w.ann.UserID))(t)
		for _, a := range []*collateral.Asset{seen, unseen, changed, own} {
			w.submit(w.mia, a.ID)
		}
		look := func(a *collateral.Asset) {
			t.Helper()
			if err := w.LookedAt(ctx, w.ann, must(w.Reviewing(ctx, w.ann, a.ID, 1))(t).Version); err != nil {
				t.Fatal(err)
			}
		}
		look(seen)
		look(changed)
		must(w.Unsubmit(ctx, w.mia, changed.ID))(t)
		w.submit(w.mia, changed.ID)

		if n := must(w.CountReviews(ctx, w.ann))(t); n != 3 {
			t.Errorf("got %d waiting for ann, want all but her own", n)
		}
		if n := must(w.CountReviews(ctx, w.rita))(t); n != 0 {
			t.Errorf("got %d waiting for a rep, want none", n)
		}
		waiting, _, err := w.Reviews(ctx, w.ann, true, collateral.Paging{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		opened := map[string]bool{}
		for _, v := range waiting {
			opened[v.Asset.Title] = v.OpenedAt != nil
			if v.SentBy != w.mia.UserID {
				t.Errorf("%s was sent by %s, want mia", v.Asset.Title, v.SentBy)
			}
		}
		if diff := cmp.Diff(map[string]bool{"Seen": true, "Unseen": false, "Changed": false}, opened); diff != "" {
			t.Errorf("opened (-want +got):\n%s", diff)
		}

		refs := []registry.VersionRef{{Asset: unseen.ID, N: 1}, {Asset: seen.ID, N: 1}, {Asset: changed.ID, N: 1}, {Asset: own.ID, N: 1}, {Asset: seen.ID, N: 1}}
		var got []string
		for _, s := range must(w.SignSeen(ctx, w.ann, refs))(t) {
			if s.Review != nil {
				got = append(got, "signed")
				continue
			}
			got = append(got, s.Refusal.Message[:20])
		}
		want := []string{"You have not opened ", "signed", "You have not opened ", "You contributed to t", "ann signed version 1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("what became of each (-want +got):\n%s", diff)
		}
		_, err = w.SignSeen(ctx, w.ann, nil)
		wantKind(t, err, collateral.Invalid, "/versions")
		_, err = w.SignSeen(ctx, w.ann, make([]registry.VersionRef, registry.MaxSignings+1))
		wantKind(t, err, collateral.Invalid, "/versions")
	})
}

// The second of two approvers is told who was quicker.
func TestSecondApproverIsToldWhoSigned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.approved("Deck", "text")
		_, err := w.Review(t.Context(), w.abe, a.ID, 1, collateral.Reject, "No.")
		wantKind(t, err, collateral.Conflict)
		if !strings.HasPrefix(err.Error(), "ann signed version 1 on ") {
			t.Errorf("got %q, want who signed, and when", err)
		}
		seen := must(w.Reviewing(t.Context(), w.abe, a.ID, 1))(t)
		if seen.Refusal == nil || seen.Refusal.Message != err.Error() || seen.Review == nil || seen.Review.ReviewerID != w.ann.UserID {
			t.Errorf("got %+v, want ann's review and the same refusal", seen)
		}
	})
}

func TestChangesSinceTheLastSignature(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Prices", "It costs 40 a month.\nIt is paid by the year.")
		if c := must(w.Changes(ctx, w.ann, a.ID, 1))(t); c.Before != nil {
			t.Errorf("the first version is compared with %+v, want nothing", c.Before)
		}
		a = must(w.Change(ctx, w.mia, a.ID, &a.Revision, func(d *collateral.Details) error {
			d.Stages = []collateral.StageTag{{Stage: exploration, Role: roleText}, {Stage: selection, Role: roleText, Primary: true}}
			return nil
		}))(t)
		w.upload(w.mia, a.ID, "never signed")
		w.upload(w.mia, a.ID, "It costs 45 a month.\nIt is paid by the year.")
		_, err := w.Changes(ctx, w.ann, a.ID, 3)
		wantKind(t, err, collateral.NotFound) // a draft is not for her to see
		w.submit(w.mia, a.ID)
		if c := must(w.Changes(ctx, w.ann, a.ID, 3))(t); c.Text != registry.TextPending {
			t.Errorf("before the text was read: got %q, want %q", c.Text, registry.TextPending)
		}
		w.work()
		c := must(w.Changes(ctx, w.ann, a.ID, 3))(t)
		if c.Before == nil || c.Before.N != 1 || c.SameBytes() {
			t.Fatalf("compared with %+v, want version 1, of other bytes", c.Before)
		}
		want := []registry.PageChange{{Before: 1, After: 1, Runs: []registry.Run{
			{Kind: registry.RunEqual, Text: "It costs "}, {Kind: registry.RunRemoved, Text: "40"}, {Kind: registry.RunAdded, Text: "45"},
			{Kind: registry.RunEqual, Text: " a month.\nIt is paid by the year."},
		}}}
		if diff := cmp.Diff(want, c.Pages); diff != "" {
			t.Errorf("pages (-want +got):\n%s", diff)
		}
		var tags []string
		for _, tag := range c.Tags {
			tags = append(tags, tag.Stage)
		}
		if diff := cmp.Diff([]string{selection, exploration}, tags); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
		_, err = w.Changes(ctx, w.rita, a.ID, 3)
		wantKind(t, err, collateral.Forbidden)
	})
}
