package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// ExpiresDays is how many days ahead a review date is told.
const ExpiresDays = 30

// ReviewsQuery asks how sign-off and review dates stand.
type ReviewsQuery struct {
	Window int         // as in usage.UnusedQuery
	AsOf   time.Time   // as in usage.UnusedQuery
	Stages []string    // keys; a version submitted for any of them. None is all
	Types  []string    // none is all
	Owners []uuid.UUID // none is all

	List   ReviewList // which rows are listed, which no figure heeds; empty is WaitingNow
	Signer uuid.UUID  // of what waits, only what this person can sign; uuid.Nil for all

	collateral.Paging // of the items; a Limit of 0 is all of them
}

// ReviewsReport says how long sign-off takes, what waits for it, what was sent back, and what is due to be looked over.
type ReviewsReport struct {
	AsOf         time.Time
	Window       usage.Window
	Figures      ReviewFigures
	BeforeWindow usage.Window // of the same length, up to the day before the window
	Before       ReviewFigures
	Approvers    []Approver // who can sign what waits, by name
	PastReview   int        // pieces whose review date is over
	Expiring     int        // pieces whose review date is within ExpiresDays from AsOf on
	OwnerGone    int        // pieces whose owner is deactivated
	Definitions  []usage.Definition
	List         ReviewList // of the items
	Listed       int        // items on all pages
	Items        []ReviewItem
	NextCursor   string // empty on the last page
}

// Approver is somebody who can sign.
type Approver struct {
	ID      uuid.UUID
	Name    string
	Waiting int // versions that they could sign, others too
}

// Reviews makes the report. Admins and leaders see all pieces, marketers those they own or co-author; others are Forbidden. It
// tells nothing about a single approver's decisions.
func (r *Reports) Reviews(ctx context.Context, actor collateral.Actor, q ReviewsQuery) (ReviewsReport, error) {
	after, err := q.complete()
	if err != nil {
		return ReviewsReport{}, err
	}
	asked, err := r.Usage.Ask(ctx, actor, usage.UnusedQuery{Window: q.Window, AsOf: q.AsOf, Stages: q.Stages, Types: q.Types, Owners: q.Owners})
	if err != nil {
		return ReviewsReport{}, err
	}
	before := asked.Window.Before()
	var now, then reviewed
	var due []ReviewItem
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if now, err = r.reviewed(inner, asked, asked.Window, asked.AsOf); err != nil {
			return err
		}
		due, err = r.due(inner, asked, now.people)
		return err
	})
	group.Go(func() (err error) {
		then, err = r.reviewed(inner, asked, before, before.End())
		return err
	})
	if err := group.Wait(); err != nil {
		return ReviewsReport{}, err
	}
	report := ReviewsReport{
		AsOf: asked.AsOf, Window: asked.Window, Figures: now.figures(), BeforeWindow: before, Before: then.figures(),
		Approvers: now.approvers(), Definitions: reviewDefinitions(asked.Window.Days), List: q.List,
	}
	rows := slices.Concat(now.items, due)
	for _, row := range rows {
		switch {
		case row.in(PastReview):
			report.PastReview++
		case row.in(Expiring):
			report.Expiring++
		}
		if row.in(OwnerGone) {
			report.OwnerGone++
		}
	}
	q.AsOf = asked.AsOf
	report.Items, report.NextCursor, report.Listed = q.pageOf(rows, after)
	return report, nil
}

// reviewed is what was decided in a window, and what waited at its end.
type reviewed struct {
	items  []ReviewItem
	people map[uuid.UUID]store.PersonThen
}

func (r *Reports) reviewed(ctx context.Context, asked usage.Question, w usage.Window, asOf time.Time) (found reviewed, err error) {
	if found.people, err = r.people(ctx, asOf); err != nil {
		return found, err
	}
	decided, err := r.Store.DecidedVersions(ctx, asked.Person, w.Begin(), asOf)
	if err != nil {
		return found, err
	}
	for _, v := range decided {
		if asked.Covers(v.OwnerID, v.Type, v.StageID, v.OtherStages) {
			item := newReviewItem(v, asked, found.people)
			item.Took, item.First = v.DecidedAt.Sub(v.SubmittedAt), v.DecisionBefore == "" || v.DecisionBefore == collateral.Approve
			found.items = append(found.items, item)
		}
	}
	waiting, err := r.waiting(ctx, asked, asOf, found.people)
	found.items = append(found.items, waiting...)
	return found, err
}

func (r *Reports) waiting(ctx context.Context, asked usage.Question, asOf time.Time, people map[uuid.UUID]store.PersonThen) ([]ReviewItem, error) {
	versions, err := r.Store.VersionsWaitingAt(ctx, asked.Person, asOf)
	if err != nil {
		return nil, err
	}
	var items []ReviewItem
	var ids []uuid.UUID
	for _, v := range versions {
		if asked.Covers(v.OwnerID, v.Type, v.StageID, v.OtherStages) {
			item := newReviewItem(v, asked, people)
			item.Waits, item.Took = true, asOf.Sub(v.SubmittedAt)
			items, ids = append(items, item), append(ids, v.VersionID)
		}
	}
	makers, err := r.Store.MakersOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	approvers := approversAmong(people)
	for i := range items {
		for _, a := range approvers {
			if !slices.Contains(makers[items[i].VersionID], a.ID) {
				items[i].Signers = append(items[i].Signers, a)
			}
		}
	}
	return items, nil
}

// due returns what is past its review date or soon will be, and what has no owner any more.
func (r *Reports) due(ctx context.Context, asked usage.Question, people map[uuid.UUID]store.PersonThen) ([]ReviewItem, error) {
	var gone []uuid.UUID
	for id, p := range people {
		if !p.Active {
			gone = append(gone, id)
		}
	}
	soon := asked.Window.End().AddDate(0, 0, ExpiresDays).Format(time.DateOnly)
	versions, err := r.Store.VersionsDue(ctx, asked.Person, asked.AsOf, soon, gone)
	if err != nil {
		return nil, err
	}
	var items []ReviewItem
	for _, v := range versions {
		if asked.Covers(v.OwnerID, v.Type, v.StageID, v.OtherStages) {
			item := newReviewItem(v, asked, people)
			item.ReviewBy, item.OwnerGone = v.ReviewBy, !people[v.OwnerID].Active
			item.pastReview = v.ReviewBy != "" && v.ReviewBy < asked.Window.To
			item.expiring = v.ReviewBy >= asked.Window.To && v.ReviewBy <= soon
			items = append(items, item)
		}
	}
	return items, nil
}

func (r *Reports) people(ctx context.Context, at time.Time) (map[uuid.UUID]store.PersonThen, error) {
	all, err := r.Store.PeopleThen(ctx, at)
	people := make(map[uuid.UUID]store.PersonThen, len(all))
	for _, p := range all {
		people[p.ID] = p
	}
	return people, err
}

// approversAmong are those who may sign, by name.
func approversAmong(people map[uuid.UUID]store.PersonThen) []Approver {
	var approvers []Approver
	for _, p := range people {
		if p.Active && p.Approver {
			approvers = append(approvers, Approver{ID: p.ID, Name: p.Name})
		}
	}
	slices.SortFunc(approvers, func(a, b Approver) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.ID[:], b.ID[:]))
	})
	return approvers
}
