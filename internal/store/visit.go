package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

const (
	visitorColumns = "p.id, p.link_id, p.email, p.passed_at, p.verified_at, p.code_asked_at, p.created_at"
	visitColumns   = "v.id, v.link_id, v.visitor_id, v.started_at, v.last_at, v.agent_class AS agent, v.machine, v.why, v.opened_at"
)

// AddVisitor stores a new visitor. keyHash is the SHA-256 of the key by which the visitor is known again, in lower-case hex.
func (s *Store) AddVisitor(ctx context.Context, v *collateral.Visitor, keyHash string) error {
	return translate(s.writer(ctx).Exec("INSERT INTO visitors (id, link_id, key_hash, created_at) VALUES (?, ?, ?, ?)",
		v.ID, v.LinkID, keyHash, v.CreatedAt).Error)
}

// VisitorByKey returns the link's visitor with the key, or nil.
func (s *Store) VisitorByKey(ctx context.Context, link uuid.UUID, keyHash string) (*collateral.Visitor, error) {
	return s.visitor(ctx, "SELECT "+visitorColumns+" FROM visitors p WHERE p.key_hash = ? AND p.link_id = ?", keyHash, link)
}

// Visitor returns a visitor, or nil.
func (s *Store) Visitor(ctx context.Context, id uuid.UUID) (*collateral.Visitor, error) {
	return s.visitor(ctx, "SELECT "+visitorColumns+" FROM visitors p WHERE p.id = ?", id)
}

// LockVisitor returns a visitor, or nil, and keeps others from changing it until the transaction ends. It runs inside Tx.
func (s *Store) LockVisitor(ctx context.Context, id uuid.UUID) (*collateral.Visitor, error) {
	return s.visitor(ctx, s.forUpdate("SELECT "+visitorColumns+" FROM visitors p WHERE p.id = ?"), id)
}

func (s *Store) visitor(ctx context.Context, query string, args ...any) (*collateral.Visitor, error) {
	var rows []collateral.Visitor
	if err := s.reader(ctx).Raw(query, args...).Scan(&rows).Error; err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	return &rows[0], nil
}

// PutVisitor writes what a visitor gave. A code that waits for another address than this is forgotten.
func (s *Store) PutVisitor(ctx context.Context, v *collateral.Visitor) error {
	return translate(s.writer(ctx).Exec(`UPDATE visitors SET passed_at = ?, verified_at = ?, code_asked_at = ?, email = ?,
			code_hash = CASE WHEN email = ? THEN code_hash ELSE '' END, code_at = CASE WHEN email = ? THEN code_at END
		WHERE id = ?`, v.PassedAt, v.VerifiedAt, v.CodeAskedAt, v.Email, v.Email, v.Email, v.ID).Error)
}

// Code is what is kept of a code that was mailed to a visitor.
type Code struct {
	Hash  string
	At    time.Time
	Tries int // wrong ones
}

// SetCode stores what is kept of a new code for a visitor, unless the address is another one by now or was verified. It reports whether
// it did.
func (s *Store) SetCode(ctx context.Context, visitor uuid.UUID, email string, code Code) (bool, error) {
	return found(s.writer(ctx).Exec("UPDATE visitors SET code_hash = ?, code_at = ?, code_tries = 0 WHERE id = ? AND email = ? AND verified_at IS NULL",
		code.Hash, code.At, visitor, email))
}

// Code returns what is kept of the visitor's code; nil when none waits.
func (s *Store) Code(ctx context.Context, visitor uuid.UUID) (*Code, error) {
	var rows []Code
	err := s.reader(ctx).Raw("SELECT code_hash AS hash, code_at AS at, code_tries AS tries FROM visitors WHERE id = ? AND code_hash <> ''", visitor).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	return &rows[0], nil
}

// CodeTried counts a wrong code.
func (s *Store) CodeTried(ctx context.Context, visitor uuid.UUID) error {
	return translate(s.writer(ctx).Exec("UPDATE visitors SET code_tries = code_tries + 1 WHERE id = ?", visitor).Error)
}

// ForgetCode forgets the visitor's code.
func (s *Store) ForgetCode(ctx context.Context, visitor uuid.UUID) error {
	return translate(s.writer(ctx).Exec("UPDATE visitors SET code_hash = '', code_at = NULL WHERE id = ?", visitor).Error)
}

// AddVisit stores a visit that begins.
func (s *Store) AddVisit(ctx context.Context, j *JudgedVisit) error {
	v := j.Visit
	return translate(s.writer(ctx).Exec(`INSERT INTO visits (id, link_id, visitor_id, started_at, last_at, agent_class, machine, why, rules, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ID, v.LinkID, v.VisitorID, v.StartedAt, v.LastAt, v.Agent, v.Machine, v.Why, j.Rules, j.Facts).Error)
}

// VisitSince returns the visitor's last visit if it had a request at the time or later and is not known to have ended, else nil.
func (s *Store) VisitSince(ctx context.Context, visitor uuid.UUID, since time.Time) (*collateral.Visit, error) {
	var rows []collateral.Visit
	err := s.reader(ctx).Raw("SELECT "+visitColumns+" FROM visits v WHERE v.visitor_id = ? AND v.last_at >= ? AND NOT v.ended ORDER BY v.last_at DESC, v.id DESC LIMIT 1",
		visitor, since).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	return &rows[0], nil
}

// TouchVisit notes a request of a visit. An earlier one than the last changes nothing.
func (s *Store) TouchVisit(ctx context.Context, visit uuid.UUID, at time.Time) error {
	return translate(s.writer(ctx).Exec("UPDATE visits SET last_at = ? WHERE id = ? AND last_at < ?", at, visit, at).Error)
}
