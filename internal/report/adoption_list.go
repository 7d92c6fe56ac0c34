package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// AdoptionList names the pieces behind a figure of the report on adoption.
type AdoptionList string

// The lists. All have the latest published first.
const (
	AllNew     AdoptionList = "new"
	NewUsed    AdoptionList = "used"
	NewWithout AdoptionList = "without"
)

// AdoptionLists are all lists.
func AdoptionLists() []AdoptionList { return []AdoptionList{AllNew, NewUsed, NewWithout} }

func (p *NewPiece) in(list AdoptionList) bool {
	return list == AllNew || (list == NewUsed) == (p.Days != nil)
}

// adoptionCursor names the report's items in cursors.
const adoptionCursor = "report-adoption"

// complete fills in the default and returns the piece behind which the page begins, nil for the first page. A report of now stays
// that of the moment the first page was asked for.
func (q *AdoptionQuery) complete() (*NewPiece, error) {
	if q.List == "" {
		q.List = AllNew
	}
	if !slices.Contains(AdoptionLists(), q.List) {
		return nil, collateral.Fault("?list", "There is no list %q of this report.", q.List)
	}
	key, err := q.After(adoptionCursor, 5)
	if key == nil || err != nil {
		return nil, err
	}
	asOf, asOfErr := strconv.ParseInt(key[0], 10, 64)
	id, idErr := uuid.Parse(key[4])
	if asOfErr != nil || idErr != nil || key[1] != string(q.List) {
		return nil, collateral.ForeignCursor()
	}
	if q.AsOf.IsZero() {
		q.AsOf = time.UnixMicro(asOf)
	}
	return &NewPiece{PublishedOn: key[2], Title: key[3], AssetID: id}, nil
}

func (q *AdoptionQuery) pageOf(all []NewPiece, after *NewPiece) (page []NewPiece, next string, listed int) {
	for _, item := range all {
		if item.in(q.List) {
			page = append(page, item)
		}
	}
	listed = len(page)
	slices.SortFunc(page, latestFirst)
	if after != nil {
		at, found := slices.BinarySearchFunc(page, *after, latestFirst)
		if found {
			at++
		}
		page = page[at:]
	}
	if q.Limit > 0 && len(page) > q.Limit {
		page = page[:q.Limit]
		last := page[q.Limit-1]
		next = collateral.Cursor(adoptionCursor, strconv.FormatInt(q.AsOf.UnixMicro(), 10), string(q.List), last.PublishedOn, last.Title, last.AssetID.String())
	}
	return page, next, listed
}

func latestFirst(a, b NewPiece) int {
	return cmp.Or(cmp.Compare(b.PublishedOn, a.PublishedOn), cmp.Compare(a.Title, b.Title), slices.Compare(a.AssetID[:], b.AssetID[:]))
}
