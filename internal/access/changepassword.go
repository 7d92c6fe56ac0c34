package access

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// ChangePassword replaces the actor's own password and ends the actor's sessions but for the one whose token is keepToken.
// API tokens stay. Wrong guesses of the current password are limited like failed sign-ins.
func (a *Access) ChangePassword(ctx context.Context, actor collateral.Actor, current, next, keepToken string) error {
	if err := collateral.CheckPassword("/new_password", next); err != nil {
		return err
	}
	me, err := a.store.User(ctx, actor.UserID)
	if err != nil {
		return err
	}
	checked, ok, err := a.try(ctx, newAttempt(me.Email, ""), current, func() (store.Credentials, error) {
		return a.store.CredentialsByID(ctx, actor.UserID)
	})
	if err != nil {
		return err
	}
	if !ok {
		return collateral.Fault("/current_password", "This is not your current password.")
	}
	hash, err := a.hashing.hash(ctx, next, a.Cost)
	if err != nil {
		return err
	}
	return a.store.Tx(ctx, func(tx *store.Store) error {
		set, err := tx.SetPassword(ctx, actor.UserID, checked.PasswordHash, hash)
		if err != nil {
			return err
		}
		if !set {
			return collateral.Errorf(collateral.Conflict, "Your password was changed by somebody else at the same moment. Try again.")
		}
		if err := tx.EndSessions(ctx, actor.UserID, hashSecret(keepToken)); err != nil {
			return err
		}
		return tx.Audit(ctx, aboutUser(&actor, "user.password_changed", actor.UserID, ""))
	})
}
