package web

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func (s *site) linkRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/pieces/:id/share", handler: s.sharePiece},
		{method: http.MethodGet, path: "/collections/:id/share", handler: s.shareCollection},
		{method: http.MethodGet, path: "/links", handler: s.links},
		{method: http.MethodPost, path: "/links", handler: s.makeLink},
		{method: http.MethodGet, path: "/links/:id", handler: s.link},
		{method: http.MethodPost, path: "/links/:id", handler: s.changeLink},
		{method: http.MethodPost, path: "/links/:id/revoke", handler: s.revokeLink},
	}
}

// linksOfPage is how many links a page lists.
const linksOfPage = 50

// linksPage is the links that the reader made or may see, and what narrows them.
type linksPage struct {
	Links  []linkRow
	Words  string
	State  string // "live", "ended" or "" for both
	All    bool   // also those that others made
	Next   string // address of the next page; "" at the end
	Narrow bool   // something narrows the list
}

// linkRow is a link in a list.
type linkRow struct {
	*sharing.Shared

	Maker string // "" for the reader
}

func (s *site) links(c echo.Context) error {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	p := linksPage{Words: c.QueryParam("q"), State: c.QueryParam("state"), All: c.QueryParam("of") == "all"}
	filter := sharing.Filter{Words: p.Words}
	if !p.All {
		filter.Maker = actor.UserID
	}
	if p.State == "live" || p.State == "ended" {
		filter.Live = new(p.State == "live")
	}
	p.Narrow = p.Words != "" || filter.Live != nil || p.All
	links, next, err := s.sharing.Links(ctx, actor, filter, collateral.Paging{Limit: linksOfPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	if p.Links, err = s.linkRows(c, links); err != nil {
		return err
	}
	if next != "" {
		values := url.Values{"q": {p.Words}, "state": {p.State}, "of": {c.QueryParam("of")}, "cursor": {next}}
		p.Next = "/links?" + values.Encode()
	}
	return s.render(c, "links", page{Title: "Links for buyers", Area: areaShelf, Body: p})
}

func (s *site) linkRows(c echo.Context, links []*sharing.Shared) ([]linkRow, error) {
	ctx := c.Request().Context()
	makers := make([]uuid.UUID, len(links))
	for i, l := range links {
		makers[i] = l.CreatedBy
	}
	names, err := s.names(ctx, makers...)
	if err != nil {
		return nil, err
	}
	rows := make([]linkRow, len(links))
	for i, l := range links {
		rows[i] = linkRow{Shared: l}
		if l.CreatedBy != actorOf(ctx).UserID {
			rows[i].Maker = names[l.CreatedBy]
		}
	}
	return rows, nil
}

// For names whom a link is for; "" when nobody said.
func (r linkRow) For() string {
	if r.Recipient != "" {
		return r.Recipient
	}
	return r.RecipientEmail
}

func linkAddress(id uuid.UUID) string { return "/links/" + id.String() }

// linkStateWords says what became of a link.
func linkStateWords(state collateral.LinkState) string {
	switch state {
	case collateral.LinkLive:
		return "open"
	case collateral.LinkRevoked:
		return "withdrawn"
	case collateral.LinkExpired:
		return "ended"
	case collateral.LinkUsedUp:
		return "used up"
	}
	return string(state)
}
