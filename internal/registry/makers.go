package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// SetOwner hands a piece to another person.
func (r *Registry) SetOwner(ctx context.Context, actor collateral.Actor, id, owner uuid.UUID) (*collateral.Asset, error) {
	return r.changePeople(ctx, actor, id, "asset.owner_changed", &named{owner, "/owner"}, func(a *collateral.Asset) error {
		if a.OwnerID != actor.UserID && !actor.Is(collateral.Admin) {
			return collateral.Errorf(collateral.Forbidden, "Only the owner or an admin can hand a piece to somebody else.")
		}
		a.OwnerID = owner
		a.Coauthors = without(a.Coauthors, owner)
		return nil
	})
}

// handOverAtOnce is how many pieces are looked up at a time.
const handOverAtOnce = 100

// HandOver hands every piece of one person to another, each by itself, and returns how many. What was handed over when one
// fails stays so.
func (r *Registry) HandOver(ctx context.Context, actor collateral.Actor, from, to uuid.UUID) (int, error) {
	if !actor.Is(collateral.Admin) {
		return 0, collateral.Errorf(collateral.Forbidden, "Only admins hand over all the pieces of somebody.")
	}
	if from == to {
		return 0, collateral.Fault("/owner", "These pieces are this person's already. Name somebody else.")
	}
	for n := 0; ; {
		owned, next, err := r.Store.Assets(ctx, collateral.ScopeOf(actor), AssetFilter{Owners: []uuid.UUID{from}}, collateral.Paging{Limit: handOverAtOnce})
		if err != nil {
			return n, err
		}
		for _, a := range owned {
			if _, err := r.SetOwner(ctx, actor, a.ID, to); err != nil {
				return n, err
			}
			n++
		}
		if next == "" {
			return n, nil
		}
	}
}

// AddCoauthor names a person who works on the piece beside the owner, and can therefore not sign it.
func (r *Registry) AddCoauthor(ctx context.Context, actor collateral.Actor, id, user uuid.UUID) (*collateral.Asset, error) {
	return r.changePeople(ctx, actor, id, "asset.coauthor_added", &named{user, "{user}"}, func(a *collateral.Asset) error {
		if a.OwnerID != actor.UserID {
			return collateral.Errorf(collateral.Forbidden, "Only the owner names co-authors.")
		}
		if !a.IsContributor(user) {
			a.Coauthors = append(slices.Clone(a.Coauthors), user)
		}
		return nil
	})
}

// RemoveCoauthor ends somebody's part in the next versions. The owner may do that, and co-authors for themselves.
func (r *Registry) RemoveCoauthor(ctx context.Context, actor collateral.Actor, id, user uuid.UUID) (*collateral.Asset, error) {
	return r.changePeople(ctx, actor, id, "asset.coauthor_removed", nil, func(a *collateral.Asset) error {
		if a.OwnerID != actor.UserID && user != actor.UserID {
			return collateral.Errorf(collateral.Forbidden, "Only the owner removes co-authors; you can remove yourself.")
		}
		if !slices.Contains(a.Coauthors, user) {
			return collateral.Errorf(collateral.NotFound, "This person is not a co-author of the piece.")
		}
		a.Coauthors = without(a.Coauthors, user)
		return nil
	})
}

// named is a person whom a request names, and where in it.
type named struct {
	id      uuid.UUID
	pointer string
}

// changePeople changes owner or co-authors. Whoever is named must have an active account; nil names nobody.
func (r *Registry) changePeople(ctx context.Context, actor collateral.Actor, id uuid.UUID, action string, who *named, change func(*collateral.Asset) error) (*collateral.Asset, error) {
	var changed *collateral.Asset
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		if _, err := locked(ctx, tx, actor, id); err != nil {
			return err
		}
		var err error
		changed, err = tx.ChangeAsset(ctx, id, nil, func(a *collateral.Asset) error {
			if err := change(a); err != nil {
				return err
			}
			return who.check(ctx, tx)
		})
		if err != nil {
			return err
		}
		detail := ""
		if who != nil {
			detail = who.id.String()
		}
		if err := audit(ctx, tx, actor, action, id, detail); err != nil {
			return err
		}
		// Whoever hands a piece over sees what became of it, even if that was the last look.
		return showPublished(ctx, tx, actor, changed)
	})
	return changed, err
}

// check refuses a person without an active account.
func (n *named) check(ctx context.Context, tx *store.Store) error {
	if n == nil {
		return nil
	}
	user, err := tx.User(ctx, n.id)
	if collateral.KindOf(err) == collateral.NotFound || (err == nil && !user.Active) {
		return collateral.Fault(n.pointer, "There is no active account with this id.")
	}
	return err
}

func without(ids []uuid.UUID, gone uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { return id == gone })
}
