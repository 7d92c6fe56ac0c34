package collateral

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestCheckFlag(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, reason string
		faults       []string
	}{
		{"said", "The price on page 3 is that of last year.", nil},
		{"two lines", "Page 3:\nthe old price", nil},
		{"as long as may be", strings.Repeat("ä", MaxFlagReason), nil},
		{"too long", strings.Repeat("ä", MaxFlagReason+1), []string{"/reason"}},
		{"nothing", "", []string{"/reason"}},
		{"nothing that is seen", "\u200b\u00a0", []string{"/reason"}},
		{"a control character", "old\x07", []string{"/reason"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.faults, pointers(CheckFlag(c.reason))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckSettlement(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome FlagOutcome
		note    string
		faults  []string
	}{
		{FlagFixed, "", nil},
		{FlagFixed, "Version 3 has the new price.", nil},
		{FlagKept, "The price holds until March.", nil},
		{FlagKept, " ", []string{"/note"}},
		{"ignored", "why not", []string{"/outcome"}},
		{FlagFixed, strings.Repeat("a", MaxFlagNote+1), []string{"/note"}},
	} {
		if diff := cmp.Diff(c.faults, pointers(CheckSettlement(c.outcome, c.note))); diff != "" {
			t.Errorf("%s with a note of %d characters: faults (-want +got):\n%s", c.outcome, len(c.note), diff)
		}
	}
}

func TestWhoSeesAFlag(t *testing.T) {
	t.Parallel()
	owner, raiser, other := uuid.New(), uuid.New(), uuid.New()
	asset := &Asset{OwnerID: owner}
	waiting := Flag{RaisedBy: raiser, Reason: "old"}
	settled := waiting
	settled.Settled = &Settlement{Outcome: FlagFixed}
	rep := func(id uuid.UUID) Actor { return Actor{UserID: id, Roles: []Role{Rep}} }
	for _, c := range []struct {
		name          string
		actor         Actor
		flag          Flag
		seen, byWhose bool
	}{
		{"the owner, waiting", rep(owner), waiting, true, true},
		{"the owner, settled", rep(owner), settled, true, true},
		{"who raised it, waiting", rep(raiser), waiting, true, true},
		{"who raised it, settled", rep(raiser), settled, true, true},
		{"an admin, settled", Actor{UserID: other, Roles: []Role{Admin}}, settled, true, true},
		{"another rep, waiting", rep(other), waiting, true, false},
		{"another rep, settled", rep(other), settled, false, false},
	} {
		got, seen := c.flag.SeenBy(c.actor, asset)
		if seen != c.seen || (got.RaisedBy == raiser) != c.byWhose {
			t.Errorf("%s: got seen %v with the raiser %v, want seen %v, named %v", c.name, seen, got.RaisedBy, c.seen, c.byWhose)
		}
	}
}
