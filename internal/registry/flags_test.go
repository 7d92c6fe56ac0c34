package registry_test

import (
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Prices", "what it costs")
		f := must(w.Flag(ctx, w.rita, a.ID, " The price on page 3 is old. "))(t)
		if f.Reason != "The price on page 3 is old." || f.VersionN != 1 {
			t.Errorf("got the flag %+v, want the reason without blanks, on version 1", f)
		}
		_, err := w.Flag(ctx, w.rita, a.ID, "Still old.")
		wantKind(t, err, collateral.Conflict)
		_, err = w.Flag(ctx, w.rita, a.ID, "")
		wantKind(t, err, collateral.Invalid, "/reason")
		must(w.Flag(ctx, w.rob, a.ID, "The logo is the old one."))(t)

		flags := func(actor collateral.Actor) []collateral.Flag {
			t.Helper()
			return must(w.Flags(ctx, actor, a.ID))(t)
		}
		if got := flags(w.mia); len(got) != 2 || got[1].RaisedBy != w.rita.UserID {
			t.Errorf("the owner sees %+v, want both flags with who raised them", got)
		}
		if got := flags(w.rita); len(got) != 2 || got[0].RaisedBy != uuid.Nil || got[1].RaisedBy != w.rita.UserID {
			t.Errorf("who raised one sees %+v, want the other's without a name", got)
		}

		wantKind(t, w.SettleFlag(ctx, w.rita, a.ID, f.ID, collateral.FlagFixed, ""), collateral.Forbidden)
		wantKind(t, w.SettleFlag(ctx, w.mia, a.ID, f.ID, collateral.FlagKept, ""), collateral.Invalid, "/note")
		wantKind(t, w.SettleFlag(ctx, w.mia, a.ID, uuid.New(), collateral.FlagFixed, ""), collateral.Conflict)
		if err := w.SettleFlag(ctx, w.mia, a.ID, f.ID, collateral.FlagKept, "It holds until March."); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.SettleFlag(ctx, w.ada, a.ID, f.ID, collateral.FlagFixed, ""), collateral.Conflict)
		if got := flags(w.rita); len(got) != 2 || got[1].Settled == nil || got[1].Settled.Note != "It holds until March." {
			t.Errorf("who raised it sees %+v, want what became of it", got)
		}
		if got := flags(w.lea); len(got) != 1 || got[0].Settled != nil {
			t.Errorf("another reader sees %+v, want the one that waits", got)
		}
		must(w.Flag(ctx, w.rita, a.ID, "It is April."))(t)

		must(w.Withdraw(ctx, w.mia, a.ID, "It is old."))(t)
		_, err = w.Flag(ctx, w.mia, a.ID, "Nobody uses it.")
		wantKind(t, err, collateral.Conflict)
		_, err = w.Flags(ctx, w.rita, a.ID)
		wantKind(t, err, collateral.NotFound)
	})
}

// The owner is told of a flag, and who raised it of what became of it; nobody of what they did themselves.
func TestWhoIsToldOfFlags(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Prices", "what it costs")
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.max.UserID))(t)
		if err := w.ReadNotices(ctx, w.mia); err != nil {
			t.Fatal(err)
		}
		before := w.told(w.mia)
		fixed, kept, own := must(w.Flag(ctx, w.rita, a.ID, "The price is old."))(t), must(w.Flag(ctx, w.rob, a.ID, "So is the logo."))(t), must(w.Flag(ctx, w.mia, a.ID, "I know."))(t)
		w.wantTold(w.mia, "the owner, once for each of the others", append([]collateral.NoticeKind{collateral.NoticeFlagged, collateral.NoticeFlagged}, before...)...)
		w.wantTold(w.max, "a co-author")
		if got := must(w.WaitingFlags(ctx, []*collateral.Asset{a}))(t)[a.ID]; got != 3 {
			t.Errorf("got %d flags that wait, want 3", got)
		}
		for _, s := range []struct {
			flag    *collateral.Flag
			outcome collateral.FlagOutcome
		}{{fixed, collateral.FlagFixed}, {kept, collateral.FlagKept}, {own, collateral.FlagFixed}} {
			if err := w.SettleFlag(ctx, w.mia, a.ID, s.flag.ID, s.outcome, "See version 2."); err != nil {
				t.Fatal(err)
			}
		}
		w.wantTold(w.rita, "put right", collateral.NoticeFlagFixed)
		w.wantTold(w.rob, "kept", collateral.NoticeFlagKept)
		w.wantTold(w.mia, "nothing of their own", append([]collateral.NoticeKind{collateral.NoticeFlagged, collateral.NoticeFlagged}, before...)...)
		if got := must(w.WaitingFlags(ctx, []*collateral.Asset{a}))(t); len(got) != 0 {
			t.Errorf("got %v flags that wait, want none", got)
		}
	})
}
