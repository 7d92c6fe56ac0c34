package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"collateral/internal/access"
	"collateral/internal/collateral"
)

func (s *site) peopleRoutes() []route {
	who := []collateral.Role{collateral.Admin}
	return []route{
		{method: http.MethodGet, path: "/admin/people", handler: s.people, who: who},
		{method: http.MethodPost, path: "/admin/people", handler: s.addPerson, who: who},
		{method: http.MethodGet, path: "/admin/people/new", handler: s.newPerson, who: who},
		{method: http.MethodGet, path: "/admin/people/:id", handler: s.person, who: who},
		{method: http.MethodPost, path: "/admin/people/:id", handler: s.changePerson, who: who},
		{method: http.MethodPost, path: "/admin/people/:id/password", handler: s.newPassword, who: who},
		{method: http.MethodGet, path: "/admin/people/:id/leave", handler: s.leaving, who: who},
		{method: http.MethodPost, path: "/admin/people/:id/leave", handler: s.deactivate, who: who},
		{method: http.MethodPost, path: "/admin/people/:id/handover", handler: s.handOver, who: who},
		{method: http.MethodPost, path: "/admin/people/:id/activate", handler: s.activate, who: who},
	}
}

// people is what the list of accounts shows.
type people struct {
	Users       []collateral.User
	Roles       []collateral.Role
	Text        string
	Role, State string
	Next        string
}

func (s *site) people(c echo.Context) error {
	ctx, query := c.Request().Context(), c.QueryParams()
	shown := people{Roles: collateral.Roles(), Text: query.Get("q"), Role: query.Get("role"), State: query.Get("state")}
	filter := collateral.UserFilter{Text: shown.Text, Role: collateral.Role(shown.Role)}
	switch shown.State {
	case "active":
		filter.Active = new(true)
	case "inactive":
		filter.Active = new(false)
	}
	var next string
	var err error
	paging := collateral.Paging{Limit: linesPerPage, Cursor: query.Get("cursor")}
	if shown.Users, next, err = s.access.Users(ctx, actorOf(ctx), filter, paging); err != nil {
		return err
	}
	shown.Next = nextPage("/admin/people", query, next)
	return s.render(c, "admin-people", page{Title: "People", Area: areaAdmin, Wide: true, Body: shown})
}

// newAccount is what the page for a new account shows.
type newAccount struct {
	typed
	Roles []collateral.Role
}

func (s *site) newPerson(c echo.Context) error { return s.showNewPerson(c, typed{Form: url.Values{}}) }

func (s *site) showNewPerson(c echo.Context, form typed) error {
	return s.render(c, "admin-person-new", page{Title: "New account", Area: areaAdmin, Status: form.status(), Body: newAccount{form, collateral.Roles()}})
}

// madePassword is what is shown this once of a password made by the registry.
type madePassword struct {
	User     collateral.User
	Password string
	New      bool // the account is, too
	Site     string
}

func (s *site) addPerson(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	actor := actorOf(ctx)
	wanted := collateral.NewUser{Email: form.Get("email"), Name: form.Get("name"), Team: form.Get("team"), Roles: rolesOf(form["role"])}
	user, password, err := s.access.CreateUser(ctx, &actor, wanted, "")
	if refusal, ok := isRefusal(err); ok {
		return s.showNewPerson(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.showPassword(c, madePassword{User: user, Password: password, New: true})
}

func (s *site) showPassword(c echo.Context, made madePassword) error {
	made.Site = siteOf(c)
	return s.render(c, "admin-password", page{Title: "Password of " + made.User.Name, Area: areaAdmin, Body: made})
}

// personPage is what the page of one account shows.
type personPage struct {
	typed
	User  collateral.User
	Roles []collateral.Role
	Self  bool
}

func (s *site) person(c echo.Context) error { return s.showPerson(c, typed{}) }

func (s *site) showPerson(c echo.Context, form typed) error {
	user, err := s.personOf(c)
	if err != nil {
		return err
	}
	if form.Form == nil {
		form.Form = url.Values{"email": {user.Email}, "name": {user.Name}, "team": {user.Team}, "role": roleNames(user.Roles)}
	}
	shown := personPage{form, user, collateral.Roles(), user.ID == actorOf(c.Request().Context()).UserID}
	return s.render(c, "admin-person", page{Title: user.Name, Area: areaAdmin, Status: form.status(), Body: shown})
}

// personOf is whom the address of the page names.
func (s *site) personOf(c echo.Context) (collateral.User, error) {
	id, err := idOf(c)
	if err != nil {
		return collateral.User{}, err
	}
	return s.access.User(c.Request().Context(), id)
}

func (s *site) changePerson(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	change := access.UserChange{
		Email: new(form.Get("email")), Name: new(form.Get("name")), Team: new(form.Get("team")), Roles: new(rolesOf(form["role"])),
	}
	user, err := s.access.ChangeUser(ctx, actorOf(ctx), id, change)
	if refusal, ok := isRefusal(err); ok {
		return s.showPerson(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/people/"+id.String(), "%s is saved. Roles hold from the next page on that %s opens.", user.Name, user.Name)
}

func (s *site) newPassword(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	user, password, err := s.access.NewPassword(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	return s.showPassword(c, madePassword{User: user, Password: password})
}
