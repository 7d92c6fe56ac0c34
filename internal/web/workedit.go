package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// workEdit is what the page shows on which a piece is described.
type workEdit struct {
	Form      pieceForm
	Piece     *collateral.Asset // as it is stored; nil before that
	Fault     *collateral.Error
	Wrong     map[string]string // by input: what is wrong with it
	Missing   []collateral.Field
	Conflict  []difference
	Taken     *collateral.Version // with this very form
	Warnings  []string
	Kept      bool // the piece was made without what is marked
	Stages    []collateral.Stage
	Types     []collateral.Type
	Audiences []collateral.Audience
	Lists     map[string]collateral.Taxonomy // by facet
	MaxUpload int64
	MinRole   int
}

func (s *site) newPiece(c echo.Context) error {
	form := newForm(s.registry.NewID())
	form.Title = c.QueryParam("title")
	return s.showForm(c, http.StatusOK, workEdit{Form: form})
}

func (s *site) editPiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := s.registry.Asset(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	if !a.IsContributor(actorOf(ctx).UserID) {
		return collateral.Errorf(collateral.Forbidden, "Only the owner and the co-authors work on this piece.")
	}
	return s.showForm(c, http.StatusOK, workEdit{Form: formOf(a), Piece: a})
}

func (s *site) showForm(c echo.Context, status int, body workEdit) error {
	ctx := c.Request().Context()
	var err error
	if body.Stages, err = s.registry.Stages(ctx); err != nil {
		return err
	}
	lists, err := s.registry.Taxonomies(ctx)
	if err != nil {
		return err
	}
	body.Lists = map[string]collateral.Taxonomy{}
	for _, list := range lists {
		body.Lists[string(list.Facet)] = list
	}
	body.Types, body.Audiences = slices.Sorted(slices.Values(collateral.Types())), collateral.Audiences()
	body.MaxUpload, body.MinRole = s.registry.MaxUpload, collateral.MinRole
	judged := body.Piece
	if judged == nil {
		judged = &collateral.Asset{}
	}
	body.Missing = registry.Missing(judged)
	title := "New piece"
	if body.Piece != nil {
		title = "Edit " + body.Piece.Title
	}
	return s.render(c, "workedit", page{Title: title, Area: areaWork, Status: status, Body: body})
}
