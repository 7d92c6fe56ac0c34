package access

import (
	"context"
	"crypto/rand"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Users returns one page of everybody with an account, in the order of e-mail addresses, and the next page's cursor.
// Admins only.
func (a *Access) Users(ctx context.Context, actor collateral.Actor, paging collateral.Paging) ([]collateral.User, string, error) {
	if err := adminOnly(actor); err != nil {
		return nil, "", err
	}
	return a.store.Users(ctx, paging)
}

// User returns one person.
func (a *Access) User(ctx context.Context, id uuid.UUID) (collateral.User, error) {
	return a.store.User(ctx, id)
}

// UsersByID returns those of the people who exist, by id.
func (a *Access) UsersByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]collateral.User, error) {
	return a.store.UsersByID(ctx, ids)
}

// HasUsers reports whether anybody has an account.
func (a *Access) HasUsers(ctx context.Context) (bool, error) { return a.store.HasUsers(ctx) }

// CreateUser gives a person an account and returns it with the password to begin with: the given one, or without one a
// password made here. actor is nil for the command line, which may make the first admin; else an admin.
func (a *Access) CreateUser(ctx context.Context, actor *collateral.Actor, wanted collateral.NewUser, password string) (collateral.User, string, error) {
	if actor != nil {
		if err := adminOnly(*actor); err != nil {
			return collateral.User{}, "", err
		}
	}
	wanted = wanted.Normal()
	if err := wanted.Check(); err != nil {
		return collateral.User{}, "", err
	}
	if password == "" {
		password = rand.Text()
	}
	if err := collateral.CheckPassword("/password", password); err != nil {
		return collateral.User{}, "", err
	}
	hash, err := a.hashing.hash(ctx, password, a.Cost)
	if err != nil {
		return collateral.User{}, "", err
	}
	user := collateral.User{
		ID: a.store.NewID(), Email: wanted.Email, Name: wanted.Name, Team: wanted.Team, Roles: wanted.Roles,
		Active: !wanted.Inactive, CreatedAt: a.store.Now(),
	}
	err = a.store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.CreateUser(ctx, user, hash); err != nil {
			return err
		}
		if err := tx.Audit(ctx, aboutUser(actor, "user.created", user.ID, "")); err != nil {
			return err
		}
		return auditRoles(ctx, tx, actor, user.ID, nil, user.Roles)
	})
	if err != nil {
		return collateral.User{}, "", err
	}
	return user, password, nil
}
