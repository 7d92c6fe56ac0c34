package web

import (
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *site) signInRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/signin", handler: s.signInPage, public: true},
		{method: http.MethodPost, path: "/signin", handler: s.signIn, public: true},
		{method: http.MethodPost, path: "/signout", handler: s.signOut},
		{method: http.MethodGet, path: "/formtoken", handler: s.formToken},
	}
}

// signIn is what the page for signing in shows.
type signIn struct {
	Next   string
	Email  string
	Fault  string
	Kept   *kept
	NoUser bool // nobody has an account yet
}

func (s *site) signInPage(c echo.Context) error {
	next := localPath(c.QueryParam("next"))
	if actorOf(c.Request().Context()).UserID != uuid.Nil {
		return c.Redirect(http.StatusSeeOther, next)
	}
	hasUsers, err := s.access.HasUsers(c.Request().Context())
	if err != nil {
		return err
	}
	return s.render(c, "signin", page{Title: "Sign in", Body: signIn{Next: next, NoUser: !hasUsers}})
}

func (s *site) signIn(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	asked := signIn{Next: localPath(form.Get("next")), Email: form.Get("email"), Kept: parseKept(form.Get("kept"))}
	session, err := s.access.SignIn(ctx, asked.Email, form.Get("password"), httpd.CallOf(ctx).Address)
	if err != nil {
		return s.signInAgain(c, asked, err)
	}
	s.setSession(c, session.Token, session.ExpiresAt)
	if asked.Kept == nil {
		return c.Redirect(http.StatusSeeOther, asked.Next)
	}
	return s.resume(c, session, asked.Kept)
}

func (s *site) signInAgain(c echo.Context, asked signIn, err error) error {
	refusal, ok := errors.AsType[*collateral.Error](err)
	if !ok || refusal.Kind != collateral.Unauthenticated && refusal.Kind != collateral.TooMany && refusal.Kind != collateral.Invalid {
		return err
	}
	status, _ := statusOf(refusal.Kind)
	asked.Fault = refusal.Message
	return s.render(c, "signin", page{Title: "Sign in", Status: status, Body: asked})
}

// resume offers to send the form again that was sent when the session was over.
func (s *site) resume(c echo.Context, session access.Session, k *kept) error {
	call := httpd.CallOf(c.Request().Context())
	call.Token, call.Actor = session.Token, collateral.Actor{UserID: session.User.ID, Roles: session.User.Roles}
	return s.render(c, "resume", page{Title: "Signed in again", Body: k})
}

func (s *site) signOut(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.access.SignOut(ctx, httpd.CallOf(ctx).Token); err != nil {
		return err
	}
	endSession(c)
	return s.done(c, "/signin", "You are signed out.")
}

// formToken tells a script the token of this session, for a form that was opened in an earlier one.
func (s *site) formToken(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSON(http.StatusOK, map[string]string{"token": formToken(httpd.CallOf(c.Request().Context()).Token)})
}
