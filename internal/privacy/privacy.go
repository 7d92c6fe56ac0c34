// Package privacy holds the use cases on what is kept of people with an account: telling them all of it, and forgetting who they
// were. It does not know how a file or a page of it looks to a browser, nor what is kept of buyers, which package sharing knows.
package privacy

import (
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// JobForget is the work that takes a person out of uses, searches and viewings; the key is the person's id.
const JobForget = "forget-person"

// Privacy runs the use cases. Every field is needed but Company and Contact.
type Privacy struct {
	Store *store.Store
	Usage *usage.Usage

	Company string // who runs the registry; empty when nobody said
	Contact string // whom to ask about personal data, such as an e-mail address; empty when nobody said
	Mails   bool   // notices are mailed here
}

// about is an entry on what an actor (nil: the command line) did about a person's data.
func about(actor *collateral.Actor, action string, person uuid.UUID) collateral.AuditEntry {
	entry := collateral.AuditEntry{Action: action, SubjectKind: "user", SubjectID: person.String()}
	if actor != nil {
		entry.ActorID = actor.UserID
	}
	return entry
}
