package access

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Tokens returns one page of the actor's API tokens, the newest first, and the next page's cursor.
func (a *Access) Tokens(ctx context.Context, actor collateral.Actor, paging collateral.Paging) ([]collateral.Token, string, error) {
	return a.store.Tokens(ctx, actor.UserID, paging)
}

// CreateToken makes an API token in the actor's name and returns its secret, which is shown this once. Without roles
// (nil) it gets all of the actor's, unless it is for ReportUses; without an end it gets that of TokenLife. A token cannot make tokens: whoever found one that
// ends tomorrow would have one for a year.
func (a *Access) CreateToken(ctx context.Context, actor collateral.Actor, wanted collateral.NewToken) (collateral.Token, string, error) {
	if actor.TokenID != uuid.Nil {
		return collateral.Token{}, "", collateral.Errorf(collateral.Forbidden, "An API token cannot make another one. Sign in to make it.")
	}
	now := a.store.Now()
	if wanted.Roles == nil && wanted.Scope != collateral.ReportUses {
		wanted.Roles = actor.Roles
	}
	if wanted.ExpiresAt.IsZero() {
		wanted.ExpiresAt = now.Add(a.TokenLife)
	}
	wanted = wanted.Normal()
	wanted.ExpiresAt = wanted.ExpiresAt.UTC().Truncate(time.Microsecond) // as it is stored
	if err := wanted.Check(actor.Roles, now); err != nil {
		return collateral.Token{}, "", err
	}
	token := collateral.Token{
		ID: a.store.NewID(), UserID: actor.UserID, Name: wanted.Name, Scope: wanted.Scope, Roles: wanted.Roles, CreatedAt: now, ExpiresAt: wanted.ExpiresAt,
	}
	secret := newSecret(tokenPrefix)
	err := a.store.Tx(ctx, func(tx *store.Store) error {
		created, err := tx.CreateToken(ctx, token, hashSecret(secret))
		if err != nil {
			return err
		}
		if !created { // deactivated since the actor was authenticated
			return unauthenticated()
		}
		return tx.Audit(ctx, aboutToken(actor, "token.created", token.ID))
	})
	if err != nil {
		return collateral.Token{}, "", err
	}
	return token, secret, nil
}

// DeleteToken ends one of the actor's API tokens. A token ends no other than itself.
func (a *Access) DeleteToken(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	if actor.TokenID != uuid.Nil && actor.TokenID != id {
		return collateral.Errorf(collateral.Forbidden, "An API token can end only itself. Sign in to end others.")
	}
	return a.store.Tx(ctx, func(tx *store.Store) error {
		deleted, err := tx.DeleteToken(ctx, actor.UserID, id)
		if err != nil {
			return err
		}
		if !deleted {
			return collateral.Errorf(collateral.NotFound, "You have no such token.")
		}
		return tx.Audit(ctx, aboutToken(actor, "token.deleted", id))
	})
}
