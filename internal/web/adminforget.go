package web

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

func (s *site) forgetRoutes() []route {
	who := []collateral.Role{collateral.Admin}
	return []route{
		{method: http.MethodGet, path: "/admin/people/:id/forget", handler: s.forgetting, who: who},
		{method: http.MethodPost, path: "/admin/people/:id/forget", handler: s.forgetPerson, who: who},
		{method: http.MethodGet, path: "/admin/buyers", handler: s.buyers, who: who},
		{method: http.MethodPost, path: "/admin/buyers/forget", handler: s.forgetBuyer, who: who},
	}
}

// forgetting is what the page shows on which somebody is forgotten.
type forgetting struct {
	typed
	User collateral.User
}

func (s *site) forgetting(c echo.Context) error { return s.showForgetting(c, typed{}) }

func (s *site) showForgetting(c echo.Context, form typed) error {
	user, err := s.personOf(c)
	if err != nil {
		return err
	}
	return s.render(c, "admin-forget", page{Title: "Forget " + user.Name, Area: areaAdmin, Status: form.status(), Body: forgetting{form, user}})
}

func (s *site) forgetPerson(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	said, err := s.forget(c, id)
	if refusal, ok := isRefusal(err); ok {
		return s.showForgetting(c, typed{Fault: refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/people/"+id.String(), "%s", said)
}

// forget forgets what the form says, and returns a sentence on that.
func (s *site) forget(c echo.Context, id uuid.UUID) (string, error) {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	if c.Request().PostForm.Get("what") == "account" {
		return "The account is anonymised. Uses and searches follow in the background.", s.privacy.ForgetAccount(ctx, &actor, id)
	}
	return "Uses and searches so far forget who it was; with many of them it takes a minute.", s.privacy.ForgetUses(ctx, &actor, id)
}

func (s *site) buyers(c echo.Context) error { return s.showBuyers(c, typed{}) }

func (s *site) showBuyers(c echo.Context, form typed) error {
	return s.render(c, "admin-buyers", page{Title: "Buyers", Area: areaAdmin, Status: form.status(), Body: form})
}

// forgetBuyer takes the address of a buyer out of everything.
func (s *site) forgetBuyer(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	actor := actorOf(ctx)
	forgotten, err := s.sharing.ForgetAddress(ctx, &actor, form.Get("email"))
	if refusal, ok := isRefusal(err); ok {
		return s.showBuyers(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/buyers", "The address is forgotten. %s and %s had it.", plural(forgotten.Visitors, "visitor", "visitors"), plural(forgotten.Links, "link", "links"))
}
