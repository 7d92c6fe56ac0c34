package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

func (s *site) homeRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/", handler: s.home},
	}
}

// home is what the page for searching shows.
type home struct {
	Stages []collateral.Stage
}

func (s *site) home(c echo.Context) error {
	stages, err := s.registry.Stages(c.Request().Context())
	if err != nil {
		return err
	}
	return s.render(c, "home", page{Title: "Find collateral", Area: areaFind, Body: home{Stages: stages}})
}
