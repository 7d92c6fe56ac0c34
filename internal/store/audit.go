package store

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// auditRow is a row of audit_log.
type auditRow struct {
	Seq         int64 `gorm:"primaryKey"`
	At          time.Time
	ActorID     uuid.NullUUID
	Action      string
	SubjectKind string
	SubjectID   string
	Detail      string
}

func (auditRow) TableName() string { return "audit_log" }

// Audit appends an entry, with the time now, to the log. Callers write it in the transaction of what it records.
func (s *Store) Audit(ctx context.Context, e collateral.AuditEntry) error {
	row := auditRow{
		At: s.Now(), ActorID: nullID(e.ActorID),
		Action: e.Action, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Detail: e.Detail,
	}
	return translate(s.writer(ctx).Create(&row).Error)
}

// AuditLog returns one page of the entries that the filter lets through, the newest first, and the next page's cursor.
func (s *Store) AuditLog(ctx context.Context, filter collateral.AuditFilter, paging collateral.Paging) ([]collateral.AuditEntry, string, error) {
	before, err := paging.AfterNumber("audit", math.MaxInt64)
	if err != nil {
		return nil, "", err
	}
	query := s.reader(ctx).Where("seq < ?", before).Order("seq DESC").Limit(paging.Limit + 1)
	if filter.ActorID != uuid.Nil {
		query = query.Where("actor_id = ?", filter.ActorID)
	}
	if filter.Action != "" {
		query = query.Where("action = ?", filter.Action)
	}
	if filter.SubjectKind != "" {
		query = query.Where("subject_kind = ?", filter.SubjectKind)
	}
	if filter.SubjectID != "" {
		query = query.Where("subject_id = ?", filter.SubjectID)
	}
	if !filter.From.IsZero() {
		query = query.Where("at >= ?", filter.From)
	}
	if !filter.To.IsZero() {
		query = query.Where("at < ?", filter.To)
	}
	var rows []auditRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	entries := make([]collateral.AuditEntry, len(rows))
	for i, r := range rows {
		entries[i] = collateral.AuditEntry{
			Seq: r.Seq, At: r.At, ActorID: r.ActorID.UUID, Action: r.Action,
			SubjectKind: r.SubjectKind, SubjectID: r.SubjectID, Detail: r.Detail,
		}
	}
	entries, next := pageOf(entries, paging.Limit, func(e collateral.AuditEntry) string {
		return collateral.Cursor("audit", strconv.FormatInt(e.Seq, 10))
	})
	return entries, next, nil
}
