package web

import (
	"errors"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// leaving is what the page shows on which an account is deactivated: what follows, and what to do before.
type leaving struct {
	typed
	User   collateral.User
	Pieces []*collateral.Asset // some of those that the person owns
	More   bool
	Heirs  []collateral.User // some of those who could take them over
}

// maxHeirs is how many people are suggested; any other can be typed.
const maxHeirs = 200

func (s *site) leaving(c echo.Context) error { return s.showLeaving(c, typed{Form: url.Values{}}) }

func (s *site) showLeaving(c echo.Context, form typed) error {
	user, err := s.personOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	shown := leaving{typed: form, User: user}
	var next string
	shown.Pieces, next, err = s.registry.Assets(ctx, actor, registry.AssetFilter{Owners: []uuid.UUID{user.ID}}, collateral.Paging{Limit: linesPerPage})
	if err != nil {
		return err
	}
	shown.More = next != ""
	if len(shown.Pieces) > 0 {
		filter := collateral.UserFilter{Role: collateral.Marketer, Active: new(true)}
		if shown.Heirs, _, err = s.access.Users(ctx, actor, filter, collateral.Paging{Limit: maxHeirs}); err != nil {
			return err
		}
	}
	return s.render(c, "admin-leave", page{Title: "Deactivate " + user.Name, Area: areaAdmin, Status: form.status(), Body: shown})
}

// handOver gives everything that the person owns to somebody else.
func (s *site) handOver(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	heir, err := s.access.UserByEmail(ctx, form.Get("owner"))
	if refusal, ok := errors.AsType[*collateral.Error](err); ok && refusal.Kind == collateral.NotFound {
		err = collateral.Fault("/owner", "%s", refusal.Message)
	}
	n := 0
	if err == nil {
		n, err = s.registry.HandOver(ctx, actorOf(ctx), id, heir.ID)
	}
	if refusal, ok := isRefusal(err); ok {
		return s.showLeaving(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/people/"+id.String()+"/leave", "%s now %s to %s.", plural(n, "piece", "pieces"), belong(n), heir.Name)
}

func belong(n int) string {
	if n == 1 {
		return "belongs"
	}
	return "belong"
}

func (s *site) deactivate(c echo.Context) error {
	user, err := s.setActive(c, false)
	if refusal, ok := isRefusal(err); ok {
		return s.showLeaving(c, typed{Form: url.Values{}, Fault: refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/people/"+user.ID.String(), "%s cannot sign in any more, and is signed out everywhere.", user.Name)
}

func (s *site) activate(c echo.Context) error {
	user, err := s.setActive(c, true)
	if err != nil {
		return err
	}
	return s.done(c, "/admin/people/"+user.ID.String(), "%s can sign in again.", user.Name)
}

func (s *site) setActive(c echo.Context, active bool) (collateral.User, error) {
	id, err := idOf(c)
	if err != nil {
		return collateral.User{}, err
	}
	ctx := c.Request().Context()
	return s.access.ChangeUser(ctx, actorOf(ctx), id, access.UserChange{Active: &active})
}
