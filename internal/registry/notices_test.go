package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
)

// told returns what a person is told, unread first and then the newest first.
func (w *world) told(actor collateral.Actor) []collateral.NoticeKind {
	w.t.Helper()
	notices, _, err := w.Notices(w.t.Context(), actor, collateral.Paging{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	kinds := []collateral.NoticeKind{}
	for _, n := range notices {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

func (w *world) wantTold(actor collateral.Actor, what string, want ...collateral.NoticeKind) {
	w.t.Helper()
	if diff := cmp.Diff(append([]collateral.NoticeKind{}, want...), w.told(actor)); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestWhoIsToldWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.created("Deck", "one")
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.max.UserID))(t)
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.abe.UserID))(t)
		w.submit(w.mia, a.ID)
		w.wantTold(w.ann, "ann could sign", collateral.NoticeWaits)
		w.wantTold(w.abe, "abe made it")
		must(w.Unsubmit(ctx, w.mia, a.ID))(t)
		w.wantTold(w.ann, "it was taken back")
		w.submit(w.mia, a.ID)

		must(w.Review(ctx, w.ann, a.ID, 1, collateral.RequestChanges, "The price is old."))(t)
		w.wantTold(w.ann, "it was sent back")
		for _, maker := range []collateral.Actor{w.mia, w.max, w.abe} {
			w.wantTold(maker, "a maker", collateral.NoticeChangesRequested)
		}
		notices, _, err := w.Notices(ctx, w.max, collateral.Paging{Limit: 1})
		if err != nil || notices[0].Review == nil || notices[0].Review.Comment != "The price is old." || notices[0].Sentence() != "ann asks for changes of “Deck”." {
			t.Errorf("got %+v, %v; want who asks for what", notices, err)
		}
		w.upload(w.mia, a.ID, "two")
		w.submit(w.mia, a.ID)
		w.sign(w.ann, a.ID, 2)
		w.wantTold(w.mia, "the owner, of the signature", collateral.NoticeSigned, collateral.NoticeChangesRequested)
		w.wantTold(w.max, "a co-author, of nothing more", collateral.NoticeChangesRequested)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		must(w.Withdraw(ctx, w.ada, a.ID, "Prices changed."))(t)
		w.wantTold(w.mia, "the owner, not of their own doing", collateral.NoticeWithdrawn, collateral.NoticeSigned, collateral.NoticeChangesRequested)
		w.wantTold(w.max, "a co-author", collateral.NoticeWithdrawn, collateral.NoticePublished, collateral.NoticeChangesRequested)
	})
}

func TestNoticesAreReadAndForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first, second := w.created("First", "1"), w.created("Second", "2")
		w.submit(w.mia, first.ID)
		w.submit(w.mia, second.ID)
		var titles []string
		cursor := ""
		for range 2 {
			page, next, err := w.Notices(ctx, w.ann, collateral.Paging{Limit: 1, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			if titles = append(titles, page[0].Title); len(titles) == 1 {
				if err := w.ReadNotice(ctx, w.ann, page[0].ID); err != nil {
					t.Fatal(err)
				}
				wantKind(t, w.ReadNotice(ctx, w.abe, page[0].ID), collateral.NotFound)
			}
			cursor = next
		}
		if diff := cmp.Diff([]string{"Second", "First"}, titles); diff != "" {
			t.Errorf("page by page (-want +got):\n%s", diff)
		}
		if n := must(w.CountNotices(ctx, w.ann))(t); n != 1 {
			t.Errorf("got %d unread, want one", n)
		}
		present := w.Store.Now
		w.Store.Now = func() time.Time { return present().AddDate(0, 0, 91) }
		if err := w.ForgetNotices(ctx); err != nil {
			t.Fatal(err)
		}
		w.wantTold(w.ann, "what was read long ago is gone", collateral.NoticeWaits)
		if err := w.ReadNotices(ctx, w.ann); err != nil {
			t.Fatal(err)
		}
		if n := must(w.CountNotices(ctx, w.ann))(t); n != 0 {
			t.Errorf("got %d unread after reading all, want none", n)
		}
	})
}

// Owners of published pieces are told once that the review date is near, and once that it has come.
func TestReviewDatesAreToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		today := w.Store.Now()
		due := func(a *collateral.Asset, days int) {
			t.Helper()
			must(w.Change(ctx, w.mia, a.ID, &a.Revision, func(d *collateral.Details) error {
				d.ReviewBy = today.AddDate(0, 0, days).Format(time.DateOnly)
				return nil
			}))(t)
		}
		due(w.created("Draft", "0"), 5)
		soon := w.published("Soon", "1")
		due(soon, 14)
		due(w.published("Later", "2"), 15)
		due(w.published("Long ago", "3"), -30)
		if err := w.ReadNotices(ctx, w.mia); err != nil {
			t.Fatal(err)
		}
		before := len(w.told(w.mia))
		tell := func() []collateral.NoticeKind {
			t.Helper()
			for range 2 {
				if err := w.TellReviewDates(ctx); err != nil {
					t.Fatal(err)
				}
			}
			all := w.told(w.mia)
			return all[:len(all)-before]
		}
		if diff := cmp.Diff([]collateral.NoticeKind{collateral.NoticeReviewSoon}, tell()); diff != "" {
			t.Errorf("today (-want +got):\n%s", diff)
		}
		w.Store.Now = func() time.Time { return today.AddDate(0, 0, 14) }
		want := []collateral.NoticeKind{collateral.NoticeReviewDue, collateral.NoticeReviewSoon, collateral.NoticeReviewSoon}
		got := tell()
		if len(got) != 3 {
			t.Fatalf("in two weeks: got %q, want %q in any order of the day", got, want)
		}
	})
}
