package registry_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func TestPiecesOfAPersonByState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.created("Draft", "one")
		published := w.published("Published", "two")
		theirs := must(w.Create(ctx, w.max, details("Theirs", exploration)))(t)
		if _, err := w.AddCoauthor(ctx, w.max, theirs.ID, w.mia.UserID); err != nil {
			t.Fatal(err)
		}
		must(w.Create(ctx, w.max, details("Not hers", exploration)))(t)
		filter := registry.AssetFilter{Makers: []uuid.UUID{w.mia.UserID}}
		counts := must(w.CountAssets(ctx, w.mia, filter))(t)
		if diff := cmp.Diff(map[collateral.State]int{collateral.AssetDraft: 2, collateral.AssetPublished: 1}, counts); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		for _, renewed := range []bool{true, false} {
			narrow := filter
			narrow.Renewed, narrow.States = &renewed, []collateral.State{collateral.AssetPublished}
			if got, want := must(w.CountAssets(ctx, w.mia, narrow))(t)[collateral.AssetPublished] == 1, !renewed; got != want {
				t.Errorf("renewed %v: got one %v, want %v before there is a newer version", renewed, got, want)
			}
		}
		w.upload(w.mia, published.ID, "three")
		filter.Renewed = new(true)
		if got := must(w.CountAssets(ctx, w.mia, filter))(t); got[collateral.AssetPublished] != 1 || len(got) != 1 {
			t.Errorf("got %v, want the published piece alone", got)
		}
		filter.Renewed = nil
		assets, _, err := w.Assets(ctx, w.mia, filter, collateral.Paging{Limit: 10})
		if err != nil || len(assets) != 3 {
			t.Errorf("got %d pieces, %v; want her own two and the one she co-authors", len(assets), err)
		}
	})
}

// The count beside "My pieces": what Sales sent back, what is signed and was never published, and what is flagged; each piece
// once, of owners and co-authors.
func TestPiecesThatNeedTheirMakers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		want := func(what string, actor collateral.Actor, n int) {
			t.Helper()
			if got := must(w.CountUndone(ctx, actor))(t); got != n {
				t.Errorf("%s: got %d pieces, want %d", what, got, n)
			}
		}
		a := w.created("Deck", "one")
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.max.UserID))(t)
		want("a draft", w.mia, 0)
		w.submit(w.mia, a.ID)
		want("waits for Sales", w.mia, 0)
		must(w.Review(ctx, w.ann, a.ID, 1, collateral.RequestChanges, "The price is old."))(t)
		want("sent back", w.mia, 1)
		want("sent back, a co-author", w.max, 1)
		want("somebody else's", w.rita, 0)
		w.upload(w.mia, a.ID, "two")
		w.submit(w.mia, a.ID)
		want("waits again", w.mia, 0)
		w.sign(w.ann, a.ID, 2)
		want("signed", w.mia, 1)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		want("published", w.mia, 0)
		f := must(w.Flag(ctx, w.rita, a.ID, "The logo is old."))(t)
		want("flagged", w.max, 1)
		w.upload(w.mia, a.ID, "three")
		w.submit(w.mia, a.ID)
		w.sign(w.ann, a.ID, 3)
		want("flagged, and a newer version is signed", w.mia, 1)
		if err := w.SettleFlag(ctx, w.max, a.ID, f.ID, collateral.FlagFixed, ""); err != nil {
			t.Fatal(err)
		}
		must(w.Publish(ctx, w.mia, a.ID))(t)
		must(w.Withdraw(ctx, w.mia, a.ID, "It is over."))(t)
		want("withdrawn", w.mia, 0)
	})
}

func TestSignersAreThoseWhoDidNotContribute(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.created("Deck", "text")
		if _, err := w.AddCoauthor(t.Context(), w.mia, a.ID, w.abe.UserID); err != nil {
			t.Fatal(err)
		}
		w.submit(w.mia, a.ID)
		v := w.reload(a.ID).Newest
		signers := must(w.SignersOf(t.Context(), []*collateral.Version{v}))(t)
		if diff := cmp.Diff([]uuid.UUID{w.ann.UserID}, signers[v.ID]); diff != "" {
			t.Errorf("signers (-want +got):\n%s", diff)
		}
	})
}

func TestFormMakesItsPieceOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, id := t.Context(), w.NewID()
		for i, want := range []bool{true, false} {
			a, made, err := w.CreateOnce(ctx, w.mia, id, details("Deck", exploration))
			if err != nil || made != want || a.ID != id {
				t.Fatalf("time %d: got made %v, %v; want %v", i+1, made, err, want)
			}
		}
		_, _, err := w.CreateOnce(ctx, w.max, id, details("Deck", exploration))
		wantKind(t, err, collateral.Conflict)
		now := w.Store.Now
		w.Store.Now = func() time.Time { return now().Add(8 * 24 * time.Hour) }
		_, _, err = w.CreateOnce(ctx, w.mia, id, details("Deck", exploration))
		wantKind(t, err, collateral.Malformed)
		_, _, err = w.CreateOnce(ctx, w.mia, uuid.New(), details("Deck", exploration))
		wantKind(t, err, collateral.Malformed)
	})
}

func TestWhatIsThereAlreadyIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("The cost of doing nothing", "the same bytes")
		must(w.Create(ctx, w.max, details("Costs of doing nothing", exploration)))(t) // a draft of somebody else
		titles := func(actor collateral.Actor, title string, except uuid.UUID) (all []string) {
			for _, like := range must(w.LikeTitles(ctx, actor, title, except))(t) {
				all = append(all, like.Title)
			}
			return all
		}
		if diff := cmp.Diff([]string{"The cost of doing nothing"}, titles(w.rita, "Cost of Doing Nothing!", uuid.Nil)); diff != "" {
			t.Errorf("titles (-want +got):\n%s", diff)
		}
		if got := titles(w.rita, "Pricing", uuid.Nil); got != nil {
			t.Errorf("got %q, want nothing like it", got)
		}
		if got := titles(w.mia, "The cost of doing nothing", a.ID); got != nil {
			t.Errorf("got %q, want nothing: the piece is like itself", got)
		}
		sum := sha256.Sum256([]byte("the same bytes"))
		same := must(w.SameContent(ctx, w.rita, hex.EncodeToString(sum[:]), uuid.Nil))(t)
		if len(same) != 1 || same[0].ID != a.ID {
			t.Errorf("got %v, want the piece with these bytes", same)
		}
		_, err := w.SameContent(ctx, w.rita, "no digest", uuid.Nil)
		wantKind(t, err, collateral.Invalid)
	})
}
