package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/search"
	"collateral/internal/usage"
)

func TestUsesOrderHits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.published("First", "words")
		second := w.published("Second", "words")
		w.work()
		mostUsed := search.Query{Sort: search.SortMostUsed}
		if got := w.find(w.rita, mostUsed); !cmp.Equal(got, []string{"First", "Second"}) {
			t.Fatalf("without uses: got %q, want them by id", got)
		}
		shared := usage.Incoming{ID: uuid.NewString(), Kind: "share", AssetID: second.ID.String(), OccurredAt: time.Now().Format(time.RFC3339Nano)}
		if got := must(w.Usage.Record(ctx, w.rita, []usage.Incoming{shared}))(t); got.Accepted != 1 {
			t.Fatalf("recording a use: got %+v", got)
		}
		late := w.Store.Now().Add(time.Minute) // the order follows after a moment, not at once
		w.Store.Now = func() time.Time { return late }
		w.work()
		if got := w.find(w.rita, mostUsed); !cmp.Equal(got, []string{"Second", "First"}) {
			t.Errorf("after a use: got %q, want the used one first", got)
		}
	})
}

func TestOldUsesAreForgottenAndStillCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Deck", "words")
		at := w.Store.Now()
		share := usage.Incoming{ID: uuid.NewString(), Kind: "share", AssetID: a.ID.String(), OccurredAt: at.Format(time.RFC3339Nano)}
		must(w.Usage.Record(ctx, w.rita, []usage.Incoming{share}))(t)
		w.find(w.rita, search.Query{Words: "words"})
		if err := w.Usage.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		later := at.Add(usage.MaxAge + 48*time.Hour)
		w.Store.Now = func() time.Time { return later }
		if err := w.Usage.Forget(ctx); err != nil {
			t.Fatal(err)
		}
		known := must(w.Store.KnownEvents(ctx, []uuid.UUID{uuid.MustParse(share.ID)}))(t)
		if len(known) != 0 {
			t.Error("the use is still on record")
		}
		if uses := must(w.Store.FieldUses(ctx, a.ID, at.AddDate(0, 0, -1), at.AddDate(0, 0, 1)))(t); uses != 1 {
			t.Errorf("got %d uses in the totals, want 1", uses)
		}
	})
}
