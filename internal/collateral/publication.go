package collateral

import (
	"time"

	"github.com/google/uuid"
)

// Publication says what is published of an asset now.
type Publication struct {
	AssetID     uuid.UUID
	VersionID   uuid.UUID
	VersionN    int
	ApprovalID  uuid.UUID
	StageID     uuid.UUID // the version's primary stage
	Audience    Audience  // as signed; the asset's own is that of the next version
	PublishedAt time.Time
	PublishedBy uuid.UUID
}
