package usage

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Limits of what a client may report.
const (
	MaxEvents      = 1000                      // in one call
	MaxAge         = 400 * 24 * time.Hour      // how long ago a use may have happened: as long as uses are kept
	MaxOpportunity = collateral.MaxOpportunity // characters
	MaxDwell       = 24 * time.Hour
)

// skew is how far a client's clock may be off, or its times be rounded, before that shows.
const skew = 2 * time.Minute

// Incoming is an event as a client reports it: nothing in it is known to be right. Empty texts are absent.
type Incoming struct {
	ID          string // UUID, made by the client; the same id counts once
	Kind        string // view, download, share or present
	AssetID     string // UUID
	OccurredAt  string // RFC 3339
	SearchID    string // UUID of the search that the use came from; may be absent
	Opportunity string // may be absent
	DwellMS     *int64 // milliseconds; may be absent
	Reaction    string // positive, neutral or negative; may be absent

	Held  int    // bytes of its request that are kept in memory until it is written
	Fault string // what is wrong with how it was written, in a sentence; empty when it could be read
}

// Outcome says what became of the events of one call.
type Outcome struct {
	Accepted   int
	Duplicates int // recorded before, or named earlier in the same call
	Rejected   []Rejection
}

// Rejection says why an event was not recorded.
type Rejection struct {
	Index  int // in the call, from 0
	Reason string
}

func (o *Outcome) add(more Outcome) {
	o.Accepted += more.Accepted
	o.Duplicates += more.Duplicates
	o.Rejected = append(o.Rejected, more.Rejected...)
}

func (o *Outcome) reject(index int, reason string) {
	o.Rejected = append(o.Rejected, Rejection{Index: index, Reason: reason})
}

// read turns an incoming event into one whose person, version and qualification are still to be filled in, or says
// what is wrong with it.
func (in Incoming) read(now time.Time) (e collateral.Event, fault string) {
	if in.Fault != "" {
		return e, in.Fault
	}
	if e.ID, fault = readID("id", in.ID); fault != "" {
		return e, fault
	}
	if e.AssetID, fault = readID("asset_id", in.AssetID); fault != "" {
		return e, fault
	}
	if in.SearchID != "" {
		if e.SearchID, fault = readID("search_id", in.SearchID); fault != "" {
			return e, fault
		}
	}
	e.Kind = collateral.UseKind(in.Kind)
	if e.Kind.Step() == collateral.Unseen {
		return e, fmt.Sprintf("There is no kind of use %q. The kinds are view, download, share and present.", in.Kind)
	}
	if e.OccurredAt, fault = readOccurred(in.OccurredAt, now); fault != "" {
		return e, fault
	}
	if fault = checkOpportunity(in.Opportunity); fault != "" {
		return e, fault
	}
	e.Opportunity = strings.TrimSpace(in.Opportunity)
	if in.DwellMS != nil {
		if e.DwellMS = *in.DwellMS; e.DwellMS < 0 || e.DwellMS > MaxDwell.Milliseconds() {
			return e, "dwell_ms is a time in milliseconds, between 0 and 24 hours."
		}
	}
	e.Reaction = collateral.Reaction(in.Reaction)
	if e.Reaction != "" && !slices.Contains([]collateral.Reaction{collateral.Positive, collateral.Neutral, collateral.Negative}, e.Reaction) {
		return e, "The reaction is positive, neutral or negative."
	}
	return e, ""
}

func readID(name, s string) (uuid.UUID, string) {
	id, err := uuid.Parse(s)
	// Parse also takes braces, a urn prefix and no hyphens; the contract does not.
	if err != nil || len(s) != 36 || id == uuid.Nil {
		return uuid.Nil, name + " is not an id. Write it like 01980000-0000-7000-8000-000000000001."
	}
	return id, ""
}

func readOccurred(s string, now time.Time) (time.Time, string) {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, "occurred_at is not a time. Write it like 2026-11-22T10:00:00Z."
	}
	at = at.UTC().Truncate(time.Microsecond)
	switch {
	case at.After(now.Add(skew)):
		return at, "occurred_at is in the future."
	case at.Before(now.Add(-MaxAge)):
		return at, fmt.Sprintf("occurred_at is more than %d days ago. Uses that old are not kept.", int(MaxAge.Hours()/24))
	}
	return at, ""
}

func checkOpportunity(s string) string {
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "opportunity must be one line of text without control characters."
	case utf8.RuneCountInString(s) > MaxOpportunity:
		return fmt.Sprintf("opportunity is too long: use at most %d characters.", MaxOpportunity)
	}
	return ""
}
