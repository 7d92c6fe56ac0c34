package usage

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// unusedList names the report's items in cursors.
const unusedList = "unused"

// ParseAsOf reads the time of a report: an RFC 3339 time, or a date, which is the end of that day in UTC.
func ParseAsOf(s string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return at, collateral.Fault("?as_of", "This is neither a date nor a time. Write it like 2026-11-22 or 2026-11-22T10:00:00Z.")
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

// firstYear keeps dates within the four digits that they are written with.
const firstYear = 1970

// complete fills in the defaults and refuses what cannot be answered. It returns the item behind which the page
// begins, nil for the first page.
func (q *UnusedQuery) complete(now time.Time) (after *Piece, err error) {
	key, err := q.After(unusedList, 5)
	if err != nil {
		return nil, err
	}
	if key != nil {
		if after, err = q.afterKey(key); err != nil {
			return nil, err
		}
	}
	var faults collateral.Faults
	if q.Window == 0 {
		q.Window = DefaultWindow
	}
	if q.Window < 1 || q.Window > MaxWindow {
		faults.Add("?window", "The window is 1 to %d days.", MaxWindow)
	}
	if q.AsOf.IsZero() {
		q.AsOf = now
	}
	q.AsOf = q.AsOf.UTC()
	if q.AsOf.After(now) {
		// Today's date means its end; the day so far is what can be told.
		if dayOf(q.AsOf) != dayOf(now) {
			faults.Add("?as_of", "This is in the future.")
		}
		q.AsOf = now
	}
	if q.AsOf.Year() < firstYear {
		faults.Add("?as_of", "This is too long ago.")
	}
	for _, t := range q.Types {
		if !slices.Contains(collateral.Types(), collateral.Type(t)) {
			faults.Add("?type", "There is no type %q.", t)
		}
	}
	for _, step := range q.Steps {
		if StepName(step) == "" {
			faults.Add("?step", "There is no step %d.", step)
		}
	}
	return after, faults.Err("This report cannot be made.")
}

// afterKey reads a cursor's key. A report of now stays that of the moment the first page was asked for.
func (q *UnusedQuery) afterKey(key []string) (*Piece, error) {
	asOf, err := strconv.ParseInt(key[0], 10, 64)
	if err != nil {
		return nil, collateral.ForeignCursor()
	}
	step, err := strconv.Atoi(key[1])
	if err != nil {
		return nil, collateral.ForeignCursor()
	}
	id, err := uuid.Parse(key[4])
	if err != nil {
		return nil, collateral.ForeignCursor()
	}
	if q.AsOf.IsZero() {
		q.AsOf = time.UnixMicro(asOf)
	}
	return &Piece{Step: collateral.Step(step), LastUseOn: key[2], Title: key[3], AssetID: id}, nil
}

func (q *UnusedQuery) cursor(last *Piece) string {
	return collateral.Cursor(unusedList, strconv.FormatInt(q.AsOf.UnixMicro(), 10), strconv.Itoa(int(last.Step)), last.LastUseOn, last.Title, last.AssetID.String())
}

// pageOf returns the sorted items behind after, at most the query's limit of them, and the cursor of the next page.
func pageOf(items []*Piece, after *Piece, q UnusedQuery) (page []Piece, next string) {
	if after != nil {
		at, found := slices.BinarySearchFunc(items, after, leastUsedFirst)
		if found {
			at++
		}
		items = items[at:]
	}
	if q.Limit > 0 && len(items) > q.Limit {
		items = items[:q.Limit]
		next = q.cursor(items[q.Limit-1])
	}
	for _, item := range items {
		page = append(page, *item)
	}
	return page, next
}

// leastUsedFirst orders pieces by step, then by the last use, never used ones first, then by title.
func leastUsedFirst(a, b *Piece) int {
	if c := cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.LastUseOn, b.LastUseOn)); c != 0 {
		return c
	}
	return byTitle(a, b)
}

func youngestLast(a, b Piece) int {
	return cmp.Or(cmp.Compare(a.EligibleOn, b.EligibleOn), byTitle(&a, &b))
}

func byTitle(a, b *Piece) int {
	return cmp.Or(cmp.Compare(a.Title, b.Title), slices.Compare(a.AssetID[:], b.AssetID[:]))
}

// windowOf is the window of that many days that ends with asOf. Its first day counts whole, so no use of the last
// days x 24 hours is left out: a piece is not called unused against a use.
func windowOf(asOf time.Time, days int) Window {
	to := dayOf(asOf)
	return Window{From: plusDays(to, -days), To: to, Days: days}
}

func dayOf(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// plusDays moves a YYYY-MM-DD day. The database holds no other texts in such columns.
func plusDays(day string, days int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(0, 0, days).Format(time.DateOnly)
}
