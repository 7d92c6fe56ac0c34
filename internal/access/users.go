package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Users returns one page of the people with an account whom the filter lets through, in the order of e-mail addresses, and
// the next page's cursor. Admins only.
func (a *Access) Users(ctx context.Context, actor collateral.Actor, filter collateral.UserFilter, paging collateral.Paging) ([]collateral.User, string, error) {
	if err := adminOnly(actor); err != nil {
		return nil, "", err
	}
	return a.store.Users(ctx, filter, paging)
}

// User returns one person.
func (a *Access) User(ctx context.Context, id uuid.UUID) (collateral.User, error) {
	return a.store.User(ctx, id)
}

// UsersByID returns those of the people who exist, by id.
func (a *Access) UsersByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]collateral.User, error) {
	return a.store.UsersByID(ctx, ids)
}

// UserByEmail returns the person with the address; NotFound when nobody has it.
func (a *Access) UserByEmail(ctx context.Context, email string) (collateral.User, error) {
	email = collateral.NormalEmail(email)
	found, err := a.store.UsersByEmail(ctx, []string{email})
	if err != nil {
		return collateral.User{}, err
	}
	user, ok := found[email]
	if !ok {
		return collateral.User{}, collateral.Errorf(collateral.NotFound, "Nobody has the e-mail address %q.", email)
	}
	return user, nil
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
	user, err := a.create(ctx, actor, wanted, password, func(*store.Store) error { return nil })
	return user, password, err
}

// CreateFirstAdmin makes the first account, with the password to begin with. Once anybody has an account it is a Conflict,
// also for the later of two at the same moment. Whoever calls has made sure that the one who asks may become the admin.
func (a *Access) CreateFirstAdmin(ctx context.Context, name, email, password string) (collateral.User, error) {
	wanted := collateral.NewUser{Email: email, Name: name, Roles: []collateral.Role{collateral.Admin}}.Normal()
	err := wanted.Check()
	if short := collateral.CheckPassword("/password", password); short != nil {
		err = withFaults(err, short)
	}
	if err != nil {
		return collateral.User{}, err
	}
	return a.create(ctx, nil, wanted, password, func(tx *store.Store) error {
		if err := tx.LockPeople(ctx); err != nil {
			return err
		}
		has, err := tx.HasUsers(ctx)
		if err == nil && has {
			return collateral.Errorf(collateral.Conflict, "Somebody has an account already. Sign in, or ask an admin for an account.")
		}
		return err
	})
}

// withFaults is one refusal with the faulty fields of both; either may be nil.
func withFaults(one, other error) error {
	first, ok := errors.AsType[*collateral.Error](one)
	second, also := errors.AsType[*collateral.Error](other)
	if !ok || !also {
		return cmp.Or(one, other)
	}
	first.Fields = append(first.Fields, second.Fields...)
	return first
}

// create stores a person and what began with that, once may allows it.
func (a *Access) create(ctx context.Context, actor *collateral.Actor, wanted collateral.NewUser, password string, may func(tx *store.Store) error) (collateral.User, error) {
	hash, err := a.hashing.hash(ctx, password, a.Cost)
	if err != nil {
		return collateral.User{}, err
	}
	user := collateral.User{
		ID: a.store.NewID(), Email: wanted.Email, Name: wanted.Name, Team: wanted.Team, Roles: wanted.Roles,
		Active: !wanted.Inactive, CreatedAt: a.store.Now(),
	}
	err = a.store.Tx(ctx, func(tx *store.Store) error {
		if err := may(tx); err != nil {
			return err
		}
		if err := tx.CreateUser(ctx, user, hash); err != nil {
			return err
		}
		if err := tx.Audit(ctx, aboutUser(actor, "user.created", user.ID, "")); err != nil {
			return err
		}
		return auditRoles(ctx, tx, actor, user.ID, nil, user.Roles)
	})
	if err != nil {
		return collateral.User{}, err
	}
	return user, nil
}
