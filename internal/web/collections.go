package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// collectionsPage is the reader's collections, and a form for a new one.
type collectionsPage struct {
	All   []collateral.Collection
	Name  string
	Fault *collateral.Error
}

func (s *site) collections(c echo.Context) error {
	return s.renderCollections(c, collectionsPage{}, http.StatusOK)
}

func (s *site) renderCollections(c echo.Context, p collectionsPage, status int) (err error) {
	ctx := c.Request().Context()
	if p.All, err = s.registry.Collections(ctx, actorOf(ctx)); err != nil {
		return err
	}
	return s.render(c, "collections", page{Title: "Collections", Area: areaShelf, Body: p, Status: status})
}

func (s *site) addCollection(c echo.Context) error {
	ctx, name := c.Request().Context(), c.Request().PostForm.Get("name")
	made, err := s.registry.AddCollection(ctx, actorOf(ctx), name)
	if refusal, refused := isRefusal(err); refused {
		status, _ := statusOf(refusal.Kind)
		return s.renderCollections(c, collectionsPage{Name: name, Fault: refusal}, status)
	}
	if err != nil {
		return err
	}
	return s.done(c, collectionAddress(made.ID), "The collection is there. Put pieces into it from their pages.")
}

// collectionPage is one collection.
type collectionPage struct {
	Collection *collateral.Collection
	Pieces     []shelved
	Name       string // as typed
	Fault      *collateral.Error
}

func (s *site) collection(c echo.Context) error {
	return s.renderCollection(c, "", nil, http.StatusOK)
}

func (s *site) renderCollection(c echo.Context, typed string, fault *collateral.Error, status int) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	found, kept, err := s.registry.Collection(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	p := collectionPage{Collection: found, Name: found.Name, Fault: fault}
	if fault != nil {
		p.Name = typed
	}
	if p.Pieces, err = s.shelve(ctx, kept, collectionAddress(id)); err != nil {
		return err
	}
	return s.render(c, "collection", page{Title: found.Name, Area: areaShelf, Body: p, Status: status})
}

func (s *site) renameCollection(c echo.Context) error {
	name := c.Request().PostForm.Get("name")
	return s.onCollection(c, name, "The collection has its new name.", func(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
		_, err := s.registry.RenameCollection(ctx, actor, id, name)
		return err
	})
}

// changeCollected moves a piece to a place, or takes it out with the place "out".
func (s *site) changeCollected(c echo.Context) error {
	asset, err := idField(c, "asset")
	if err != nil {
		return err
	}
	to := c.Request().PostForm.Get("place")
	if to == "out" {
		return s.onCollection(c, "", "It is out of the collection.", func(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
			_, err := s.registry.Uncollect(ctx, actor, id, asset)
			return err
		})
	}
	place, err := strconv.Atoi(to)
	if err != nil || place < 1 {
		return unreadable()
	}
	return s.onCollection(c, "", "Moved.", func(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
		_, err := s.registry.Collect(ctx, actor, id, asset, place)
		return err
	})
}

// onCollection changes the collection in the address and shows it again.
func (s *site) onCollection(c echo.Context, typed, sentence string, change func(context.Context, collateral.Actor, uuid.UUID) error) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = change(ctx, actorOf(ctx), id)
	if refusal, refused := isRefusal(err); refused {
		status, _ := statusOf(refusal.Kind)
		return s.renderCollection(c, typed, refusal, status)
	}
	if err != nil {
		return err
	}
	return s.done(c, collectionAddress(id), "%s", sentence)
}

func (s *site) deleteCollection(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.registry.DeleteCollection(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return s.done(c, "/collections", "The collection is deleted. The pieces stay where they are.")
}

func collectionAddress(id uuid.UUID) string { return "/collections/" + id.String() }
