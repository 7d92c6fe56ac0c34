package collateral

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// What a person keeps is bounded: more than that is no selection any more, and lists are shown whole.
const (
	MaxFavourites  = 500
	MaxCollections = 100
	MaxCollected   = 500 // pieces of one collection
)

// Kept is a piece on a shelf of one's own: among the favourites, or in a collection.
type Kept struct {
	AssetID uuid.UUID
	Title   string // as it is now; of a piece that is not published any more, as it was when it was put here
	AddedAt time.Time
	Card    *Card // nil when nothing is published of the piece now
}

// Collection is a list of pieces that a person made, in an order of their own. It is for that person only.
type Collection struct {
	ID        uuid.UUID
	Name      string
	Pieces    int
	CreatedAt time.Time
	ChangedAt time.Time
}

// NormalCollectionName is how names of collections are stored.
func NormalCollectionName(name string) string { return strings.TrimSpace(name) }

// CheckCollectionName refuses a normal name that is none.
func CheckCollectionName(name string) error {
	var f Faults
	if visible(name) == "" {
		f.Add("/name", "Give the collection a name.")
	} else {
		checkLine(&f, "/name", name, 1, 100)
	}
	return f.Err("The collection cannot be saved.")
}

// CollectionTaken is the refusal of a name that another collection of the person has.
func CollectionTaken() error {
	const detail = "You have a collection of this name already. Choose another name."
	return &Error{Kind: Conflict, Message: detail, Fields: []Field{{Pointer: "/name", Detail: detail}}}
}
