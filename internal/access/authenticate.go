package access

import (
	"context"
	"strings"

	"collateral/internal/collateral"
)

// Authenticate returns who holds the secret of a session or of an API token, with the roles that hold for this request:
// those the person has now, and for a token only those it was made for. What is unknown, expired or of a person who is not
// active is Unauthenticated.
func (a *Access) Authenticate(ctx context.Context, secret string) (collateral.Actor, error) {
	actor, err := a.actorOf(ctx, secret)
	if collateral.KindOf(err) == collateral.NotFound {
		return collateral.Actor{}, unauthenticated()
	}
	return actor, err
}

func (a *Access) actorOf(ctx context.Context, secret string) (collateral.Actor, error) {
	switch {
	case strings.HasPrefix(secret, sessionPrefix):
		return a.store.SessionActor(ctx, hashSecret(secret))
	case strings.HasPrefix(secret, tokenPrefix):
		return a.store.TokenActor(ctx, hashSecret(secret))
	}
	return collateral.Actor{}, unauthenticated()
}

func unauthenticated() error {
	return collateral.Errorf(collateral.Unauthenticated, "Sign in first: the session or token is unknown, or has ended.")
}

// Me returns the person behind the actor, with all roles held.
func (a *Access) Me(ctx context.Context, actor collateral.Actor) (collateral.User, error) {
	return a.store.User(ctx, actor.UserID)
}
