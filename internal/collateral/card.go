package collateral

import (
	"time"

	"github.com/google/uuid"
)

// Card is what a list of published pieces shows of each: its name as it is now, and what Sales signed of it.
type Card struct {
	ID          uuid.UUID
	Title       string
	Summary     string
	Type        Type
	Audience    Audience
	Stages      []StageTag // the primary one first
	ReviewBy    string     // YYYY-MM-DD; past it the piece is stale; empty when not said
	VersionN    int        // of the version that is published
	PublishedAt time.Time  // since when that version is
}
