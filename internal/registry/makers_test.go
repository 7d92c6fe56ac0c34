package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

func TestHandOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first, second := w.created("First", "text"), w.published("Second", "other text")
		_, err := w.HandOver(ctx, w.mia, w.mia.UserID, w.max.UserID)
		wantKind(t, err, collateral.Forbidden)
		_, err = w.HandOver(ctx, w.ada, w.mia.UserID, w.mia.UserID)
		wantKind(t, err, collateral.Invalid, "/owner")
		_, err = w.HandOver(ctx, w.ada, w.mia.UserID, uuid.New())
		wantKind(t, err, collateral.Invalid, "/owner")
		if n, err := w.HandOver(ctx, w.ada, w.mia.UserID, w.max.UserID); n != 2 || err != nil {
			t.Fatalf("got %d, %v, want two handed over", n, err)
		}
		for _, a := range []*collateral.Asset{first, second} {
			if got := must(w.Asset(ctx, w.ada, a.ID))(t); got.OwnerID != w.max.UserID {
				t.Errorf("%s: got owner %s, want max", a.Title, got.OwnerID)
			}
		}
		titles := must(w.Titles(ctx, w.rita, []uuid.UUID{first.ID, second.ID, uuid.New()}))(t)
		if diff := cmp.Diff(map[uuid.UUID]string{second.ID: "Second"}, titles); diff != "" {
			t.Errorf("titles that a rep may see (-want +got):\n%s", diff)
		}
	})
}
