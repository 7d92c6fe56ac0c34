package collateral

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Asset is a piece of collateral: stable, while its versions come and go.
type Asset struct {
	ID uuid.UUID
	Details
	OwnerID          uuid.UUID
	Coauthors        []uuid.UUID
	FirstPublishedOn string // YYYY-MM-DD; the original date of an imported piece; empty until published
	Revision         int64  // counts changes; the ETag
	CreatedAt        time.Time
	UpdatedAt        time.Time
	SubmittedAt      *time.Time // first submission of any version; such an asset is never deleted

	Standing
}

// IsContributor reports whether the person owns the asset or is named a co-author of it.
func (a *Asset) IsContributor(user uuid.UUID) bool {
	return a.OwnerID == user || slices.Contains(a.Coauthors, user)
}
