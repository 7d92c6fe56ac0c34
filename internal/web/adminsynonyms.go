package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

func (s *site) synonymRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/admin/synonyms", handler: s.synonyms, who: keepers()},
		{method: http.MethodPost, path: "/admin/synonyms", handler: s.addSynonyms, who: keepers()},
		{method: http.MethodGet, path: "/admin/synonyms/:id", handler: s.synonymGroup, who: keepers()},
		{method: http.MethodPost, path: "/admin/synonyms/:id", handler: s.changeSynonyms, who: keepers()},
		{method: http.MethodPost, path: "/admin/synonyms/:id/delete", handler: s.deleteSynonyms, who: keepers()},
	}
}

// synonyms is what the page of all groups shows.
type synonyms struct {
	typed
	Groups []collateral.SynonymGroup
}

func (s *site) synonyms(c echo.Context) error {
	return s.showSynonyms(c, typed{Form: url.Values{"terms": {c.QueryParam("term")}}})
}

func (s *site) showSynonyms(c echo.Context, form typed) error {
	groups, err := s.registry.Synonyms(c.Request().Context())
	if err != nil {
		return err
	}
	return s.render(c, "admin-synonyms", page{Title: "Synonyms", Area: areaAdmin, Status: form.status(), Body: synonyms{form, groups}})
}

func (s *site) addSynonyms(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	group, err := s.registry.AddSynonyms(ctx, actorOf(ctx), lines(form.Get("terms")))
	if refusal, ok := isRefusal(err); ok {
		return s.showSynonyms(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/synonyms", "From now on, whoever searches for one of %s finds the others too.", strings.Join(group.Terms, ", "))
}

// synonymGroup is what the page of one group shows.
type synonymGroup struct {
	typed
	Group collateral.SynonymGroup
}

func (s *site) synonymGroup(c echo.Context) error { return s.showSynonymGroup(c, typed{}) }

func (s *site) showSynonymGroup(c echo.Context, form typed) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	groups, err := s.registry.Synonyms(c.Request().Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(groups, func(g collateral.SynonymGroup) bool { return g.ID == id })
	if at < 0 {
		return collateral.Errorf(collateral.NotFound, "There is no such group of synonyms. Somebody may have deleted it.")
	}
	if form.Form == nil {
		form.Form = url.Values{"terms": {strings.Join(groups[at].Terms, "\n")}}
	}
	return s.render(c, "admin-synonym", page{Title: "Synonyms", Area: areaAdmin, Status: form.status(), Body: synonymGroup{form, groups[at]}})
}

func (s *site) changeSynonyms(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	group, err := s.registry.ReplaceSynonyms(ctx, actorOf(ctx), id, lines(form.Get("terms")))
	if refusal, ok := isRefusal(err); ok {
		return s.showSynonymGroup(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/synonyms", "Saved: %s.", strings.Join(group.Terms, ", "))
}

func (s *site) deleteSynonyms(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.registry.DeleteSynonyms(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return s.done(c, "/admin/synonyms", "The group is deleted.")
}
