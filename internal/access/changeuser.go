package access

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// UserChange says what to change of an account; nil fields stay.
type UserChange struct {
	Email    *string
	Name     *string
	Team     *string
	Password *string
	Roles    *[]collateral.Role
	Active   *bool
}

// ChangeUser changes a person's account. Admins only. Roles hold from the person's next request on; deactivating ends
// sessions and API tokens, a new password ends sessions. The last active admin stays one.
func (a *Access) ChangeUser(ctx context.Context, actor collateral.Actor, id uuid.UUID, change UserChange) (collateral.User, error) {
	if err := adminOnly(actor); err != nil {
		return collateral.User{}, err
	}
	hash, err := a.hashOf(ctx, change.Password)
	if err != nil {
		return collateral.User{}, err
	}
	var after collateral.User
	err = a.store.Tx(ctx, func(tx *store.Store) error {
		var before collateral.User
		var err error
		after, err = tx.ChangeUser(ctx, id, func(u *collateral.User) error {
			before = *u
			return change.apply(u)
		})
		if err != nil {
			return err
		}
		if err := keepAnAdmin(ctx, tx, before, after); err != nil {
			return err
		}
		if hash != "" {
			if _, err := tx.SetPassword(ctx, id, "", hash); err != nil {
				return err
			}
		}
		if err := lockOut(ctx, tx, before, after, hash != ""); err != nil {
			return err
		}
		return auditChange(ctx, tx, actor, before, after, hash != "")
	})
	if err != nil {
		return collateral.User{}, err
	}
	return after, nil
}

// NewPassword gives a person a password made here, which is returned this once, and ends the person's sessions. Admins only.
func (a *Access) NewPassword(ctx context.Context, actor collateral.Actor, id uuid.UUID) (collateral.User, string, error) {
	password := rand.Text()
	user, err := a.ChangeUser(ctx, actor, id, UserChange{Password: &password})
	if err != nil {
		return collateral.User{}, "", err
	}
	return user, password, nil
}

// hashOf checks and hashes a new password; "" when there is none.
func (a *Access) hashOf(ctx context.Context, password *string) (string, error) {
	if password == nil {
		return "", nil
	}
	if err := collateral.CheckPassword("/password", *password); err != nil {
		return "", err
	}
	return a.hashing.hash(ctx, *password, a.Cost)
}

// apply changes u, if what comes out is a person that could be created.
func (c UserChange) apply(u *collateral.User) error {
	set(&u.Email, c.Email)
	set(&u.Name, c.Name)
	set(&u.Team, c.Team)
	set(&u.Roles, c.Roles)
	set(&u.Active, c.Active)
	wanted := collateral.NewUser{Email: u.Email, Name: u.Name, Team: u.Team, Roles: u.Roles}.Normal()
	u.Email, u.Name, u.Team, u.Roles = wanted.Email, wanted.Name, wanted.Team, wanted.Roles
	return wanted.Check()
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// keepAnAdmin refuses a change that leaves nobody who could undo it.
func keepAnAdmin(ctx context.Context, tx *store.Store, before, after collateral.User) error {
	if !isAdmin(before) || isAdmin(after) {
		return nil
	}
	n, err := tx.ActiveUsersWith(ctx, collateral.Admin)
	if err == nil && n == 0 {
		return collateral.Errorf(collateral.Conflict, "This is the last active admin. Make somebody else an admin first.")
	}
	return err
}

func isAdmin(u collateral.User) bool { return u.Active && slices.Contains(u.Roles, collateral.Admin) }

// lockOut ends the ways in that must not outlive the change.
func lockOut(ctx context.Context, tx *store.Store, before, after collateral.User, newPassword bool) error {
	deactivated := before.Active && !after.Active
	if deactivated || newPassword {
		if err := tx.EndSessions(ctx, after.ID, ""); err != nil {
			return err
		}
	}
	if deactivated {
		return tx.DeleteTokens(ctx, after.ID)
	}
	return nil
}

// auditChange records which fields changed, never what they hold, and each role that ended or began.
func auditChange(ctx context.Context, tx *store.Store, actor collateral.Actor, before, after collateral.User, newPassword bool) error {
	var fields []string
	for _, f := range []struct {
		name    string
		changed bool
	}{
		{"email", before.Email != after.Email},
		{"name", before.Name != after.Name},
		{"team", before.Team != after.Team},
		{"password", newPassword},
	} {
		if f.changed {
			fields = append(fields, f.name)
		}
	}
	var entries []collateral.AuditEntry
	if len(fields) > 0 {
		entries = append(entries, aboutUser(&actor, "user.changed", after.ID, strings.Join(fields, " ")))
	}
	switch {
	case before.Active && !after.Active:
		entries = append(entries, aboutUser(&actor, "user.deactivated", after.ID, ""))
	case !before.Active && after.Active:
		entries = append(entries, aboutUser(&actor, "user.activated", after.ID, ""))
	}
	for _, e := range entries {
		if err := tx.Audit(ctx, e); err != nil {
			return err
		}
	}
	return auditRoles(ctx, tx, &actor, after.ID, before.Roles, after.Roles)
}

func auditRoles(ctx context.Context, tx *store.Store, actor *collateral.Actor, user uuid.UUID, before, after []collateral.Role) error {
	for _, r := range before {
		if !slices.Contains(after, r) {
			if err := tx.Audit(ctx, aboutUser(actor, "role.ended", user, string(r))); err != nil {
				return err
			}
		}
	}
	for _, r := range after {
		if !slices.Contains(before, r) {
			if err := tx.Audit(ctx, aboutUser(actor, "role.granted", user, string(r))); err != nil {
				return err
			}
		}
	}
	return nil
}
