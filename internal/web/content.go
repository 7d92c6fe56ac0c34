package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *site) contentRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/pieces/:id/content", handler: s.content},
		{method: http.MethodGet, path: "/pieces/:id/versions/:n/content", handler: s.versionContent},
	}
}

// content serves what is published of a piece, and records the use.
func (s *site) content(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	content, err := s.registry.Content(ctx, actor, id)
	if err != nil {
		return err
	}
	kind := collateral.View
	if isDownload(c) {
		kind = collateral.Download
	}
	return serve(c, content, func() { s.registry.Opened(context.WithoutCancel(ctx), actor, content.Version, kind) })
}

// versionContent serves one version to those who make the piece and those who sign it, which is no use in the field. That an
// approver looked is noted.
func (s *site) versionContent(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	n, err := numberOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	content, err := s.registry.VersionContent(ctx, actor, id, n)
	if err != nil {
		return err
	}
	return serve(c, content, func() { s.registry.Looked(ctx, actor, content.Version) })
}

func serve(c echo.Context, content *registry.Content, used func()) error {
	return httpd.Content{Request: httpd.CallOf(c.Request().Context()).Request, Content: content, Download: isDownload(c), Used: used}.Serve(c.Response())
}

func isDownload(c echo.Context) bool { return c.QueryParam("download") == "1" }

// idOf reads the id in a page's address. What is no id leads to nothing.
func idOf(c echo.Context) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return uuid.Nil, collateral.Errorf(collateral.NotFound, "There is nothing at this address.")
	}
	return id, nil
}

// numberOf reads the number of a version in a page's address.
func numberOf(c echo.Context) (int, error) {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 1 {
		return 0, collateral.Errorf(collateral.NotFound, "There is nothing at this address.")
	}
	return n, nil
}
