package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// A role is held from granted_at on and until just before revoked_at: intervals are half open, so that one role can end
// and another begin at the same instant without the two being held at once.

// grantHolds is the condition that grant g is held at an instant, which is given twice.
const grantHolds = "g.granted_at <= ? AND (g.revoked_at IS NULL OR g.revoked_at > ?)"

// rolesAt returns the roles that each of the people held at an instant.
func (s *Store) rolesAt(ctx context.Context, users []uuid.UUID, at time.Time) (map[uuid.UUID][]collateral.Role, error) {
	roles := make(map[uuid.UUID][]collateral.Role, len(users))
	if len(users) == 0 {
		return roles, nil
	}
	var rows []struct {
		UserID uuid.UUID
		Role   string
	}
	err := s.reader(ctx).Raw("SELECT g.user_id, g.role FROM role_grants g WHERE g.user_id IN ? AND "+grantHolds, users, at, at).Scan(&rows).Error
	for _, r := range rows {
		roles[r.UserID] = append(roles[r.UserID], collateral.Role(r.Role))
	}
	return roles, translate(err)
}

func (s *Store) grantRoles(ctx context.Context, user uuid.UUID, roles []collateral.Role, at time.Time) error {
	for _, r := range roles {
		err := s.writer(ctx).Exec("INSERT INTO role_grants (user_id, role, granted_at) VALUES (?, ?, ?)", user, string(r), at).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

// changeRoles ends the grants of roles that are not wanted and grants those that are missing, at one instant.
func (s *Store) changeRoles(ctx context.Context, user uuid.UUID, wanted []collateral.Role) error {
	var grants []struct {
		Role      string
		GrantedAt time.Time
		RevokedAt *time.Time
	}
	err := s.writer(ctx).Raw("SELECT role, granted_at, revoked_at FROM role_grants WHERE user_id = ?", user).Scan(&grants).Error
	if err != nil {
		return translate(err)
	}
	// The clock of another replica may have been ahead of this one when it wrote: nothing ends before it began, or
	// begins before the last one ended.
	at := s.Now()
	var held []collateral.Role
	for _, g := range grants {
		if g.RevokedAt == nil {
			if !slices.Contains(held, collateral.Role(g.Role)) { // a role may have been granted twice
				held = append(held, collateral.Role(g.Role))
			}
			at = later(at, g.GrantedAt.Add(time.Microsecond))
		} else {
			at = later(at, *g.RevokedAt)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(wanted), func(r collateral.Role) bool { return slices.Contains(held, r) })
	for _, r := range held {
		if slices.Contains(wanted, r) {
			continue
		}
		err := s.writer(ctx).Exec("UPDATE role_grants SET revoked_at = ? WHERE user_id = ? AND role = ? AND revoked_at IS NULL", at, user, string(r)).Error
		if err != nil {
			return translate(err)
		}
	}
	return s.grantRoles(ctx, user, missing, at)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
