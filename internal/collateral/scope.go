package collateral

import "github.com/google/uuid"

// Scope is what one person may see. It is an argument of every read, so that a narrower visibility (by team, say)
// has one place. Published pieces are visible to all; a person's own ones in any state.
type Scope struct {
	UserID      uuid.UUID
	UnderReview bool // also what waits for Sales, or was decided by Sales: approvers
	All         bool // everything in any state: admins
}

// ScopeOf returns what the actor may see.
func ScopeOf(a Actor) Scope {
	return Scope{UserID: a.UserID, UnderReview: a.Is(Approver), All: a.Is(Admin)}
}
