package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func (s *site) listRoutes() []route {
	who := []collateral.Role{collateral.Admin}
	return []route{
		{method: http.MethodGet, path: "/admin/lists", handler: s.lists, who: who},
		{method: http.MethodPost, path: "/admin/lists/:facet", handler: s.changeList, who: who},
	}
}

// listed is a list of values as the page shows it.
type listed struct {
	typed
	collateral.Taxonomy
	Name string
	Uses map[string]int // how many pieces carry each value
}

func (s *site) lists(c echo.Context) error { return s.showLists(c, "", typed{Form: url.Values{}}) }

// showLists shows the page with the form of one list as it was typed.
func (s *site) showLists(c echo.Context, of collateral.Facet, form typed) error {
	ctx := c.Request().Context()
	lists, err := s.registry.Taxonomies(ctx)
	if err != nil {
		return err
	}
	uses, err := s.registry.TaxonomyUses(ctx)
	if err != nil {
		return err
	}
	shown := make([]listed, len(lists))
	for i, t := range lists {
		shown[i] = listed{Taxonomy: t, Name: listName(t.Facet), Uses: uses[t.Facet]}
		if t.Facet == of {
			shown[i].typed = form
		}
	}
	return s.render(c, "admin-lists", page{Title: "Personas, industries, products", Area: areaAdmin, Status: form.status(), Body: shown})
}

func listName(f collateral.Facet) string {
	switch f {
	case collateral.Persona:
		return "Personas"
	case collateral.Industry:
		return "Industries"
	}
	return "Products"
}

// changeList adds values, removes one, or opens or closes the list, whichever button was pressed.
func (s *site) changeList(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	facet := collateral.Facet(c.Param("facet"))
	var change registry.TaxonomyChange
	var said string
	switch form.Get("do") {
	case "add":
		change.Add = strings.FieldsFunc(form.Get("values"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' })
		if len(change.Add) == 0 {
			return s.showLists(c, facet, typed{form, collateral.Fault("/add", "Write at least one value.")})
		}
		said = "Added: " + strings.Join(change.Add, ", ") + "."
	case "remove":
		change.Remove = []string{form.Get("value")}
		said = "Removed: " + form.Get("value") + ". Pieces that carry it keep it until they are changed."
	case "close":
		change.Closed = new(true)
		said = "The list is closed: pieces take only values that are in it."
	case "open":
		change.Closed = new(false)
		said = "The list is open: a new value is taken when a piece first carries it."
	default:
		return unreadable()
	}
	_, err := s.registry.ChangeTaxonomy(ctx, actorOf(ctx), facet, change)
	if refusal, ok := isRefusal(err); ok {
		return s.showLists(c, facet, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/lists#"+string(facet), "%s", said)
}
