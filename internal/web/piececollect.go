package web

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// collectionChoice is a collection of the reader's, and whether the piece is in it.
type collectionChoice struct {
	collateral.Collection

	Has bool
}

// collectForm puts a piece into a collection, or into a new one.
type collectForm struct {
	Name  string // of a new one
	Fault *collateral.Error
}

func (s *site) showShelves(ctx context.Context, actor collateral.Actor, v *pieceView) error {
	among, err := s.registry.FavouritesAmong(ctx, actor, v.Asset.ID)
	if err != nil {
		return err
	}
	v.Favourite = among[v.Asset.ID]
	all, err := s.registry.Collections(ctx, actor)
	if err != nil || len(all) == 0 {
		return err
	}
	with, err := s.registry.CollectionsWith(ctx, actor, v.Asset.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		v.Collections = append(v.Collections, collectionChoice{Collection: c, Has: slices.Contains(with, c.ID)})
	}
	return nil
}

// collectPiece puts a piece into the collection that was chosen, or into a new one of the name that was typed.
func (s *site) collectPiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	from, name := readCameFrom(form), strings.TrimSpace(form.Get("name"))
	into, err := s.collect(c.Request().Context(), id, form.Get("collection"), name)
	refusal, refused := isRefusal(err)
	switch {
	case refused:
		v, err := s.pieceView(c, from)
		if err != nil {
			return err
		}
		v.Collecting = collectForm{Name: name, Fault: refusal}
		status, _ := statusOf(refusal.Kind)
		return s.renderPiece(c, v, status)
	case err != nil:
		return err
	}
	return s.done(c, from.of(id), "It is in your collection “%s”.", into.Name)
}

func (s *site) collect(ctx context.Context, asset uuid.UUID, chosen, name string) (*collateral.Collection, error) {
	actor := actorOf(ctx)
	if name != "" {
		c, err := s.registry.AddCollection(ctx, actor, name)
		if err != nil {
			return nil, err
		}
		return s.registry.Collect(ctx, actor, c.ID, asset, 0)
	}
	id, err := uuid.Parse(chosen)
	if err != nil {
		return nil, collateral.Fault("/name", "Choose a collection, or give a new one a name.")
	}
	return s.registry.Collect(ctx, actor, id, asset, 0)
}
