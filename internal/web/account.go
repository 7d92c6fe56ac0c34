package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *site) accountRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/account", handler: s.accountPage},
		{method: http.MethodPost, path: "/account/password", handler: s.changePassword},
		{method: http.MethodPost, path: "/account/mail", handler: s.chooseMail},
		{method: http.MethodPost, path: "/account/sessions", handler: s.signOutOthers},
		{method: http.MethodPost, path: "/account/tokens", handler: s.makeToken},
		{method: http.MethodPost, path: "/account/tokens/:id/delete", handler: s.deleteToken},
	}
}

// account is what a person's own page shows.
type account struct {
	User     collateral.User
	Tokens   []collateral.Token
	Next     string // the address of the next page of tokens
	Least    int    // characters of a password
	Mails    bool   // notices are mailed here
	Mail     bool   // to this person too
	Password typed
	Token    typed
}

func (s *site) accountPage(c echo.Context) error { return s.showAccount(c, account{}) }

// showAccount shows the page with forms as they were typed.
func (s *site) showAccount(c echo.Context, shown account) error {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	var err error
	if shown.User, err = s.access.Me(ctx, actor); err != nil {
		return err
	}
	if shown.Mails = s.registry.Mail != nil; shown.Mails {
		if shown.Mail, err = s.access.Mail(ctx, actor); err != nil {
			return err
		}
	}
	paging := collateral.Paging{Limit: linesPerPage}
	if c.Request().Method == http.MethodGet {
		paging.Cursor = c.QueryParam("cursor")
	}
	var next string
	if shown.Tokens, next, err = s.access.Tokens(ctx, actor, paging); err != nil {
		return err
	}
	shown.Next, shown.Least = nextPage("/account", nil, next), collateral.MinPassword
	if shown.Token.Form == nil {
		shown.Token.Form = url.Values{"role": roleNames(shown.User.Roles)}
	}
	status := max(shown.Password.status(), shown.Token.status())
	return s.render(c, "account", page{Title: "Your account", Status: status, Body: shown})
}

func (s *site) changePassword(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	next := form.Get("new_password")
	err := s.access.ChangePassword(ctx, actorOf(ctx), form.Get("current_password"), next, httpd.CallOf(ctx).Token)
	if refusal, ok := isRefusal(err); ok {
		return s.showAccount(c, account{Password: typed{Fault: refusal}})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/account", "Your password is changed. You stay signed in here; wherever else you were signed in, you are asked for it.")
}

func (s *site) chooseMail(c echo.Context) error {
	ctx := c.Request().Context()
	wanted := c.Request().PostForm.Get("wanted") == "1"
	if err := s.access.SetMail(ctx, actorOf(ctx), wanted); err != nil {
		return err
	}
	if wanted {
		return s.done(c, "/account", "Notices are mailed to you from now on.")
	}
	return s.done(c, "/account", "No more mails to you. Your notices stand behind the bell.")
}

func (s *site) signOutOthers(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.access.SignOutOthers(ctx, actorOf(ctx), httpd.CallOf(ctx).Token); err != nil {
		return err
	}
	return s.done(c, "/account", "You are signed out everywhere else.")
}

// madeToken is what is shown this once of a new token.
type madeToken struct {
	Token  collateral.Token
	Secret string
	Site   string // http://host, as the browser knows it
}

func (s *site) makeToken(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	wanted := collateral.NewToken{Name: form.Get("name"), Scope: collateral.TokenScope(form.Get("scope"))}
	if wanted.Scope != collateral.ReportUses { // the choices of roles say nothing then
		wanted.Roles = rolesOf(form["role"])
	}
	var err error
	if end := form.Get("ends"); end != "" {
		if wanted.ExpiresAt, err = endOfDay(end, zoneOf(c)); err != nil {
			err = collateral.Fault("/expires_at", "Write the day on which the token ends like 2027-03-31.")
		}
	}
	var token collateral.Token
	var secret string
	if err == nil {
		token, secret, err = s.access.CreateToken(ctx, actorOf(ctx), wanted)
	}
	if refusal, ok := isRefusal(err); ok {
		return s.showAccount(c, account{Token: typed{Form: form, Fault: refusal}})
	}
	if err != nil {
		return err
	}
	return s.render(c, "account-token", page{Title: "Your new token", Body: madeToken{token, secret, siteOf(c)}})
}

func (s *site) deleteToken(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.access.DeleteToken(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return s.done(c, "/account", "The token is deleted: what uses it is not let in any more.")
}

// siteOf is the address of this site as the browser knows it.
func siteOf(c echo.Context) string {
	if isSecure(c) {
		return "https://" + c.Request().Host
	}
	return "http://" + c.Request().Host
}
