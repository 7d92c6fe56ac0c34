package sharing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// GivePasscode is a visitor's try of the passcode. A wrong one is Forbidden, too many are TooMany.
func (s *Sharing) GivePasscode(ctx context.Context, r Request, passcode string) (*Door, error) {
	d, err := s.arrive(ctx, r)
	if err != nil || d.Ask != collateral.AskPasscode {
		return s.through(ctx, d, err)
	}
	if len(passcode) > 4*collateral.MaxPasscode {
		passcode = "" // longer than any that is kept: wrong, and as quick as any other
	}
	ok, err := s.Access.MatchPasscode(ctx, d.link.PasscodeHash, passcode,
		func(ctx context.Context) error { return s.within(ctx, d, r, passcodeLimit()) },
		func(ctx context.Context) error { return s.count(ctx, d, r, passcodeLimit()) })
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, closed("/passcode", "This passcode is wrong. Ask the person who sent you this link for it.")
	}
	err = s.changeVisitor(ctx, d, func(_ *store.Store, v *collateral.Visitor) error {
		v.PassedAt = d.link.PasscodeAt
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.passed(ctx, d, r, true)
}

// GiveEmail is a visitor's e-mail address. One that is not let in is Forbidden, with the field. Where it has to be verified, a code
// is mailed there; giving it again asks for another code.
func (s *Sharing) GiveEmail(ctx context.Context, r Request, email string) (*Door, error) {
	d, err := s.arrive(ctx, r)
	if err != nil || d.Ask != collateral.AskEmail && d.Ask != collateral.AskCode {
		return s.through(ctx, d, err)
	}
	email = collateral.NormalEmail(email)
	if !collateral.IsEmail(email) {
		return nil, collateral.Fault("/email", "This is not an e-mail address. Write it like name@company.com.")
	}
	if err := s.within(ctx, d, r, emailLimit()); err != nil {
		return nil, err
	}
	if !d.link.Admits(email) {
		if err := s.count(ctx, d, r, emailLimit()); err != nil {
			return nil, err
		}
		return nil, closed("/email", "This address is not invited. Give the one that the link was sent to, or ask the person who sent it to you.")
	}
	if d.link.EmailGate == collateral.GateVerified {
		return s.askForCode(ctx, d, r, email)
	}
	err = s.changeVisitor(ctx, d, func(_ *store.Store, v *collateral.Visitor) error {
		v.Email, v.VerifiedAt, v.CodeAskedAt = email, nil, nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.passed(ctx, d, r, false)
}

// Enter is a visitor's click on a link that can be opened a number of times. Gone when another visitor was quicker.
func (s *Sharing) Enter(ctx context.Context, r Request) (*Door, error) {
	d, err := s.arrive(ctx, r)
	if err != nil || d.Ask != collateral.AskOpen {
		return s.through(ctx, d, err)
	}
	return s.passed(ctx, d, r, false)
}

// through is a door where nothing happened.
func (s *Sharing) through(ctx context.Context, d *Door, err error) (*Door, error) {
	if err != nil {
		return nil, err
	}
	return d, s.show(ctx, d)
}

// passed goes on after a visitor gave what was asked for. When that was all, it is confirmed that somebody looks. secret says that
// it was what a machine does not know.
func (s *Sharing) passed(ctx context.Context, d *Door, r Request, secret bool) (*Door, error) {
	ask := d.link.Asks(d.Visitor, d.Visit)
	visit, err := s.onVisit(ctx, d.Visit.ID, func(_ *store.Store, j *judged) error {
		e := &j.evidence
		e.Conduct.Cookie = e.Conduct.Cookie || r.Key != ""
		e.Conduct.Passed = e.Conduct.Passed || secret
		if ask == collateral.AskOpen || ask == collateral.AskNothing {
			e.Inside, e.Entered = true, true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if visit == nil {
		return nil, noSuchLink() // it was forgotten a moment ago
	}
	d.Visit = visit
	d.Ask = d.link.Asks(d.Visitor, d.Visit)
	return d, s.show(ctx, d)
}

// tellOpened tells other systems of a visit in which a person looks.
func (s *Sharing) tellOpened(ctx context.Context, tx *store.Store, v *collateral.Visit, now time.Time) error {
	l, err := tx.LinkByID(ctx, v.LinkID)
	if err != nil {
		return err
	}
	assets := make([]uuid.UUID, len(l.Pieces))
	for i, p := range l.Pieces {
		assets[i] = p.AssetID
	}
	return s.Registry.TellLinkOpened(ctx, tx, registry.LinkOpened{
		LinkID: l.ID, AssetIDs: assets, Opportunity: l.Opportunity, CreatedBy: l.CreatedBy, OpenedAt: now, Opens: l.Opens,
	})
}

// changeVisitor lets f change what is known of the visitor, and keeps others from doing so meanwhile.
func (s *Sharing) changeVisitor(ctx context.Context, d *Door, f func(tx *store.Store, v *collateral.Visitor) error) error {
	return s.Store.Tx(ctx, func(tx *store.Store) error {
		v, err := lockVisitor(ctx, tx, d.Visitor.ID)
		if err != nil {
			return err
		}
		if err := f(tx, v); err != nil {
			return err
		}
		d.Visitor = v
		return tx.PutVisitor(ctx, v)
	})
}

func lockVisitor(ctx context.Context, tx *store.Store, id uuid.UUID) (*collateral.Visitor, error) {
	v, err := tx.LockVisitor(ctx, id)
	if err == nil && v == nil {
		return nil, noSuchLink() // it was forgotten a moment ago
	}
	return v, err
}

// closed is the refusal of what a visitor gave.
func closed(pointer, sentence string) error {
	return &collateral.Error{Kind: collateral.Forbidden, Message: sentence, Fields: []collateral.Field{{Pointer: pointer, Detail: sentence}}}
}
