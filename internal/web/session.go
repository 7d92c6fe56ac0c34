package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// sessionCookie carries the secret of a session. The API ignores cookies, so no other site can use it there.
const sessionCookie = "collateral_session"

// recognise finds out who asks, for every page. A cookie whose session has ended makes a stranger.
func (s *site) recognise(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		carried, err := c.Cookie(sessionCookie)
		if err != nil || carried.Value == "" {
			return next(c)
		}
		ctx := c.Request().Context()
		actor, err := s.access.Authenticate(ctx, carried.Value)
		switch {
		case collateral.KindOf(err) == collateral.Unauthenticated:
			return next(c)
		case err != nil:
			return err
		case actor.TokenID != uuid.Nil:
			return next(c) // API tokens are for programs
		}
		call := httpd.CallOf(ctx)
		call.Actor, call.Token = actor, carried.Value
		return next(c)
	}
}

// errSignIn is what becomes of a stranger's request for a page that is not for strangers.
var errSignIn = errors.New("sign in first")

// admit lets a request through to the page when its caller may see it, and a form when it came from a page of ours.
func (s *site) admit(r route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if r.public {
				return next(c)
			}
			actor := actorOf(c.Request().Context())
			if actor.UserID == uuid.Nil {
				return errSignIn
			}
			if len(r.who) > 0 && !actor.Is(r.who...) {
				return collateral.Errorf(collateral.Forbidden, "This page is for %s. You are signed in as %s.", either(r.who), either(actor.Roles))
			}
			if c.Request().Method == http.MethodPost {
				if err := s.checkForm(c); err != nil {
					return err
				}
			}
			return next(c)
		}
	}
}

// setSession signs a browser in until the session ends.
func (s *site) setSession(c echo.Context, secret string, ends time.Time) {
	c.SetCookie(cookie(c, sessionCookie, secret, ends.Sub(s.now())))
}

func endSession(c echo.Context) { c.SetCookie(cookie(c, sessionCookie, "", -time.Second)) }

// cookie makes one that lives for so long; one that is over takes it away. It is not for scripts, and no other site's form or
// frame brings it along.
func cookie(c echo.Context, name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever the browser came by HTTPS
		Name: name, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: isSecure(c), SameSite: http.SameSiteLaxMode,
	}
}

// isSecure reports whether the browser came by HTTPS. Whoever adds the header over plain HTTP hurts only themselves: their own
// cookie would not come back.
func isSecure(c echo.Context) bool {
	return c.Request().TLS != nil || c.Request().Header.Get(echo.HeaderXForwardedProto) == "https"
}

// formToken is what every form of a signed-in person carries. It is made of the session, so that nothing has to be kept; who
// has it cannot tell the session by it.
func formToken(session string) string {
	mac := hmac.New(sha256.New, []byte(session))
	mac.Write([]byte("form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func isFormToken(ctx context.Context, token string) bool {
	return hmac.Equal([]byte(token), []byte(formToken(httpd.CallOf(ctx).Token)))
}
