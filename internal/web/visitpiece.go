package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/sharing"
)

// room is a link with several pieces, or with none left.
type room struct {
	Title  string
	Until  *time.Time // within the last day on which the link is open; nil without an end
	Pieces []roomPiece
}

type roomPiece struct {
	sharing.Piece

	Address string // of its page; empty when it can no longer be seen
}

func newRoom(c echo.Context, d *sharing.Door) room {
	r := room{Title: d.Title, Until: untilOf(d)}
	for _, p := range d.Pieces {
		shown := roomPiece{Piece: p}
		if p.Version != nil {
			shown.Address = visitedAddress(c, p.AssetID)
		}
		r.Pieces = append(r.Pieces, shown)
	}
	return r
}

// untilOf is the last moment of a link: one that ends at midnight is open until the day before.
func untilOf(d *sharing.Door) *time.Time {
	if d.EndsAt == nil {
		return nil
	}
	return new(d.EndsAt.Add(-time.Microsecond))
}

// visited is a piece as the page for a visitor shows it.
type visited struct {
	sharing.Piece

	Heading string     // the piece's title, or that of a link with this piece alone
	Until   *time.Time // as of a room
	Room    string     // address of the list; empty when the link has this piece alone
	In      string     // what the list is called
	Address string     // of the piece's page
	Taken   bool       // the file can be taken
	Preview preview
	Seat    seat
}

// visitPiece shows one piece of a link. What the link asks for is asked for on its own page.
func (s *site) visitPiece(c echo.Context) error {
	d, err := s.open(c)
	if err != nil {
		return err
	}
	if d.Ask != collateral.AskNothing {
		return c.Redirect(http.StatusSeeOther, visitAddress(c))
	}
	at := slices.IndexFunc(d.Pieces, func(p sharing.Piece) bool { return p.AssetID.String() == c.Param("asset") })
	if at < 0 {
		return noDocument()
	}
	return s.renderVisited(c, d, &d.Pieces[at])
}

func noDocument() error {
	return collateral.Errorf(collateral.NotFound, "There is no such document in this link.")
}

func (s *site) renderVisited(c echo.Context, d *sharing.Door, p *sharing.Piece) error {
	v := visited{Piece: *p, Heading: d.Title, Until: untilOf(d), Address: visitedAddress(c, p.AssetID), Seat: s.seatOf(c, d)}
	if len(d.Pieces) > 1 {
		v.Heading, v.Room, v.In = p.Title, visitAddress(c), d.Title
	}
	status := http.StatusGone
	if p.Version != nil {
		var err error
		if v.Preview, err = s.visitedPreview(c.Request().Context(), p.Version, v.Address, canTake(d, p.Version)); err != nil {
			return err
		}
		v.Taken, status = canTake(d, p.Version), http.StatusOK
	}
	return s.renderVisitor(c, visitorPages+"piece", page{Title: v.Heading, Body: v, Status: status})
}

// canTake reports whether the visitor may have the file.
func canTake(d *sharing.Door, v *collateral.Version) bool {
	return d.Downloads && !v.IsLink() && (!d.Watermark || v.MediaType == "application/pdf")
}

// visitedAddress is where a piece of the link in the address has its page.
func visitedAddress(c echo.Context, asset uuid.UUID) string {
	return visitAddress(c) + "/pieces/" + asset.String()
}

// visitedPreview says how to show a version to a visitor: by pictures or the text of its pages, which a phone shows as well as
// a laptop; by itself only where there is no other way and the visitor may have the file, or where it has no pages.
func (s *site) visitedPreview(ctx context.Context, v *collateral.Version, address string, downloads bool) (preview, error) {
	p := previewOf(v, true)
	if v.IsLink() {
		return p, nil
	}
	p.Address = address + "/content"
	if p.Kind != "document" && p.Kind != "none" {
		return p, nil
	}
	pages, err := s.registry.Preview(ctx, v)
	if err != nil {
		return p, err
	}
	p.Slides, p.Coming, p.Total = isSlides(v), pages.Coming, pages.Total
	for _, page := range pages.Pages {
		p.Pages = append(p.Pages, previewPage{PreviewPage: page, Address: address + "/pages/" + strconv.Itoa(page.N)})
	}
	switch {
	case len(pages.Pages) > 0 && pages.Pictures:
		p.Kind = "pictures"
	case len(pages.Pages) > 0:
		p.Kind = "text"
	case !downloads:
		p.Kind = "none"
	}
	return p, nil
}

// visitContent serves what a page needs to show a piece. That alone confirms nobody.
func (s *site) visitContent(c echo.Context) error { return s.serveVisited(c, false) }

// takePiece serves the file to a visitor who clicked for it.
func (s *site) takePiece(c echo.Context) error {
	if visitorOf(c).Key == "" {
		return c.Redirect(http.StatusSeeOther, visitAddress(c))
	}
	return s.serveVisited(c, true)
}

func (s *site) serveVisited(c echo.Context, take bool) error {
	asset, err := uuid.Parse(c.Param("asset"))
	if err != nil {
		return noDocument()
	}
	ctx := c.Request().Context()
	content, err := s.sharing.Content(ctx, visitorOf(c), asset, take)
	if err != nil {
		return err
	}
	setVisitorHeaders(c.Response().Header())
	answer := httpd.Content{Request: httpd.CallOf(ctx).Request, Content: content, Download: take, Fleeting: true}
	return answer.Serve(c.Response())
}

// visitPicture serves how a page of a piece looks.
func (s *site) visitPicture(c echo.Context) error {
	asset, err := uuid.Parse(c.Param("asset"))
	if err != nil {
		return noDocument()
	}
	picture, err := s.sharing.Picture(c.Request().Context(), visitorOf(c), asset, pageOf(c))
	if err != nil {
		return err
	}
	setVisitorHeaders(c.Response().Header())
	return c.Blob(http.StatusOK, "image/jpeg", picture.JPEG)
}
