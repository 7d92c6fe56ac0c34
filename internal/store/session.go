package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Session is a row of sessions. The token itself is with the person alone.
type Session struct {
	TokenHash string // lower-case hex SHA-256
	UserID    uuid.UUID
	CreatedAt time.Time
	ExpiresAt time.Time
}

// StartSession stores a session, if the person is still active and the password hash still is the one that was checked;
// else it reports false. The person's expired sessions go.
func (s *Store) StartSession(ctx context.Context, session Session, passwordHash string) (bool, error) {
	insert := `INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
		SELECT ?, id, ?, ? FROM users WHERE id = ? AND active AND password_hash = ?`
	if s.Dialect() == Postgres {
		// A deactivation or new password in another transaction either waits, then ends this session too, or is seen here.
		insert += " FOR SHARE"
	}
	started, err := found(s.writer(ctx).Exec(insert, session.TokenHash, session.CreatedAt, session.ExpiresAt, session.UserID, passwordHash))
	if err != nil || !started {
		return false, err
	}
	err = s.writer(ctx).Exec("DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?", session.UserID, session.CreatedAt).Error
	return true, translate(err)
}

// EndSession removes a session and returns whose it was; uuid.Nil when there was none.
func (s *Store) EndSession(ctx context.Context, tokenHash string) (uuid.UUID, error) {
	var users []uuid.UUID
	err := s.writer(ctx).Raw("DELETE FROM sessions WHERE token_hash = ? RETURNING user_id", tokenHash).Scan(&users).Error
	if err != nil || len(users) == 0 {
		return uuid.Nil, translate(err)
	}
	return users[0], nil
}

// EndSessions removes the person's sessions, but for the one with the hash keep (empty to keep none).
func (s *Store) EndSessions(ctx context.Context, user uuid.UUID, keep string) error {
	return translate(s.writer(ctx).Exec("DELETE FROM sessions WHERE user_id = ? AND token_hash <> ?", user, keep).Error)
}

// SessionActor returns who holds the session, with the roles held now. An unknown or expired session, or one of a person
// who is not active, is NotFound.
func (s *Store) SessionActor(ctx context.Context, tokenHash string) (collateral.Actor, error) {
	actor, err := s.sessionActor(ctx, tokenHash)
	if err != nil {
		return collateral.Actor{}, translate(err)
	}
	if actor.UserID == uuid.Nil {
		return collateral.Actor{}, collateral.Errorf(collateral.NotFound, "There is no such session.")
	}
	actor.Roles = collateral.NormalRoles(actor.Roles)
	return actor, nil
}

// sessionActor is without a person when there is no such session. Every request waits for it, so its rows are taken as
// they come.
func (s *Store) sessionActor(ctx context.Context, tokenHash string) (actor collateral.Actor, err error) {
	now := s.Now()
	rows, err := s.reader(ctx).Raw(`SELECT s.user_id, g.role
		FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN role_grants g ON g.user_id = u.id AND `+grantHolds+`
		WHERE s.token_hash = ? AND s.expires_at > ? AND u.active`, now, now, tokenHash, now).Rows()
	if err != nil {
		return collateral.Actor{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var role *string
		if err := rows.Scan(&actor.UserID, &role); err != nil {
			return collateral.Actor{}, err
		}
		actor.Roles = appendRole(actor.Roles, role)
	}
	return actor, rows.Err()
}

// appendRole appends the role of an outer join, which is null for a person without any.
func appendRole(roles []collateral.Role, role *string) []collateral.Role {
	if role == nil {
		return roles
	}
	return append(roles, collateral.Role(*role))
}
