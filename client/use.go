package client

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The kinds of use.
const (
	View     = "view"     // somebody looked at the piece
	Download = "download" // somebody took a copy
	Share    = "share"    // it was sent to a buyer
	Present  = "present"  // it was shown to a buyer
)

// The reactions of a buyer.
const (
	Positive = "positive"
	Neutral  = "neutral"
	Negative = "negative"
)

// Use is something done with a published piece by the person whose token reports it. AssetID and Kind are needed; empty
// fields are left out.
type Use struct {
	// ID is a UUID; Report makes one when it is empty. Who may report the same use twice gives its own, and it counts once.
	ID          string
	AssetID     string    // UUID of the piece
	Kind        string    // View, Download, Share or Present
	OccurredAt  time.Time // when it happened; Report takes the present when it is zero
	SearchID    string    // UUID of the search by which the piece was found
	Opportunity string    // the deal as the CRM names it; at most 200 characters
	// Dwell is how long it was looked at, to the millisecond; at most 24 hours. It is left out when it is zero.
	Dwell    time.Duration
	Reaction string // Positive, Neutral or Negative
}

// event is a use as the contract writes it.
type event struct {
	ID          string    `json:"id"`
	AssetID     string    `json:"asset_id"`
	Kind        string    `json:"kind"`
	OccurredAt  time.Time `json:"occurred_at"`
	SearchID    string    `json:"search_id,omitempty"`
	Opportunity string    `json:"opportunity,omitempty"`
	DwellMS     int64     `json:"dwell_ms,omitempty"`
	Reaction    string    `json:"reaction,omitempty"`
}

// maxEvent bounds one use as it is kept. What the server could accept is far smaller.
const maxEvent = 16 << 10

// encode writes a use as it is kept and sent. Whether the server takes it, only the server knows.
func (u Use) encode(now time.Time) ([]byte, error) {
	if u.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("making an id: %w", err)
		}
		u.ID = id.String()
	}
	if u.OccurredAt.IsZero() {
		u.OccurredAt = now
	}
	raw, err := json.Marshal(event{
		ID: u.ID, AssetID: u.AssetID, Kind: u.Kind, OccurredAt: u.OccurredAt.UTC().Truncate(time.Microsecond),
		SearchID: u.SearchID, Opportunity: u.Opportunity, DwellMS: u.Dwell.Milliseconds(), Reaction: u.Reaction,
	})
	if err != nil {
		return nil, fmt.Errorf("writing the use: %w", err)
	}
	if len(raw) > maxEvent {
		return nil, fmt.Errorf("the use takes %d bytes: no use needs more than %d", len(raw), maxEvent)
	}
	return raw, nil
}

// decode reads what encode wrote. What does not read leaves its fields empty.
func decode(raw []byte) Use {
	var e event
	_ = json.Unmarshal(raw, &e) // the queue hands out what encode wrote
	return Use{
		ID: e.ID, AssetID: e.AssetID, Kind: e.Kind, OccurredAt: e.OccurredAt, SearchID: e.SearchID,
		Opportunity: e.Opportunity, Dwell: time.Duration(e.DwellMS) * time.Millisecond, Reaction: e.Reaction,
	}
}
