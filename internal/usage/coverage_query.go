package usage

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// coverageList names the report's items in cursors.
const coverageList = "coverage"

// readCursor returns the item behind which the page begins, nil for the first page. A report of now stays that of the
// moment the first page was asked for.
func (q *CoverageQuery) readCursor() (*CoveredPiece, error) {
	key, err := q.After(coverageList, 3)
	if key == nil {
		return nil, err
	}
	asOf, err := strconv.ParseInt(key[0], 10, 64)
	if err != nil {
		return nil, collateral.ForeignCursor()
	}
	id, err := uuid.Parse(key[2])
	if err != nil {
		return nil, collateral.ForeignCursor()
	}
	if q.AsOf.IsZero() {
		q.AsOf = time.UnixMicro(asOf)
	}
	return &CoveredPiece{Piece: Piece{Title: key[1], AssetID: id}}, nil
}

// pageOf returns the sorted items behind after, at most the query's limit of them, and the cursor of the next page.
func (q *CoverageQuery) pageOf(items []*CoveredPiece, after *CoveredPiece) (page []CoveredPiece, next string) {
	if after != nil {
		at, found := slices.BinarySearchFunc(items, after, byTitleOfCovered)
		if found {
			at++
		}
		items = items[at:]
	}
	if q.Limit > 0 && len(items) > q.Limit {
		items = items[:q.Limit]
		last := items[q.Limit-1]
		next = collateral.Cursor(coverageList, strconv.FormatInt(q.AsOf.UnixMicro(), 10), last.Title, last.AssetID.String())
	}
	for _, item := range items {
		page = append(page, *item)
	}
	return page, next
}

func byTitleOfCovered(a, b *CoveredPiece) int { return byTitle(&a.Piece, &b.Piece) }
