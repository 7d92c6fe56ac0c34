package sharing

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	netmail "net/mail"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/mail"
	"collateral/internal/store"
)

// askForCode has a code mailed to the address that a visitor gave.
func (s *Sharing) askForCode(ctx context.Context, d *Door, r Request, email string) (*Door, error) {
	if s.Mail == nil {
		return nil, collateral.Errorf(collateral.Unavailable, "No code can be mailed to you just now. Ask the person who sent you this link.")
	}
	if err := s.within(ctx, d, r, mailLimit()); err != nil {
		return nil, err
	}
	if err := s.count(ctx, d, r, mailLimit()); err != nil {
		return nil, err
	}
	err := s.changeVisitor(ctx, d, func(tx *store.Store, v *collateral.Visitor) error {
		v.Email, v.VerifiedAt, v.CodeAskedAt = email, nil, new(tx.Now())
		return tx.Enqueue(ctx, JobCode, v.ID)
	})
	if err != nil {
		return nil, err
	}
	d.Ask = d.link.Asks(d.Visitor, d.Visit)
	return d, nil
}

// MailCode makes a code and mails it to the visitor who asked for it. It is made here and not before, so that it is written down
// nowhere but in the mail. What was asked for too long ago is left alone.
func (s *Sharing) MailCode(ctx context.Context, visitor uuid.UUID) error {
	v, err := s.Store.Visitor(ctx, visitor)
	if err != nil || v == nil || v.VerifiedAt != nil || v.CodeAskedAt == nil {
		return err
	}
	now := s.Store.Now()
	if now.Sub(*v.CodeAskedAt) > collateral.CodeLife {
		return nil
	}
	code, err := newCode()
	if err != nil {
		return err
	}
	kept, err := s.Store.SetCode(ctx, v.ID, v.Email, store.Code{Hash: codeHash(v.ID, code), At: now})
	if err != nil || !kept {
		return err
	}
	err = s.Mail.Send(ctx, mail.Message{
		ID: s.Store.NewID().String(), To: netmail.Address{Address: v.Email}, At: now, Subject: "Your code is " + code,
		Text: fmt.Sprintf("Your code is %s. It holds for %d minutes.\n\nIt opens the page of a link that you were sent. If you did not ask for it, do nothing:\nwithout the code nobody gets in under your address.\n",
			code, int(collateral.CodeLife.Minutes())),
	})
	if err != nil {
		return fmt.Errorf("mailing a code to visitor %s: %w", v.ID, err)
	}
	return nil
}

// newCode makes six digits.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("making a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

func codeHash(visitor uuid.UUID, code string) string { return digest(visitor.String() + " " + code) }

// GiveCode is a visitor's try of the code that was mailed. A wrong one, one that has ended and one that was tried too often are
// Forbidden, each with a sentence on what to do.
func (s *Sharing) GiveCode(ctx context.Context, r Request, code string) (*Door, error) {
	d, err := s.arrive(ctx, r)
	if err != nil || d.Ask != collateral.AskCode {
		return s.through(ctx, d, err)
	}
	var refusal error
	err = s.changeVisitor(ctx, d, func(tx *store.Store, v *collateral.Visitor) error {
		refusal = nil
		waiting, err := tx.Code(ctx, v.ID)
		if err != nil {
			return err
		}
		switch {
		case waiting == nil:
			refusal = closed("/code", "The code is still on its way. Wait a moment, or ask for another one.")
		case tx.Now().Sub(waiting.At) > collateral.CodeLife:
			refusal = closed("/code", "This code has ended. Ask for another one.")
		case waiting.Tries >= collateral.CodeTries:
			refusal = closed("/code", "This code was tried too often. Ask for another one.")
		case subtle.ConstantTimeCompare([]byte(waiting.Hash), []byte(codeHash(v.ID, digits(code)))) == 0:
			refusal = closed("/code", "This code is wrong. Look for the newest mail, or ask for another code.")
			return tx.CodeTried(ctx, v.ID) // the refusal must not undo that
		default:
			v.VerifiedAt = new(tx.Now())
			return tx.ForgetCode(ctx, v.ID)
		}
		return nil
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	return s.passed(ctx, d, r, true)
}

// digits leaves out the blanks that people write between the digits of a code.
func digits(code string) string { return strings.Join(strings.Fields(code), "") }
