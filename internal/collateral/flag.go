package collateral

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// Flag is somebody's word that a published piece is outdated or wrong. It waits until one of the piece's makers settles it.
type Flag struct {
	ID       uuid.UUID
	AssetID  uuid.UUID
	VersionN int       // that was published when it was raised
	RaisedBy uuid.UUID // uuid.Nil for a reader whom that does not concern
	RaisedAt time.Time
	Reason   string
	Settled  *Settlement // nil while it waits
}

// Settlement is what a maker answered to a Flag.
type Settlement struct {
	At      time.Time
	By      uuid.UUID
	Outcome FlagOutcome
	Note    string
}

// FlagOutcome is what became of a flagged piece.
type FlagOutcome string

// The outcomes.
const (
	FlagFixed FlagOutcome = "fixed" // it was as flagged, and was put right
	FlagKept  FlagOutcome = "kept"  // it is right as it is
)

// MaxFlagReason and MaxFlagNote bound the texts of a flag in characters.
const (
	MaxFlagReason = 1000
	MaxFlagNote   = 1000
)

// NormalFlagText is how the reason of a flag and the note of its settlement are stored.
func NormalFlagText(s string) string { return strings.TrimSpace(s) }

// CheckFlag refuses a normal reason that says nothing.
func CheckFlag(reason string) error {
	var f Faults
	if visible(reason) == "" {
		f.Add("/reason", "Say what is outdated or wrong, so that the owner can mend it.")
	} else {
		checkText(&f, "/reason", reason, 1, MaxFlagReason)
	}
	return f.Err("The piece cannot be flagged like this.")
}

// CheckSettlement refuses an unknown outcome, and a piece that is kept as it is without a word why.
func CheckSettlement(outcome FlagOutcome, note string) error {
	var f Faults
	if outcome != FlagFixed && outcome != FlagKept {
		f.Add("/outcome", "The outcome is fixed or kept.")
	}
	if outcome == FlagKept && visible(note) == "" {
		f.Add("/note", "Say why the piece stays as it is: whoever flagged it reads this.")
	}
	checkText(&f, "/note", note, 0, MaxFlagNote)
	return f.Err("The flag cannot be settled like this.")
}

// SeenBy returns the flag as the actor may see it, and whether at all. What waits is for everybody who may use the piece; who
// raised it, and what was settled, concerns its makers, admins and whoever raised it.
func (f Flag) SeenBy(actor Actor, a *Asset) (Flag, bool) {
	if a.IsContributor(actor.UserID) || actor.Is(Admin) || f.RaisedBy == actor.UserID {
		return f, true
	}
	f.RaisedBy = uuid.Nil
	return f, f.Settled == nil
}
