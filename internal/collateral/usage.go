package collateral

import (
	"time"

	"github.com/google/uuid"
)

// UseKind is how a piece was used.
type UseKind string

// The kinds of use.
const (
	View     UseKind = "view"     // opened
	Download UseKind = "download" // taken
	Share    UseKind = "share"    // given to a buyer
	Present  UseKind = "present"  // shown in a call or meeting
)

// Reaction is how the buyer took it, as the rep saw it.
type Reaction string

// The reactions.
const (
	Positive Reaction = "positive"
	Neutral  Reaction = "neutral"
	Negative Reaction = "negative"
)

// Event is one use of a published piece.
type Event struct {
	ID          uuid.UUID // made by the client; the same id counts once
	Kind        UseKind
	AssetID     uuid.UUID
	VersionID   uuid.UUID // published when it occurred; filled by the registry
	UserID      uuid.UUID
	OccurredAt  time.Time
	RecordedAt  time.Time
	SearchID    uuid.UUID // the search it came from, or uuid.Nil
	Opportunity string    // the deal, as the company's CRM names it; may be empty
	DwellMS     int64     // how long it was looked at, in milliseconds; 0 when not known
	Reaction    Reaction  // may be empty
	Qualifies   bool      // by a rep who neither contributed to nor signed any version; fixed when recorded
}

// Step is how far the field went with a piece: the ladder of use.
type Step int

// The steps of the ladder.
const (
	Unseen    Step = iota // 0: shown in no result
	Found                 // 1: shown in a result page
	Opened                // 2
	Taken                 // 3: downloaded
	FieldUsed             // 4: shared or presented
	Engaged               // 5: a buyer gave it attention
)

// Steps returns every step, lowest first.
func Steps() []Step { return []Step{Unseen, Found, Opened, Taken, FieldUsed, Engaged} }

// Unused, strict and lenient: a piece below the step counts as unused.
const (
	StrictStep  = FieldUsed
	LenientStep = Opened
)

// Step returns the step that a use of this kind reaches.
func (k UseKind) Step() Step {
	switch k {
	case View:
		return Opened
	case Download:
		return Taken
	case Share, Present:
		return FieldUsed
	}
	return Unseen
}
