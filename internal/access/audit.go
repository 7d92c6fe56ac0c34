package access

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// AuditLog returns one page of the audit log, the newest entries first, and the next page's cursor. Admins only.
func (a *Access) AuditLog(ctx context.Context, actor collateral.Actor, filter collateral.AuditFilter, paging collateral.Paging) ([]collateral.AuditEntry, string, error) {
	if !actor.Is(collateral.Admin) {
		return nil, "", collateral.Errorf(collateral.Forbidden, "Only admins read the audit log.")
	}
	return a.store.AuditLog(ctx, filter, paging)
}

// aboutUser is an entry on what an actor (nil: the command line) did to a person's account.
func aboutUser(actor *collateral.Actor, action string, user uuid.UUID, detail string) collateral.AuditEntry {
	entry := collateral.AuditEntry{Action: action, SubjectKind: "user", SubjectID: user.String(), Detail: detail}
	if actor != nil {
		entry.ActorID = actor.UserID
	}
	return entry
}

func aboutToken(actor collateral.Actor, action string, token uuid.UUID) collateral.AuditEntry {
	return collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "token", SubjectID: token.String()}
}
