package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

// gate is what a link asks of a visitor before it shows anything, in a form without scripts.
type gate struct {
	Ask     collateral.Ask
	Address string // of the link's page
	Email   string // as typed, or where a code was mailed
	Fault   string // what was wrong with what was given; empty at first
	Status  int    // of the answer; 0 at first
}

// Heading says in a few words what to do.
func (g gate) Heading() string {
	switch g.Ask {
	case collateral.AskPasscode:
		return "Enter the passcode"
	case collateral.AskEmail:
		return "Enter your e-mail address"
	case collateral.AskCode:
		return "Enter the code from the mail"
	case collateral.AskOpen, collateral.AskNothing:
	}
	return "You were sent something to look at"
}

func (s *site) renderGate(c echo.Context, d *sharing.Door, g gate) error {
	g.Ask, g.Address = d.Ask, visitAddress(c)
	if g.Email == "" {
		g.Email = d.Visitor.Email
	}
	return s.renderVisitor(c, visitorPages+"gate", page{Title: g.Heading(), Body: g, Status: g.Status})
}

// give is how a visitor gives what a link asks for, by the fields of its form.
type give func(ctx context.Context, r sharing.Request, form url.Values) (*sharing.Door, error)

func (s *site) givePasscode(ctx context.Context, r sharing.Request, form url.Values) (*sharing.Door, error) {
	return s.sharing.GivePasscode(ctx, r, form.Get("passcode"))
}

func (s *site) giveEmail(ctx context.Context, r sharing.Request, form url.Values) (*sharing.Door, error) {
	return s.sharing.GiveEmail(ctx, r, form.Get("email"))
}

func (s *site) giveCode(ctx context.Context, r sharing.Request, form url.Values) (*sharing.Door, error) {
	return s.sharing.GiveCode(ctx, r, form.Get("code"))
}

func (s *site) enter(ctx context.Context, r sharing.Request, _ url.Values) (*sharing.Door, error) {
	return s.sharing.Enter(ctx, r)
}

// visitGate takes the form of a gate, and leads back to the link's page. Without the visitor's cookie nothing given would be
// remembered, so it is not taken: it would be asked for over and over.
func (s *site) visitGate(give give) echo.HandlerFunc {
	return func(c echo.Context) error {
		form, err := readForm(c)
		if err != nil {
			return err
		}
		if visitorOf(c).Key == "" {
			return s.gateAgain(c, gate{Email: form.Get("email"), Fault: "Your browser did not send back the cookie of this page, so it cannot remember that you were let in. Allow cookies for it, and try again.", Status: http.StatusForbidden})
		}
		d, err := give(c.Request().Context(), visitorOf(c), form)
		if err == nil {
			rememberVisitor(c, d)
			return c.Redirect(http.StatusSeeOther, visitAddress(c))
		}
		refusal, ok := errors.AsType[*collateral.Error](err)
		if !ok {
			return err
		}
		switch refusal.Kind {
		case collateral.Forbidden, collateral.Invalid, collateral.TooMany, collateral.Unavailable:
		default:
			return err
		}
		if refusal.RetryAfter > 0 {
			c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(refusal.RetryAfter))
		}
		status, _ := statusOf(refusal.Kind)
		said := refusal.Message
		if len(refusal.Fields) > 0 {
			said = refusal.Fields[0].Detail
		}
		return s.gateAgain(c, gate{Email: form.Get("email"), Fault: said, Status: status})
	}
}

// gateAgain shows the gate with what was wrong, or what lies behind it when it stands open meanwhile.
func (s *site) gateAgain(c echo.Context, g gate) error {
	d, err := s.open(c)
	if err != nil {
		return err
	}
	if d.Ask == collateral.AskNothing {
		return c.Redirect(http.StatusSeeOther, visitAddress(c))
	}
	return s.renderGate(c, d, g)
}
