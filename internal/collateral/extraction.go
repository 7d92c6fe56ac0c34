package collateral

import "github.com/google/uuid"

// ExtractionState is what became of reading a version's text. It never holds up submission, sign-off or publication.
type ExtractionState string

// The states of an extraction.
const (
	ExtractionPending ExtractionState = "pending"
	ExtractionDone    ExtractionState = "done"
	ExtractionEmpty   ExtractionState = "empty"  // read, and there is no text in it
	ExtractionFailed  ExtractionState = "failed" // Reason says why
)

// Extraction says what became of reading a version's text for the search.
type Extraction struct {
	VersionID uuid.UUID
	State     ExtractionState
	Reason    string // for the owner; empty unless failed or empty
	Engine    string // what read it
	Pages     int    // pages or slides
}
