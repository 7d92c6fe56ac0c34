package collateral

import (
	"time"

	"github.com/google/uuid"
)

// AuditEntry says who did what to which thing. It holds ids, never names or free text about people, so that it can
// be kept when a person's data must go.
type AuditEntry struct {
	Seq         int64     // order of writing; given by the store
	At          time.Time // given by the store
	ActorID     uuid.UUID // uuid.Nil for the command line and for background work
	Action      string    // kind of thing, dot, what happened: "user.created", "asset.published"
	SubjectKind string    // "user", "token", "asset", ...
	SubjectID   string    // the thing's id, or its key where it has none
	Detail      string    // ids and fixed words only: a role, the names of the fields changed
}

// AuditFilter narrows the audit log. Zero fields do not narrow.
type AuditFilter struct {
	ActorID     uuid.UUID
	Action      string
	SubjectKind string
	SubjectID   string
	From        time.Time // entries at or after
	To          time.Time // entries before
}
