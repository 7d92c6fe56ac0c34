package collateral

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Batch is a library that is brought in together: the rows of a CSV, which become pieces one by one as their files arrive.
type Batch struct {
	ID        uuid.UUID
	Name      string // unique among the maker's batches
	MadeBy    uuid.UUID
	CreatedAt time.Time
	Counts    map[ItemState]int // how many of its rows stand where
}

// Rows is how many rows the batch has.
func (b *Batch) Rows() int {
	n := 0
	for _, count := range b.Counts {
		n += count
	}
	return n
}

// CheckBatchName refuses what is no name of a batch.
func CheckBatchName(pointer, name string) error {
	var f Faults
	checkLine(&f, pointer, name, 1, 500)
	return f.Err("The batch cannot be saved under this name.")
}

// ItemState is where a row of a batch stands.
type ItemState string

// The states of a row. Beyond these a row is in the state of its piece; "draft" is one that could be submitted.
const (
	ItemAwaiting   ItemState = "awaiting_file" // there is no piece yet
	ItemIncomplete ItemState = "incomplete"    // a draft that lacks something to be submitted
	ItemDraft      ItemState = "draft"
	ItemDeleted    ItemState = "deleted" // its owner deleted the piece
)

// ItemStates returns every state of a row, in the order in which a row goes through them.
func ItemStates() []ItemState {
	states := []ItemState{ItemAwaiting, ItemIncomplete}
	for _, s := range States() {
		states = append(states, ItemState(s))
	}
	return append(states, ItemDeleted)
}

// ItemStateOf is the state of a row whose piece this is.
func ItemStateOf(a *Asset) ItemState {
	if a.State() == AssetDraft && KindOf(CanSubmit(a)) == Gate {
		return ItemIncomplete
	}
	return ItemState(a.State())
}

// BatchItem is one row of a batch.
type BatchItem struct {
	BatchID    uuid.UUID
	N          int // 1, 2, ... within the batch
	Line       int // in the CSV that named it last
	Source     string
	IsLink     bool
	Cells      string // the row, until its piece is made; see EncodeImportRow
	Digest     string // of the row as it was first read, or last changed before its piece was made
	AssetID    uuid.UUID
	VersionID  uuid.UUID
	ImportedAt *time.Time // nil while it awaits its file
	State      ItemState
	Asset      *Asset // nil without a piece, and when it is not for the reader to see
}

// NewBatchItem is a row that awaits its file.
func NewBatchItem(batch uuid.UUID, n, line int, row ImportRow) BatchItem {
	cells := row.encode()
	sum := sha256.Sum256([]byte(cells))
	return BatchItem{BatchID: batch, N: n, Line: line, Source: row.Source(), IsLink: row.IsLink(), Cells: cells,
		Digest: hex.EncodeToString(sum[:]), State: ItemAwaiting}
}

// Row returns the row that awaits its file.
func (i *BatchItem) Row() (ImportRow, error) {
	var cells map[string]string
	if err := json.Unmarshal([]byte(i.Cells), &cells); err != nil {
		return ImportRow{}, fmt.Errorf("reading row %d of batch %s: %w", i.N, i.BatchID, err)
	}
	row, faults := ParseImportRow(cells)
	return row, faults.Err("This row cannot be imported.")
}

// encode writes the row the same way each time.
func (r ImportRow) encode() string {
	cells := r.Cells()
	for column, text := range cells {
		if text == "" {
			delete(cells, column)
		}
	}
	text, err := json.Marshal(cells)
	if err != nil {
		panic(fmt.Sprintf("writing strings as JSON: %v", err)) // cannot fail
	}
	return string(text)
}

// CanImportFor refuses whom a person may not bring pieces in for: a marketer brings in their own, an admin anybody's.
func CanImportFor(actor Actor, owner User) error {
	switch {
	case !actor.Is(Admin) && owner.ID != actor.UserID:
		return Fault("/owner", "You bring in pieces of your own only. Leave the owner out, or ask an admin to import it.")
	case !owner.Active:
		return Fault("/owner", "The account of %s is not active, so it cannot own a piece. Name somebody else.", owner.Email)
	case !slices.ContainsFunc(owner.Roles, Role.owns):
		return Fault("/owner", "%s is neither marketer nor rep, and pieces belong to one of these. Name somebody else.", owner.Email)
	}
	return nil
}

// owns reports whether people with the role register pieces.
func (r Role) owns() bool { return r == Marketer || r == Rep }

// CanImport refuses everybody but those who bring libraries in.
func CanImport(actor Actor) error {
	if actor.Is(Marketer, Admin) {
		return nil
	}
	return Errorf(Forbidden, "Only marketers and admins bring a library in.")
}

// CanSubmitItem refuses to submit the piece of a batch's row for somebody who neither owns it nor works on it, but for an
// admin, as long as the piece is as it was brought in.
func CanSubmitItem(actor Actor, i *BatchItem, a *Asset) error {
	switch {
	case a.IsContributor(actor.UserID):
		return nil
	case !actor.Is(Admin):
		return Errorf(Forbidden, "The piece was handed over. Its owner submits it.")
	case a.Newest == nil || a.Newest.ID != i.VersionID:
		return Errorf(Conflict, "Its owner uploaded a newer version, and submits it when it is ready.")
	}
	return nil
}
