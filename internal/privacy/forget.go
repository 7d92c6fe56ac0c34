package privacy

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/store"
)

// FormerUser is what an anonymised account is called.
const FormerUser = "Former user"

// ForgetUses has a person taken out of every use, search and viewing so far, in the background, and deletes at once what was kept for
// the person alone: favourites, notices, and what the person looked at under review. No figure of a piece changes. People ask
// for themselves; an admin, and the command line (a nil actor), for others.
func (p *Privacy) ForgetUses(ctx context.Context, actor *collateral.Actor, person uuid.UUID) error {
	if actor != nil && actor.UserID != person && !actor.Is(collateral.Admin) {
		return collateral.Errorf(collateral.Forbidden, "Only admins ask this for somebody else.")
	}
	return p.Store.Tx(ctx, func(tx *store.Store) error {
		if _, err := tx.User(ctx, person); err != nil {
			return err
		}
		return forgetUses(ctx, tx, actor, person)
	})
}

func forgetUses(ctx context.Context, tx *store.Store, actor *collateral.Actor, person uuid.UUID) error {
	if err := tx.DropKept(ctx, person); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, JobForget, person); err != nil {
		return err
	}
	return tx.Audit(ctx, about(actor, "user.uses_anonymised", person))
}

// ForgetAccount anonymises the account of somebody who left: name, address, team and password are replaced by nobody's, what
// the person kept goes, and uses, searches and viewings forget who it was. It cannot be undone. Signatures, reviews and the audit log
// stay: they hold ids, and are the evidence of what Sales signed. Admins only, and the command line (a nil actor); the account
// must have been deactivated.
func (p *Privacy) ForgetAccount(ctx context.Context, actor *collateral.Actor, person uuid.UUID) error {
	if actor != nil && !actor.Is(collateral.Admin) {
		return collateral.Errorf(collateral.Forbidden, "Only admins keep people's accounts.")
	}
	return p.Store.Tx(ctx, func(tx *store.Store) error {
		before, err := tx.User(ctx, person)
		if err != nil {
			return err
		}
		if err := tx.ForgetFailuresOf(ctx, before.Email); err != nil {
			return err
		}
		_, err = tx.ChangeUser(ctx, person, func(u *collateral.User) error {
			if u.Active {
				return collateral.Errorf(collateral.Conflict, "This account is active. Deactivate it first: whoever is forgotten cannot sign in any more.")
			}
			u.Name, u.Email, u.Team = FormerUser, formerAddress(person), ""
			return nil
		})
		if err != nil {
			return err
		}
		for _, drop := range []func(context.Context, uuid.UUID) error{tx.DropCollections, tx.DropMailChoice, tx.DeleteTokens} {
			if err := drop(ctx, person); err != nil {
				return err
			}
		}
		if _, err := tx.SetPassword(ctx, person, "", access.NoPassword()); err != nil {
			return err
		}
		if err := tx.EndSessions(ctx, person, ""); err != nil {
			return err
		}
		if err := forgetUses(ctx, tx, actor, person); err != nil {
			return err
		}
		return tx.Audit(ctx, about(actor, "user.anonymised", person))
	})
}

// formerAddress is one that nobody has, and no mail reaches.
func formerAddress(person uuid.UUID) string { return "former-" + person.String() + "@account.invalid" }

// Forget takes the person out of uses, searches and viewings; it is the work of JobForget.
func (p *Privacy) Forget(ctx context.Context, person uuid.UUID) error {
	return p.Usage.ForgetPerson(ctx, person)
}
