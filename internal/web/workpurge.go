package web

import (
	"fmt"
	"net/url"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// purging is what the page shows on which the bytes of a version are deleted for good: what follows.
type purging struct {
	typed
	Piece     *collateral.Asset
	Version   *collateral.Version
	Elsewhere []*collateral.Asset // other pieces of the same bytes, which keep them
}

func (s *site) purging(c echo.Context) error { return s.showPurging(c, typed{Form: url.Values{}}) }

func (s *site) showPurging(c echo.Context, form typed) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	n, err := numberOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	looked, err := s.registry.Reviewing(ctx, actorOf(ctx), id, n)
	if err != nil {
		return err
	}
	shown := purging{typed: form, Piece: looked.Asset, Version: looked.Version}
	if shown.Elsewhere, err = s.registry.SameContent(ctx, actorOf(ctx), looked.Version.SHA256, id); err != nil {
		return err
	}
	title := fmt.Sprintf("Purge version %d of %s", n, looked.Asset.Title)
	return s.render(c, "work-purge", page{Title: title, Area: areaWork, Status: form.status(), Body: shown})
}

func (s *site) purge(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	n, err := numberOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	_, err = s.registry.Purge(ctx, actorOf(ctx), id, n, form.Get("reason"))
	if refusal, ok := isRefusal(err); ok {
		return s.showPurging(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/work/"+id.String(), "The bytes of version %d are deleted for good. What was decided on it stays.", n)
}
