package sharing

import (
	"context"
	"reflect"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Change lets whoever made a link, or an admin, change its terms. The revision it is based on must be named. A passcode that
// is nil stays; an empty one is no passcode. Another passcode is asked for of everybody, also of those who are in. What is
// narrowed holds from the next request on.
func (s *Sharing) Change(ctx context.Context, actor collateral.Actor, id uuid.UUID, revision *int64, passcode *string, change func(*collateral.LinkTerms)) (*Shared, error) {
	hashed, err := s.hashed(ctx, passcode)
	if err != nil {
		return nil, err
	}
	return s.onLink(ctx, actor, id, func(tx *store.Store, l *collateral.Link) error {
		if revision == nil {
			return collateral.Errorf(collateral.Unconditional, "Say which revision you change: send the ETag of the link as If-Match.")
		}
		if *revision != l.Revision {
			return collateral.Errorf(collateral.Stale, "The link was changed since you read it: you have revision %d, it is at %d. Read it again and repeat your change.", *revision, l.Revision)
		}
		if l.RevokedAt != nil {
			return collateral.Errorf(collateral.Conflict, "The link was withdrawn, and stays so. Make a new one.")
		}
		before := l.LinkTerms
		change(&l.LinkTerms)
		l.LinkTerms = l.LinkTerms.Normal()
		if err := l.CheckTerms(before, passcode, tx.Now(), s.Mail != nil); err != nil {
			return err
		}
		var f collateral.Faults
		checkMark(&f, l.LinkTerms, l.Recipient, l.RecipientEmail)
		if err := f.Err("The link cannot be changed as described."); err != nil {
			return err
		}
		if hashed == nil && reflect.DeepEqual(before, l.LinkTerms) {
			return nil
		}
		if hashed != nil {
			l.PasscodeHash, l.PasscodeAt = hashed.PasscodeHash, hashed.PasscodeAt
		}
		if err := tx.PutLink(ctx, l); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "link.changed", l, "")
	})
}

// hashed is a link with the passcode alone; nil without one. Hashing takes too long to be done in a transaction.
func (s *Sharing) hashed(ctx context.Context, passcode *string) (*collateral.Link, error) {
	if passcode == nil {
		return nil, nil
	}
	l := &collateral.Link{}
	if len(*passcode) > 4*collateral.MaxPasscode {
		return l, nil // it is refused by its length
	}
	return l, s.setPasscode(ctx, l, *passcode)
}

// Revoke ends a link for good, at once and also for those who are in. Whoever made it may do so, and admins. One that was
// revoked stays as it is.
func (s *Sharing) Revoke(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*Shared, error) {
	return s.onLink(ctx, actor, id, func(tx *store.Store, l *collateral.Link) error {
		if l.RevokedAt != nil {
			return nil
		}
		l.RevokedAt, l.RevokedBy = new(tx.Now()), actor.UserID
		if err := tx.PutLink(ctx, l); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "link.revoked", l, "")
	})
}

// onLink runs f in a transaction on a link that the actor may change, and keeps others from changing it until the end.
func (s *Sharing) onLink(ctx context.Context, actor collateral.Actor, id uuid.UUID, f func(tx *store.Store, l *collateral.Link) error) (*Shared, error) {
	err := s.Store.Tx(ctx, func(tx *store.Store) error {
		if _, err := tx.Link(ctx, collateral.ScopeOf(actor), id); err != nil {
			return err
		}
		l, err := tx.LockLink(ctx, id)
		if err != nil {
			return err
		}
		if l.CreatedBy != actor.UserID && !actor.Is(collateral.Admin) {
			return collateral.Errorf(collateral.Forbidden, "Only whoever made the link, or an admin, changes and withdraws it.")
		}
		return f(tx, l)
	})
	if err != nil {
		return nil, err
	}
	return s.Link(ctx, actor, id)
}
