package collateral

import (
	"time"

	"github.com/google/uuid"
)

// VisitPause ends a visit: who comes back after a longer one begins another visit.
const VisitPause = 30 * time.Minute

// Limits of the code that verifies an e-mail address.
const (
	CodeLife  = 15 * time.Minute
	CodeTries = 5
)

// Visitor is somebody who came by a link, known by a cookie. Visitors have no account.
type Visitor struct {
	ID          uuid.UUID
	LinkID      uuid.UUID
	Email       string     // normal; empty until it was given
	PassedAt    *time.Time // since when the passcode holds that was given; nil when none was
	VerifiedAt  *time.Time // when the code was given that was mailed to the address
	CodeAskedAt *time.Time // when a code was last asked for
	CreatedAt   time.Time
}

// Visit is a visitor's time on a link's page, from the first request to VisitPause after the last.
type Visit struct {
	ID        uuid.UUID
	LinkID    uuid.UUID
	VisitorID uuid.UUID
	StartedAt time.Time
	LastAt    time.Time
	Agent     string     // what sort of program came; may be empty
	Machine   bool       // taken for a scanner, a preview or the like
	Why       string     // why it is taken for one, or why not
	OpenedAt  *time.Time // when it was confirmed that somebody looks; nil before
}

// Counted reports whether the visit is a person's: confirmed, and not taken for a machine's. Visits that are not counted are
// kept as they are, among the raw ones.
func (v *Visit) Counted() bool { return v.OpenedAt != nil && !v.Machine }

// Ask is what a link wants of a visitor next.
type Ask string

// What a link can ask for, in the order in which it does.
const (
	AskPasscode Ask = "passcode"
	AskEmail    Ask = "email" // the e-mail address
	AskCode     Ask = "code"  // the code that was mailed there
	AskOpen     Ask = "open"  // a click, which takes one of the times that the link can be opened
	AskNothing  Ask = "nothing"
)

// Refuses returns a Gone error when the link lets nobody in at now any more; nil when it does. A visit that was confirmed
// goes on when the link is used up.
func (l *Link) Refuses(visit *Visit, now time.Time) error {
	switch l.State(now) {
	case LinkRevoked:
		return Errorf(Gone, "This link was withdrawn. Ask the person who sent it to you for a new one.")
	case LinkExpired:
		return Errorf(Gone, "This link has ended. Ask the person who sent it to you for a new one.")
	case LinkUsedUp:
		if visit == nil || visit.OpenedAt == nil {
			return LinkIsUsedUp()
		}
	case LinkLive:
	}
	return nil
}

// LinkIsUsedUp is the refusal of a link that was opened as often as it may be.
func LinkIsUsedUp() error {
	return Errorf(Gone, "This link was opened as often as it can be. Ask the person who sent it to you for a new one.")
}

// Asks returns what the link wants of a visitor before it shows its pieces. What the visitor gave under earlier terms counts
// only as far as it does under those of today: after another passcode the new one is asked for, and an address that is no
// longer let in is asked for again.
//
// A link that can be opened a number of times asks for a click, so that programs that follow links do not use it up, and
// nobody sees its pieces without being counted.
func (l *Link) Asks(v *Visitor, visit *Visit) Ask {
	if l.PasscodeAt != nil && (v.PassedAt == nil || v.PassedAt.Before(*l.PasscodeAt)) {
		return AskPasscode
	}
	if l.EmailGate != GateNone && (v.Email == "" || !l.Admits(v.Email)) {
		return AskEmail
	}
	if l.EmailGate == GateVerified && v.VerifiedAt == nil {
		if v.CodeAskedAt == nil { // the address was given when that was enough
			return AskEmail
		}
		return AskCode
	}
	if l.MaxOpens > 0 && visit.OpenedAt == nil {
		return AskOpen
	}
	return AskNothing
}
