package web

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/usage"
)

func (s *site) shelfRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/favourites", handler: s.favourites},
		{method: http.MethodGet, path: "/recent", handler: s.recent},
		{method: http.MethodGet, path: "/collections", handler: s.collections},
		{method: http.MethodPost, path: "/collections", handler: s.addCollection},
		{method: http.MethodGet, path: "/collections/:id", handler: s.collection},
		{method: http.MethodPost, path: "/collections/:id/rename", handler: s.renameCollection},
		{method: http.MethodPost, path: "/collections/:id/items", handler: s.changeCollected},
		{method: http.MethodPost, path: "/collections/:id/delete", handler: s.deleteCollection},
	}
}

// shelved is a piece on a shelf, for the part of that name.
type shelved struct {
	cardView

	Kept    collateral.Kept
	Address string
	First   bool // in its collection
	Last    bool
	Place   int // from 1
}

// shelve makes the list of a shelf; back is the address of the shelf.
func (s *site) shelve(ctx context.Context, kept []collateral.Kept, back string) ([]shelved, error) {
	var cards []*collateral.Card
	for _, k := range kept {
		if k.Card != nil {
			cards = append(cards, k.Card)
		}
	}
	views, err := s.cardViews(ctx, cards)
	if err != nil {
		return nil, err
	}
	list := make([]shelved, len(kept))
	for i, k := range kept {
		list[i] = shelved{
			cardView: views[k.AssetID], Kept: k, Address: pieceAddress(k.AssetID, "", back),
			First: i == 0, Last: i == len(kept)-1, Place: i + 1,
		}
	}
	return list, nil
}

// Up is the place above.
func (s shelved) Up() int { return max(s.Place-1, 1) }

// Down is the place below.
func (s shelved) Down() int { return s.Place + 1 }

// Gone reports that nothing is published of the piece any more.
func (s shelved) Gone() bool { return s.Kept.Card == nil }

func (s *site) favourites(c echo.Context) error {
	ctx := c.Request().Context()
	kept, err := s.registry.Favourites(ctx, actorOf(ctx))
	if err != nil {
		return err
	}
	list, err := s.shelve(ctx, kept, "/favourites")
	if err != nil {
		return err
	}
	return s.render(c, "favourites", page{Title: "Favourites", Area: areaShelf, Body: list})
}

// recentView is a piece that the reader used.
type recentView struct {
	cardView
	registry.RecentPiece

	Address string
}

// LastUses says what was done, each kind with its last time.
func (v recentView) LastUses() []lastUse {
	all := make([]lastUse, len(v.Uses))
	for i, u := range v.Uses {
		all[i] = lastUse{LastUse: u, Text: useText(u.Kind)}
	}
	return all
}

type lastUse struct {
	usage.LastUse

	Text string
}

func useText(kind collateral.UseKind) string {
	return map[collateral.UseKind]string{
		collateral.View: "opened", collateral.Download: "downloaded", collateral.Share: "sent to a buyer", collateral.Present: "presented in a call",
	}[kind]
}

// recent lists what the reader used lately, which nobody else sees.
func (s *site) recent(c echo.Context) error {
	ctx := c.Request().Context()
	pieces, err := s.registry.Recent(ctx, actorOf(ctx))
	if err != nil {
		return err
	}
	cards := make([]*collateral.Card, len(pieces))
	for i := range pieces {
		cards[i] = &pieces[i].Piece
	}
	views, err := s.cardViews(ctx, cards)
	if err != nil {
		return err
	}
	list := make([]recentView, len(pieces))
	for i, p := range pieces {
		list[i] = recentView{cardView: views[p.Piece.ID], RecentPiece: p, Address: pieceAddress(p.Piece.ID, "", "/recent")}
	}
	return s.render(c, "recent", page{Title: "Recently used", Area: areaShelf, Body: list})
}

// idField reads an id out of a form.
func idField(c echo.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Request().PostForm.Get(name))
	if err != nil {
		return uuid.Nil, unreadable()
	}
	return id, nil
}
