package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

func (s *site) adminRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/admin", handler: s.admin, who: keepers()},
	}
}

// keepers are those who keep what everybody works with: leaders the stages and synonyms, admins everything.
func keepers() []collateral.Role { return []collateral.Role{collateral.Leader, collateral.Admin} }

// tile is a way from the overview to one of the admin's pages.
type tile struct {
	Path, Name, About string
}

func (s *site) admin(c echo.Context) error {
	tiles := []tile{
		{"/admin/stages", "Buying stages", "What the buyer goes through: names, order, questions and milestones."},
		{"/admin/synonyms", "Synonyms", "Terms that mean the same to whoever searches."},
	}
	if actorOf(c.Request().Context()).Is(collateral.Admin) {
		tiles = append([]tile{{"/admin/people", "People", "Accounts, roles, passwords, and who leaves."}}, append(tiles,
			tile{"/admin/lists", "Personas, industries, products", "The values that pieces may carry."},
			tile{"/admin/buyers", "Buyers", "Have a buyer's e-mail address forgotten, on request."},
			tile{"/admin/webhooks", "Webhooks", "Other systems that are told what happens here."},
			tile{"/admin/audit", "Audit log", "Who did what, and when."},
			tile{"/admin/state", "State of the machine", "Database, files, search, and the work in the background."},
		)...)
	}
	return s.render(c, "admin", page{Title: "Admin", Area: areaAdmin, Body: tiles})
}
