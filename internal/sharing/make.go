package sharing

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Make makes a link to published pieces that Sales signed for customers or partners. Everything that is wrong with it is
// told at once. That the pieces were shared is recorded as the actor's use of each.
func (s *Sharing) Make(ctx context.Context, actor collateral.Actor, wanted collateral.NewLink) (*Shared, error) {
	wanted = wanted.Normal()
	var f collateral.Faults
	wanted.Check(&f, s.Store.Now(), s.Mail != nil)
	checkMark(&f, wanted.LinkTerms, wanted.Recipient, wanted.RecipientEmail)
	pieces, err := s.forBuyers(ctx, &f, actor, wanted.Assets)
	if err != nil {
		return nil, err
	}
	if err := f.Err("The link cannot be made as described."); err != nil {
		return nil, err
	}
	now := s.Store.Now()
	l := &collateral.Link{
		ID: s.Store.NewID(), Token: newToken(), CreatedBy: actor.UserID, CreatedAt: now, Title: wanted.Title,
		Recipient: wanted.Recipient, RecipientEmail: wanted.RecipientEmail, Opportunity: wanted.Opportunity,
		Pieces: pieces, LinkTerms: wanted.LinkTerms,
	}
	if l.Title == "" {
		l.Title = pieces[0].Title
	}
	if err := s.setPasscode(ctx, l, wanted.Passcode); err != nil {
		return nil, err
	}
	err = s.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.AddLink(ctx, l); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, JobShared, l.ID); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "link.made", l, "")
	})
	if err != nil {
		return nil, err
	}
	return s.seenBy(actor, l, store.LinkFigures{}), nil
}

// forBuyers returns the pieces under their titles of today, and notes which of them cannot be given to a buyer.
func (s *Sharing) forBuyers(ctx context.Context, f *collateral.Faults, actor collateral.Actor, assets []uuid.UUID) ([]collateral.LinkedPiece, error) {
	if len(assets) > collateral.MaxLinked {
		return nil, nil // too many are refused without looking at each
	}
	cards, err := s.Store.Cards(ctx, collateral.ScopeOf(actor), assets)
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]collateral.Card, len(cards))
	for _, c := range cards {
		byID[c.ID] = c
	}
	pieces := make([]collateral.LinkedPiece, len(assets))
	for i, id := range assets {
		card, published := byID[id]
		pieces[i] = collateral.LinkedPiece{AssetID: id, Title: card.Title}
		switch pointer := "/assets/" + strconv.Itoa(i); {
		case !published:
			f.Add(pointer, "There is no published piece with this id.")
		case !card.Audience.ForBuyers():
			f.Add(pointer, "%q is for internal use: Sales did not sign it for customers or partners.", card.Title)
		}
	}
	return pieces, nil
}

// setPasscode gives a link another passcode, or with an empty one none.
func (s *Sharing) setPasscode(ctx context.Context, l *collateral.Link, passcode string) error {
	l.PasscodeHash, l.PasscodeAt = "", nil
	if passcode == "" {
		return nil
	}
	hash, err := s.Access.HashPasscode(ctx, passcode)
	if err != nil {
		return err
	}
	l.PasscodeHash, l.PasscodeAt = hash, new(s.Store.Now())
	return nil
}
