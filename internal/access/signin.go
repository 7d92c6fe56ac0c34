package access

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Session is a person's way in after signing in.
type Session struct {
	Token     string // secret; shown this once
	ExpiresAt time.Time
	User      collateral.User
}

// SignIn starts a session. address is the network address of who asks. An unknown account, a wrong password and an account
// that is not active get the same answer after the same work. After too many failures the answer is TooMany.
func (a *Access) SignIn(ctx context.Context, email, password, address string) (Session, error) {
	found, ok, err := a.try(ctx, newAttempt(email, address), password, func() (store.Credentials, error) {
		return a.credentialsOf(ctx, email)
	})
	if err != nil {
		return Session{}, err
	}
	if !ok {
		return Session{}, wrongPassword()
	}
	return a.startSession(ctx, found)
}

func wrongPassword() error {
	return collateral.Errorf(collateral.Unauthenticated, "The e-mail address or the password is wrong.")
}

// credentialsOf is the store's, with credentials of nobody for an unknown address.
func (a *Access) credentialsOf(ctx context.Context, email string) (store.Credentials, error) {
	nobody := store.Credentials{PasswordHash: nobodysHash(a.Cost)}
	email = collateral.NormalEmail(email)
	if !collateral.IsEmail(email) {
		return nobody, nil
	}
	found, err := a.store.CredentialsOf(ctx, email)
	if collateral.KindOf(err) == collateral.NotFound {
		return nobody, nil
	}
	return found, err
}

func (a *Access) startSession(ctx context.Context, checked store.Credentials) (Session, error) {
	now := a.store.Now()
	session := Session{Token: newSecret(sessionPrefix), ExpiresAt: now.Add(a.SessionLife)}
	err := a.store.Tx(ctx, func(tx *store.Store) error {
		row := store.Session{TokenHash: hashSecret(session.Token), UserID: checked.UserID, CreatedAt: now, ExpiresAt: session.ExpiresAt}
		started, err := tx.StartSession(ctx, row, checked.PasswordHash)
		if err != nil {
			return err
		}
		if !started { // deactivated, or given another password, since it was checked
			return wrongPassword()
		}
		if session.User, err = tx.User(ctx, checked.UserID); err != nil {
			return err
		}
		return tx.Audit(ctx, aboutUser(&collateral.Actor{UserID: checked.UserID}, "session.started", checked.UserID, ""))
	})
	if err != nil {
		return Session{}, err
	}
	return session, nil
}

// SignOutOthers ends the actor's sessions but for the one whose token is keepToken. API tokens stay.
func (a *Access) SignOutOthers(ctx context.Context, actor collateral.Actor, keepToken string) error {
	if actor.TokenID != uuid.Nil {
		return collateral.Errorf(collateral.Forbidden, "An API token cannot end sessions. Sign in to end them.")
	}
	return a.store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.EndSessions(ctx, actor.UserID, hashSecret(keepToken)); err != nil {
			return err
		}
		return tx.Audit(ctx, aboutUser(&actor, "session.others_ended", actor.UserID, ""))
	})
}

// SignOut ends the session of the token. Ending one that is over already is no error.
func (a *Access) SignOut(ctx context.Context, token string) error {
	if strings.HasPrefix(token, tokenPrefix) {
		return collateral.Errorf(collateral.Forbidden, "This is an API token and no session. Delete the token instead.")
	}
	return a.store.Tx(ctx, func(tx *store.Store) error {
		user, err := tx.EndSession(ctx, hashSecret(token))
		if err != nil || user == uuid.Nil {
			return err
		}
		return tx.Audit(ctx, aboutUser(&collateral.Actor{UserID: user}, "session.ended", user, ""))
	})
}
