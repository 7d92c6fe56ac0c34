package web

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// setupPath leads whoever has the secret to the page on which the first admin is made.
const setupPath = "/setup"

// SetupAddress is the path of the page on which whoever has the secret makes the first admin.
func SetupAddress(secret string) string {
	return setupPath + "?" + url.Values{"key": {secret}}.Encode()
}

func (s *site) setupRoutes() []route {
	return []route{
		{method: http.MethodGet, path: setupPath, handler: s.setupPage, public: true},
		{method: http.MethodPost, path: setupPath, handler: s.makeFirstAdmin, public: true},
	}
}

// setup is what the page for making the first admin shows.
type setup struct {
	typed
	Key   string
	Least int // characters of a password
}

func (s *site) setupPage(c echo.Context) error {
	key := c.QueryParam("key")
	over, err := s.setupOver(c.Request().Context(), key)
	if err != nil {
		return err
	}
	if over {
		return c.Redirect(http.StatusSeeOther, "/signin")
	}
	return s.showSetup(c, key, typed{Form: url.Values{}})
}

func (s *site) showSetup(c echo.Context, key string, form typed) error {
	return s.render(c, "setup", page{Title: "Make the first admin", Status: form.status(), Body: setup{form, key, collateral.MinPassword}})
}

// setupOver reports whether somebody has an account already. Whoever comes before that without the secret is refused.
func (s *site) setupOver(ctx context.Context, key string) (bool, error) {
	hasUsers, err := s.access.HasUsers(ctx)
	if err != nil || hasUsers {
		return hasUsers, err
	}
	if s.setup == "" || subtle.ConstantTimeCompare([]byte(key), []byte(s.setup)) != 1 {
		return false, collateral.Errorf(collateral.Forbidden,
			"This is not the address that the server printed when it started. Each process of a server has its own, and a new one after every start; collateral user add makes the first admin as well.")
	}
	return false, nil
}

// makeFirstAdmin makes the account and signs its owner in.
func (s *site) makeFirstAdmin(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, key := c.Request().Context(), form.Get("key")
	over, err := s.setupOver(ctx, key)
	if err != nil {
		return err
	}
	if over {
		return s.done(c, "/signin", "Somebody has an account already. Sign in, or ask an admin for an account.")
	}
	user, err := s.access.CreateFirstAdmin(ctx, form.Get("name"), form.Get("email"), form.Get("password"))
	if refusal, ok := isRefusal(err); ok {
		return s.showSetup(c, key, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	session, err := s.access.SignIn(ctx, user.Email, form.Get("password"), httpd.CallOf(ctx).Address)
	if err != nil {
		return err
	}
	s.setSession(c, session.Token, session.ExpiresAt)
	return s.done(c, "/admin", "Welcome, %s. You are the first admin: make accounts for the others next.", user.Name)
}
