package registry_test

import (
	"testing"

	"collateral/internal/collateral"
)

// Why a piece was withdrawn is for those who make it and those who sign it. Withdrawn once more, the last word holds.
func TestReasons(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Prices", "what it costs")
		wantKind(t, second(w.Withdraw(ctx, w.mia, a.ID, "x")), collateral.Invalid, "/reason")
		must(w.Withdraw(ctx, w.mia, a.ID, " The price is old. "))(t)
		why := func(actor collateral.Actor) string {
			t.Helper()
			if r := collateral.WithdrawalOf(must(w.Asset(ctx, actor, a.ID))(t), must(w.Reasons(ctx, actor, a.ID))(t)); r != nil {
				return r.Text
			}
			return ""
		}
		for _, actor := range []collateral.Actor{w.mia, w.ann, w.ada} {
			if got := why(actor); got != "The price is old." {
				t.Errorf("withdrawn: got %q, want why", got)
			}
		}
		wantKind(t, second(w.Reasons(ctx, w.rita, a.ID)), collateral.NotFound)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		if got := why(w.mia); got != "" {
			t.Errorf("published again: got %q, want no reason", got)
		}
		wantKind(t, second(w.Reasons(ctx, w.rita, a.ID)), collateral.Forbidden)
		must(w.Withdraw(ctx, w.ada, a.ID, "It is still old."))(t)
		must(w.Purge(ctx, w.ada, a.ID, 1, "It names a buyer."))(t)
		if got := why(w.mia); got != "It is still old." {
			t.Errorf("withdrawn again: got %q, want the last word", got)
		}
		reasons := must(w.Reasons(ctx, w.mia, a.ID))(t)
		if len(reasons) != 3 || reasons[0].Action != collateral.PurgeReason || reasons[0].Text != "It names a buyer." || reasons[0].By != w.ada.UserID || reasons[0].VersionID != a.Newest.ID {
			t.Errorf("got %+v, want the purge first", reasons)
		}
	})
}
