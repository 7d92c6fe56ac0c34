package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// ReviewList names the rows behind a figure of the report.
type ReviewList string

// The lists. Decisions are those of the window, those that took longest first; the others stand as of the report: what waits
// longest first, then by review date, then by title.
const (
	WaitingNow       ReviewList = "waiting"
	Unsignable       ReviewList = "unsignable"
	Decided          ReviewList = "decided"
	Signed           ReviewList = "signed"
	FirstDecided     ReviewList = "first_decided"
	FirstSigned      ReviewList = "first_signed"
	SentBack         ReviewList = "sent_back"
	ChangesRequested ReviewList = "changes_requested"
	Rejected         ReviewList = "rejected"
	PastReview       ReviewList = "past_review"
	Expiring         ReviewList = "expiring"
	OwnerGone        ReviewList = "owner_gone"
)

// ReviewLists are all lists.
func ReviewLists() []ReviewList {
	return []ReviewList{WaitingNow, Unsignable, Decided, Signed, FirstDecided, FirstSigned, SentBack, ChangesRequested, Rejected, PastReview, Expiring, OwnerGone}
}

// ReviewItem is a version behind a figure. Of a published one SubmittedAt is zero.
type ReviewItem struct {
	AssetID   uuid.UUID
	VersionID uuid.UUID
	N         int
	Title     string
	Type      collateral.Type
	Stage     string // key of the primary stage
	StageName string
	OwnerID   uuid.UUID
	OwnerName string
	Published bool // something of the piece is published now, so that every reader of the report can open it

	SubmittedAt time.Time
	Took        time.Duration // from there to the decision, or to the time of the report
	Waits       bool
	Signers     []Approver          // of what waits, by name, without counts
	Decision    collateral.Decision // empty when not decided
	DecidedAt   time.Time
	Comment     string // of the decision
	First       bool   // the first decision on what was handed in

	ReviewBy  string // YYYY-MM-DD; of what is published, where it is said
	OwnerGone bool

	pastReview, expiring bool
}

func newReviewItem(v store.ReviewedVersion, asked usage.Question, people map[uuid.UUID]store.PersonThen) ReviewItem {
	primary := asked.Stage(v.StageID)
	return ReviewItem{
		AssetID: v.AssetID, VersionID: v.VersionID, N: v.N, Title: v.Title, Type: v.Type, Stage: primary.Key, StageName: primary.Name,
		OwnerID: v.OwnerID, OwnerName: people[v.OwnerID].Name, Published: v.Published,
		SubmittedAt: v.SubmittedAt, Decision: v.Decision, DecidedAt: v.DecidedAt, Comment: v.Comment,
	}
}

// in reports whether the item stands in a list.
func (i *ReviewItem) in(list ReviewList) bool {
	switch list {
	case WaitingNow:
		return i.Waits
	case Unsignable:
		return i.Waits && len(i.Signers) == 0
	case Decided:
		return i.Decision != ""
	case Signed:
		return i.Decision == collateral.Approve
	case FirstDecided:
		return i.First
	case FirstSigned:
		return i.First && i.Decision == collateral.Approve
	case SentBack:
		return i.Decision == collateral.RequestChanges || i.Decision == collateral.Reject
	case ChangesRequested:
		return i.Decision == collateral.RequestChanges
	case Rejected:
		return i.Decision == collateral.Reject
	case PastReview:
		return i.pastReview
	case Expiring:
		return i.expiring
	case OwnerGone:
		return i.OwnerGone
	}
	return false
}

// rank puts the items of one list in order.
func (i *ReviewItem) rank(list ReviewList) int64 {
	switch list {
	case WaitingNow, Unsignable:
		return i.SubmittedAt.UnixMicro()
	case PastReview, Expiring:
		day, err := strconv.ParseInt(strings.ReplaceAll(i.ReviewBy, "-", ""), 10, 64) // the database holds no other texts there
		if err != nil {
			return 0
		}
		return day
	case OwnerGone:
		return 0
	default:
		return -i.Took.Microseconds()
	}
}

// reviewsCursor names the report's items in cursors.
const reviewsCursor = "report-reviews"

// reviewPlace is where an item stands in its list.
type reviewPlace struct {
	rank    int64
	title   string
	version uuid.UUID
}

func (p reviewPlace) compare(other reviewPlace) int {
	return cmp.Or(cmp.Compare(p.rank, other.rank), cmp.Compare(p.title, other.title), slices.Compare(p.version[:], other.version[:]))
}

func (i *ReviewItem) place(list ReviewList) reviewPlace {
	return reviewPlace{i.rank(list), i.Title, i.VersionID}
}

// complete fills in the default and returns the place behind which the page begins, nil for the first page. A report of now stays
// that of the moment the first page was asked for.
func (q *ReviewsQuery) complete() (*reviewPlace, error) {
	if q.List == "" {
		q.List = WaitingNow
	}
	if !slices.Contains(ReviewLists(), q.List) {
		return nil, collateral.Fault("?list", "There is no list %q of this report.", q.List)
	}
	key, err := q.After(reviewsCursor, 5)
	if key == nil || err != nil {
		return nil, err
	}
	asOf, asOfErr := strconv.ParseInt(key[0], 10, 64)
	rank, rankErr := strconv.ParseInt(key[2], 10, 64)
	version, versionErr := uuid.Parse(key[4])
	if asOfErr != nil || rankErr != nil || versionErr != nil || key[1] != string(q.List) {
		return nil, collateral.ForeignCursor()
	}
	if q.AsOf.IsZero() {
		q.AsOf = time.UnixMicro(asOf)
	}
	return &reviewPlace{rank, key[3], version}, nil
}

// pageOf returns the items of the query's list behind after, at most its limit of them, the cursor of the next page, and how many
// the list has.
func (q *ReviewsQuery) pageOf(all []ReviewItem, after *reviewPlace) (page []ReviewItem, next string, listed int) {
	for _, item := range all {
		signs := func(a Approver) bool { return a.ID == q.Signer }
		if item.in(q.List) && (q.Signer == uuid.Nil || !item.Waits || slices.ContainsFunc(item.Signers, signs)) {
			page = append(page, item)
		}
	}
	listed = len(page)
	slices.SortFunc(page, func(a, b ReviewItem) int { return a.place(q.List).compare(b.place(q.List)) })
	if after != nil {
		at, found := slices.BinarySearchFunc(page, *after, func(i ReviewItem, p reviewPlace) int { return i.place(q.List).compare(p) })
		if found {
			at++
		}
		page = page[at:]
	}
	if q.Limit > 0 && len(page) > q.Limit {
		page = page[:q.Limit]
		last := page[q.Limit-1].place(q.List)
		next = collateral.Cursor(reviewsCursor, strconv.FormatInt(q.AsOf.UnixMicro(), 10), string(q.List), strconv.FormatInt(last.rank, 10), last.title, last.version.String())
	}
	return page, next, listed
}
