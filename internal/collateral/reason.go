package collateral

import (
	"time"

	"github.com/google/uuid"
)

// Reason is with what words somebody withdrew a piece or purged a version's bytes.
type Reason struct {
	Action    ReasonAction
	VersionID uuid.UUID // that was published until then, or whose bytes are gone
	Text      string
	By        uuid.UUID
	At        time.Time
}

// ReasonAction is what a reason is asked for.
type ReasonAction string

// The actions.
const (
	WithdrawReason ReasonAction = "withdraw"
	PurgeReason    ReasonAction = "purge"
)

// WithdrawalOf returns why a piece is not published any more, given its reasons with the latest first; nil when it is, or
// never was.
func WithdrawalOf(a *Asset, reasons []Reason) *Reason {
	if a.Publication != nil || a.LastPublished == 0 {
		return nil
	}
	for _, r := range reasons {
		if r.Action == WithdrawReason {
			return &r
		}
	}
	return nil
}
