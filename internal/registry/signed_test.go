package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
)

func TestSignedVersions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.published("Deck", "the first")
		w.upload(w.mia, a.ID, "the second")
		w.submit(w.mia, a.ID)
		w.sign(w.ann, a.ID, 2)
		w.upload(w.mia, a.ID, "the third, a draft")
		numbers := func(actor collateral.Actor) []int {
			t.Helper()
			var n []int
			for _, v := range must(w.Signed(t.Context(), actor, a.ID))(t) {
				if v.SignerID != w.ann.UserID || v.SignedAt.IsZero() || (v.PublishedAt != nil) != (v.N == 1) {
					t.Errorf("got the version %+v, want it signed by ann and only the first one published", v)
				}
				n = append(n, v.N)
			}
			return n
		}
		for who, c := range map[string]struct {
			actor collateral.Actor
			want  []int
		}{
			"the owner": {w.mia, []int{2, 1}}, "an approver": {w.abe, []int{2, 1}}, "an admin": {w.ada, []int{2, 1}},
			"a rep": {w.rita, []int{1}}, "another marketer": {w.max, []int{1}},
		} {
			if diff := cmp.Diff(c.want, numbers(c.actor)); diff != "" {
				t.Errorf("versions that %s sees (-want +got):\n%s", who, diff)
			}
		}
		draft := w.created("Draft", "not yet")
		_, err := w.Signed(t.Context(), w.rita, draft.ID)
		wantKind(t, err, collateral.NotFound)
	})
}
