package registry

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// Notice tells the actor of something that happened.
type Notice struct {
	collateral.Notice
	Title   string              // of the piece; empty when it is about none
	Version *collateral.Version // nil when it is about none
	Review  *collateral.Review  // the decision it tells of; nil when it tells of none
	ByName  string              // who did it
}

// Sentence says what happened.
func (n *Notice) Sentence() string { return n.Notice.Sentence(n.Title, n.ByName) }

// Notices returns one page of the actor's notices, unread ones first and then the newest first, and the next page's cursor.
func (r *Registry) Notices(ctx context.Context, actor collateral.Actor, paging collateral.Paging) ([]Notice, string, error) {
	rows, next, err := r.Store.Notices(ctx, actor.UserID, paging)
	if err != nil {
		return nil, "", err
	}
	notices, err := r.fillNotices(ctx, rows)
	return notices, next, err
}

// Notice returns one of the actor's notices.
func (r *Registry) Notice(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*Notice, error) {
	n, err := r.Store.Notice(ctx, id)
	if err != nil {
		return nil, err
	}
	if n.UserID != actor.UserID {
		return nil, collateral.Errorf(collateral.NotFound, "There is no such notice. What it told of may be done.")
	}
	filled, err := r.fillNotices(ctx, []collateral.Notice{*n})
	if err != nil {
		return nil, err
	}
	return &filled[0], nil
}

// CountNotices counts the actor's unread notices.
func (r *Registry) CountNotices(ctx context.Context, actor collateral.Actor) (int, error) {
	return r.Store.CountNotices(ctx, actor.UserID)
}

// ReadNotice marks one of the actor's notices as read. Doing so again changes nothing.
func (r *Registry) ReadNotice(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	if _, err := r.Notice(ctx, actor, id); err != nil {
		return err
	}
	return r.Store.SetNoticesRead(ctx, actor.UserID, id)
}

// ReadNotices marks all of the actor's notices as read.
func (r *Registry) ReadNotices(ctx context.Context, actor collateral.Actor) error {
	return r.Store.SetNoticesRead(ctx, actor.UserID, uuid.Nil)
}

// fillNotices loads what notices are about. Whoever was told of a piece may know its title, whatever became of it since.
func (r *Registry) fillNotices(ctx context.Context, rows []collateral.Notice) ([]Notice, error) {
	var pieces, versions, people []uuid.UUID
	for _, n := range rows {
		people = append(people, n.By)
		if n.AssetID != uuid.Nil {
			pieces = append(pieces, n.AssetID)
		}
		if n.VersionID != uuid.Nil {
			versions = append(versions, n.VersionID)
		}
	}
	assets, err := r.Store.AssetsByID(ctx, collateral.Scope{All: true}, pieces)
	if err != nil {
		return nil, err
	}
	titles := make(map[uuid.UUID]string, len(assets))
	for _, a := range assets {
		titles[a.ID] = a.Title
	}
	about, err := r.Store.VersionsByID(ctx, versions)
	if err != nil {
		return nil, err
	}
	reviews, err := r.Store.ReviewsOf(ctx, versions)
	if err != nil {
		return nil, err
	}
	users, err := r.Store.UsersByID(ctx, people)
	if err != nil {
		return nil, err
	}
	notices := make([]Notice, len(rows))
	for i, n := range rows {
		notices[i] = Notice{Notice: n, Title: titles[n.AssetID], Version: about[n.VersionID], ByName: users[n.By].Name}
		switch n.Kind {
		case collateral.NoticeChangesRequested, collateral.NoticeRejected, collateral.NoticeSigned:
			notices[i].Review = reviews[n.VersionID]
		}
	}
	return notices, nil
}

// noticeDays is how long a notice that was read is kept.
const noticeDays = 90

// ForgetNotices deletes what was read long ago, and what nobody read for as long as uses are kept.
func (r *Registry) ForgetNotices(ctx context.Context) error {
	now := r.Store.Now()
	return r.Store.ForgetNotices(ctx, now.AddDate(0, 0, -noticeDays), now.Add(-usage.MaxAge))
}

// lateDays is for how long after its review date an owner is told, should no server have run on the day.
const lateDays = 7

// TellReviewDates tells owners of published pieces that the review date is near, and that it has come, once each.
func (r *Registry) TellReviewDates(ctx context.Context) error {
	today := r.Store.Now()
	day := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }
	for _, about := range []struct {
		kind     collateral.NoticeKind
		from, to string
	}{
		{collateral.NoticeReviewSoon, day(1), day(collateral.SoonDays)},
		{collateral.NoticeReviewDue, day(-lateDays), day(0)},
	} {
		assets, err := r.Store.PublishedDue(ctx, about.from, about.to)
		if err != nil {
			return err
		}
		if len(assets) == 0 {
			continue
		}
		err = r.Store.Tx(ctx, func(tx *store.Store) error {
			var notices []collateral.Notice
			for _, a := range assets {
				notices = append(notices, collateral.Notice{UserID: a.OwnerID, Kind: about.kind, AssetID: a.ID, Due: a.ReviewBy})
			}
			return r.tell(ctx, tx, notices...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
