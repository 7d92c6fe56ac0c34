package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// AddNotices stores unread notices, with the time now. What was told of the same day once is not told again. It returns the
// ids of those that were stored.
func (s *Store) AddNotices(ctx context.Context, notices []collateral.Notice) ([]uuid.UUID, error) {
	var added []uuid.UUID
	for _, n := range notices {
		id := s.NewID()
		isNew, err := found(s.writer(ctx).Exec(`INSERT INTO notices (id, user_id, kind, asset_id, version_id, by_user, due, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asset_id, user_id, kind, due) WHERE due <> '' DO NOTHING`,
			id, n.UserID, string(n.Kind), nullID(n.AssetID), nullID(n.VersionID), nullID(n.By), n.Due, s.Now()))
		if err != nil {
			return nil, err
		}
		if isNew {
			added = append(added, id)
		}
	}
	return added, nil
}

// noticeRow is a row of notices.
type noticeRow struct {
	ID, UserID uuid.UUID
	Kind       string
	AssetID    uuid.NullUUID
	VersionID  uuid.NullUUID
	ByUser     uuid.NullUUID
	Due        string
	At         time.Time
	ReadAt     *time.Time
}

func (noticeRow) TableName() string { return "notices" }

func (r noticeRow) notice() collateral.Notice {
	return collateral.Notice{
		ID: r.ID, UserID: r.UserID, Kind: collateral.NoticeKind(r.Kind), AssetID: r.AssetID.UUID,
		VersionID: r.VersionID.UUID, By: r.ByUser.UUID, Due: r.Due, At: r.At, ReadAt: r.ReadAt,
	}
}

// Notices returns one page of a person's notices, unread ones first and then the newest first, and the next page's cursor.
func (s *Store) Notices(ctx context.Context, user uuid.UUID, paging collateral.Paging) ([]collateral.Notice, string, error) {
	after, err := paging.After("notices", 2)
	if err != nil {
		return nil, "", err
	}
	query := s.reader(ctx).Where("user_id = ?", user).Order("read_at IS NOT NULL, id DESC").Limit(paging.Limit + 1)
	if after != nil {
		last, err := uuid.Parse(after[1])
		if err != nil {
			return nil, "", collateral.ForeignCursor()
		}
		if after[0] == noticeRead {
			query = query.Where("read_at IS NOT NULL AND id < ?", last)
		} else {
			query = query.Where("(read_at IS NOT NULL OR id < ?)", last)
		}
	}
	var rows []noticeRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	rows, next := pageOf(rows, paging.Limit, func(r noticeRow) string {
		read := ""
		if r.ReadAt != nil {
			read = noticeRead
		}
		return collateral.Cursor("notices", read, r.ID.String())
	})
	notices := make([]collateral.Notice, len(rows))
	for i, r := range rows {
		notices[i] = r.notice()
	}
	return notices, next, nil
}

// noticeRead stands in a cursor behind the unread ones.
const noticeRead = "read"

// Notice returns a notice.
func (s *Store) Notice(ctx context.Context, id uuid.UUID) (*collateral.Notice, error) {
	var rows []noticeRow
	if err := s.reader(ctx).Where("id = ?", id).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	if len(rows) == 0 {
		return nil, collateral.Errorf(collateral.NotFound, "There is no such notice. What it told of may be done.")
	}
	n := rows[0].notice()
	return &n, nil
}

// CountNotices counts a person's unread notices.
func (s *Store) CountNotices(ctx context.Context, user uuid.UUID) (int, error) {
	var n int
	err := s.reader(ctx).Raw("SELECT count(*) FROM notices WHERE user_id = ? AND read_at IS NULL", user).Scan(&n).Error
	return n, translate(err)
}

// SetNoticesRead marks a person's notices as read, or only the one with the id.
func (s *Store) SetNoticesRead(ctx context.Context, user, id uuid.UUID) error {
	return translate(s.writer(ctx).Exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND read_at IS NULL AND (? OR id = ?)",
		s.Now(), user, id == uuid.Nil, id).Error)
}

// DropWaitingNotices deletes what told approvers that the version waits.
func (s *Store) DropWaitingNotices(ctx context.Context, version uuid.UUID) error {
	return translate(s.writer(ctx).Exec("DELETE FROM notices WHERE version_id = ? AND kind = ?", version, string(collateral.NoticeWaits)).Error)
}

// ForgetNotices deletes notices that were read before the one time, or written before the other.
func (s *Store) ForgetNotices(ctx context.Context, read, written time.Time) error {
	return translate(s.writer(ctx).Exec("DELETE FROM notices WHERE read_at < ? OR at < ?", read, written).Error)
}

// PublishedDue returns the published assets whose review date is in a range of days, both included.
func (s *Store) PublishedDue(ctx context.Context, from, to string) ([]*collateral.Asset, error) {
	return s.assetsWhere(ctx, collateral.Scope{All: true}, "p.asset_id IS NOT NULL AND a.review_by >= ? AND a.review_by <= ?", []any{from, to}, "ORDER BY a.id")
}
