package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// JudgedVisit is a visit with what its verdict rests on.
type JudgedVisit struct {
	Visit collateral.Visit `gorm:"embedded"`
	Rules string           // version of those that gave the verdict; empty when none did
	Facts string           // JSON of whoever judges
	Pulse string           // JSON of what heartbeats said, empty before the first and after the visit
	Ended bool
}

const judgedColumns = visitColumns + ", v.rules, v.facts, v.pulse, v.ended"

// LockVisit returns a visit with what its verdict rests on, or nil, and keeps others from changing it until the transaction
// ends. It runs inside Tx.
func (s *Store) LockVisit(ctx context.Context, id uuid.UUID) (*JudgedVisit, error) {
	visits, err := s.judged(ctx, s.forUpdate("SELECT "+judgedColumns+" FROM visits v WHERE v.id = ?"), id)
	if err != nil || len(visits) == 0 {
		return nil, err
	}
	return &visits[0], nil
}

// PutJudged writes what became of a locked visit.
func (s *Store) PutJudged(ctx context.Context, v *JudgedVisit) error {
	return translate(s.writer(ctx).Exec(`UPDATE visits SET last_at = ?, machine = ?, why = ?, opened_at = ?, rules = ?, facts = ?, pulse = ?, ended = ? WHERE id = ?`,
		v.Visit.LastAt, v.Visit.Machine, v.Visit.Why, v.Visit.OpenedAt, v.Rules, v.Facts, v.Pulse, v.Ended, v.Visit.ID).Error)
}

// GoneVisits returns visits that had their last request before the time and are not known to have ended, up to a number.
func (s *Store) GoneVisits(ctx context.Context, before time.Time, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT v.id FROM visits v WHERE NOT v.ended AND v.last_at < ? ORDER BY v.last_at LIMIT ?", before, limit).Scan(&ids).Error
	return ids, translate(err)
}

// VisitsJudgedBefore returns visits that ended and were judged by other rules than those, in the order of their ids after the
// given one, up to a number. In a transaction it keeps others from changing them.
func (s *Store) VisitsJudgedBefore(ctx context.Context, rules string, after uuid.UUID, limit int) ([]JudgedVisit, error) {
	query := "SELECT " + judgedColumns + " FROM visits v WHERE v.ended AND v.rules <> ? AND v.id > ? ORDER BY v.id LIMIT ?"
	if s.inTx {
		query = s.forUpdate(query)
	}
	return s.judged(ctx, query, rules, after, limit)
}

func (s *Store) judged(ctx context.Context, query string, args ...any) ([]JudgedVisit, error) {
	var visits []JudgedVisit
	err := s.reader(ctx).Raw(query, args...).Scan(&visits).Error
	return visits, translate(err)
}

// PutVisitNote stores that visits were judged again, or that it was more of them than the note with this id says.
func (s *Store) PutVisitNote(ctx context.Context, n collateral.VisitNote) error {
	return translate(s.writer(ctx).Exec(`INSERT INTO visit_notes (id, at, rules, visits, came_in, fell_out) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET visits = excluded.visits, came_in = excluded.came_in, fell_out = excluded.fell_out`,
		n.ID, n.At, n.Rules, n.Visits, n.CameIn, n.FellOut).Error)
}

// VisitNotes returns the notes on visits that were judged again since a time, the newest first: figures that cover visits of
// before it are shown with them.
func (s *Store) VisitNotes(ctx context.Context, since time.Time) ([]collateral.VisitNote, error) {
	var notes []collateral.VisitNote
	err := s.reader(ctx).Raw("SELECT id, at, rules, visits, came_in, fell_out FROM visit_notes WHERE at >= ? ORDER BY at DESC, id DESC", since).Scan(&notes).Error
	return notes, translate(err)
}
