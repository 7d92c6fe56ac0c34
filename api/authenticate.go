package api

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// authenticator finds out who holds a bearer token.
type authenticator func(ctx context.Context, token string) (collateral.Actor, error)

// admit lets a request through to the operation when the contract allows its caller: anybody for a public operation,
// else who is signed in and holds one of the operation's roles. It reads no body. Cookies are ignored, so a browser
// cannot be made to act for somebody.
func (o *operation) admit(authenticate authenticator) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if o.public {
				return next(c)
			}
			ctx := c.Request().Context()
			token, err := bearer(c.Request().Header.Get(echo.HeaderAuthorization))
			if err != nil {
				return err
			}
			actor, err := authenticate(ctx, token)
			if err != nil {
				return err
			}
			if err := o.allow(actor); err != nil {
				return err
			}
			call := httpd.CallOf(ctx)
			call.Actor, call.Token = actor, token
			return next(c)
		}
	}
}

func (o *operation) allow(actor collateral.Actor) error {
	if actor.OnlyReports && !o.report {
		return collateral.Errorf(collateral.Forbidden, "This token only reports uses. For anything else make another one.")
	}
	if len(o.roles) == 0 || actor.Is(o.roles...) {
		return nil
	}
	return collateral.Errorf(collateral.Forbidden, "This needs the role %s. You are signed in as %s.",
		either(o.roles), either(actor.Roles))
}

func bearer(header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	switch {
	case header == "":
		return "", collateral.Errorf(collateral.Unauthenticated, "Sign in first, and send the token as Authorization: Bearer.")
	case !strings.EqualFold(scheme, "bearer") || token == "":
		return "", collateral.Errorf(collateral.Unauthenticated, "The Authorization header must be Bearer, a space and the token.")
	}
	return token, nil
}

// either writes roles as "marketer, rep or admin".
func either(roles []collateral.Role) string {
	if len(roles) == 0 {
		return "nobody in particular"
	}
	return oneOf(roles)
}
