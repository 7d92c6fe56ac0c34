package store

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// tokenRow is a row of api_tokens.
type tokenRow struct {
	ID         uuid.UUID
	UserID     uuid.UUID
	Name       string
	TokenHash  string
	Scope      collateral.TokenScope
	Roles      string // separated by commas
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time
}

func (tokenRow) TableName() string { return "api_tokens" }

func (r tokenRow) token() collateral.Token {
	return collateral.Token{
		ID: r.ID, UserID: r.UserID, Name: r.Name, Scope: r.Scope, Roles: splitRoles(r.Roles),
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, LastUsedAt: r.LastUsedAt,
	}
}

func joinRoles(roles []collateral.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}

func splitRoles(names string) []collateral.Role {
	var roles []collateral.Role
	if names == "" {
		return roles
	}
	for name := range strings.SplitSeq(names, ",") {
		roles = append(roles, collateral.Role(name))
	}
	return roles
}

// CreateToken stores a token under the hash of its secret (lower-case hex SHA-256), if the person is still active; else
// it reports false.
func (s *Store) CreateToken(ctx context.Context, t collateral.Token, secretHash string) (bool, error) {
	insert := `INSERT INTO api_tokens (id, user_id, name, token_hash, scope, roles, created_at, expires_at)
		SELECT ?, id, ?, ?, ?, ?, ?, ? FROM users WHERE id = ? AND active`
	if s.Dialect() == Postgres {
		insert += " FOR SHARE" // as in StartSession
	}
	return found(s.writer(ctx).Exec(insert, t.ID, t.Name, secretHash, t.Scope, joinRoles(t.Roles), t.CreatedAt, t.ExpiresAt, t.UserID))
}

// Tokens returns one page of the person's tokens, expired ones too, the newest first, and the next page's cursor.
func (s *Store) Tokens(ctx context.Context, user uuid.UUID, paging collateral.Paging) ([]collateral.Token, string, error) {
	list := "tokens/" + user.String()
	after, err := paging.AfterID(list)
	if err != nil {
		return nil, "", err
	}
	query := s.reader(ctx).Where("user_id = ?", user)
	if after != uuid.Nil {
		query = query.Where("id < ?", after)
	}
	var rows []tokenRow
	// Ids are UUIDv7: their order is the order of creation.
	if err := query.Order("id DESC").Limit(paging.Limit + 1).Find(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	rows, next := pageOf(rows, paging.Limit, func(r tokenRow) string { return collateral.Cursor(list, r.ID.String()) })
	tokens := make([]collateral.Token, len(rows))
	for i, r := range rows {
		tokens[i] = r.token()
	}
	return tokens, next, nil
}

// DeleteToken removes one of the person's tokens and reports whether there was one.
func (s *Store) DeleteToken(ctx context.Context, user, id uuid.UUID) (bool, error) {
	return found(s.writer(ctx).Exec("DELETE FROM api_tokens WHERE id = ? AND user_id = ?", id, user))
}

// DeleteTokens removes all tokens of the person.
func (s *Store) DeleteTokens(ctx context.Context, user uuid.UUID) error {
	return translate(s.writer(ctx).Exec("DELETE FROM api_tokens WHERE user_id = ?", user).Error)
}

// usePrecision is how exactly a token's last use is kept. Each request but the first of a minute is a read only.
const usePrecision = time.Minute

// TokenActor returns who made the token, with those of the token's roles that the person holds now, and notes the use. An
// unknown or expired token, or one of a person who is not active, is NotFound.
func (s *Store) TokenActor(ctx context.Context, secretHash string) (collateral.Actor, error) {
	now := s.Now()
	var rows []struct {
		ID         uuid.UUID
		UserID     uuid.UUID
		Scope      collateral.TokenScope
		Roles      string
		LastUsedAt *time.Time
		Role       *string
	}
	err := s.reader(ctx).Raw(`SELECT t.id, t.user_id, t.scope, t.roles, t.last_used_at, g.role
		FROM api_tokens t JOIN users u ON u.id = t.user_id LEFT JOIN role_grants g ON g.user_id = u.id AND `+grantHolds+`
		WHERE t.token_hash = ? AND t.expires_at > ? AND u.active`, now, now, secretHash, now).Scan(&rows).Error
	if err != nil {
		return collateral.Actor{}, translate(err)
	}
	if len(rows) == 0 {
		return collateral.Actor{}, collateral.Errorf(collateral.NotFound, "There is no such token.")
	}
	actor := collateral.Actor{UserID: rows[0].UserID, TokenID: rows[0].ID, OnlyReports: rows[0].Scope == collateral.ReportUses}
	var held []collateral.Role
	for _, r := range rows {
		held = appendRole(held, r.Role)
	}
	holder := collateral.Actor{Roles: held}
	for _, r := range splitRoles(rows[0].Roles) {
		if holder.Is(r) {
			actor.Roles = append(actor.Roles, r)
		}
	}
	if last := rows[0].LastUsedAt; last == nil || now.Sub(*last) >= usePrecision {
		err = s.noteTokenUse(ctx, actor.TokenID, now)
	}
	return actor, err
}

// noteTokenUse writes only what is still due, so that of many requests in the same instant one writes.
func (s *Store) noteTokenUse(ctx context.Context, id uuid.UUID, now time.Time) error {
	return translate(s.writer(ctx).Exec("UPDATE api_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)",
		now, id, now.Add(-usePrecision)).Error)
}
