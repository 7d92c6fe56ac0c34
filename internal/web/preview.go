package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func (s *site) previewRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/pieces/:id/preview/:page", handler: s.picture},
		{method: http.MethodGet, path: "/pieces/:id/versions/:n/preview/:page", handler: s.versionPicture},
	}
}

// preview is how a version is shown within a page, by the part of that name.
type preview struct {
	Kind    string // "image", "video", "audio", "document", "html", "link", "pictures", "text" or "none"
	Address string // of the content, or of a link
	Version *collateral.Version
	Pages   []previewPage // of pictures and of text
	Total   int           // pages of the file, also those that are not shown
	Slides  bool          // its pages are called slides
	Coming  bool          // pictures of its pages are being made
	Seat    *seat         // for telling for how long it was looked at; nil when nothing of it is on the page
}

// previewPage is a page of a file within a preview.
type previewPage struct {
	collateral.PreviewPage

	Address string // of its picture
}

// preview says how to show a version: the published one, which counts as a use when it is looked at, or any other to those who
// may see it.
func (s *site) preview(ctx context.Context, v *collateral.Version, published bool) (preview, error) {
	p := previewOf(v, published)
	p.Seat = s.viewingSeat(ctx, v)
	if p.Kind != "document" && p.Kind != "none" || isPlainText(v) {
		return p, nil // the browser shows it itself
	}
	pages, err := s.registry.Preview(ctx, v)
	p.Slides, p.Coming = isSlides(v), pages.Coming
	if err != nil || len(pages.Pages) == 0 {
		return p, err
	}
	switch {
	case pages.Pictures:
		p.Kind = "pictures"
	case p.Kind == "none":
		p.Kind = "text"
	default:
		return p, nil // the browser has a viewer for PDFs, which shows more than their text
	}
	p.Total = pages.Total
	for _, page := range pages.Pages {
		address := strings.TrimSuffix(p.Address, "/content") + "/preview/" + strconv.Itoa(page.N) + "?of=" + v.SHA256[:12]
		p.Pages = append(p.Pages, previewPage{PreviewPage: page, Address: address})
	}
	return p, nil
}

// previewOf says how a browser shows a version by itself.
func previewOf(v *collateral.Version, published bool) preview {
	p := preview{Kind: previewKind(v), Version: v, Address: fmt.Sprintf("/pieces/%s/versions/%d/content", v.AssetID, v.N)}
	switch {
	case v.IsLink():
		p.Address = v.URL
	case published:
		p.Address = fmt.Sprintf("/pieces/%s/content", v.AssetID)
	}
	return p
}

func previewKind(v *collateral.Version) string {
	media, _, _ := strings.Cut(v.MediaType, ";")
	general, _, _ := strings.Cut(media, "/")
	switch {
	case v.Purged:
		return "none"
	case v.IsLink():
		return "link"
	case media == "application/pdf", media == "text/plain":
		return "document"
	case media == "text/html", media == "image/svg+xml", media == "application/xhtml+xml":
		return "html"
	case general == "image" || general == "video" || general == "audio":
		return general
	}
	return "none"
}

func isSlides(v *collateral.Version) bool {
	return strings.Contains(v.MediaType, "presentation") || strings.Contains(v.MediaType, "powerpoint")
}

func isPlainText(v *collateral.Version) bool { return strings.HasPrefix(v.MediaType, "text/plain") }

// Name is what a page of the file is called: "Slide 3".
func (p preview) Name(page previewPage) string {
	if p.Slides {
		return "Slide " + strconv.Itoa(page.N)
	}
	return "Page " + strconv.Itoa(page.N)
}

// firstWords bounds how much of a page's text stands for its picture, in words.
const firstWords = 25

// Alt tells of a page to who cannot see its picture: where it is, and how it begins.
func (p preview) Alt(page previewPage) string {
	words := strings.Fields(page.Text)
	if len(words) == 0 {
		return p.Name(page)
	}
	if len(words) > firstWords {
		words = append(words[:firstWords], "…")
	}
	return p.Name(page) + ": " + strings.Join(words, " ")
}

// Rest is how many pages of the file are not shown.
func (p preview) Rest() int {
	if len(p.Pages) == 0 {
		return 0
	}
	return p.Total - p.Pages[len(p.Pages)-1].N
}

// picture serves how a page looks of what is published of a piece. Who looks at the pages has opened the piece.
func (s *site) picture(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	picture, err := s.registry.PublishedPicture(ctx, actor, id, pageOf(c))
	if err != nil {
		return err
	}
	s.registry.Opened(context.WithoutCancel(ctx), actor, picture.Version, collateral.View)
	return servePicture(c, picture)
}

// versionPicture serves how a page of one version looks, to those who make the piece and those who sign it.
func (s *site) versionPicture(c echo.Context) error {
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
	picture, err := s.registry.VersionPicture(ctx, actor, id, n, pageOf(c))
	if err != nil {
		return err
	}
	s.registry.Looked(ctx, actor, picture.Version)
	return servePicture(c, picture)
}

// pageOf reads the number of a page in an address; what is none is no page of any file.
func pageOf(c echo.Context) int {
	page, err := strconv.Atoi(c.Param("page"))
	if err != nil {
		return 0
	}
	return page
}

// servePicture lets the browser keep a picture for an hour; its address changes with the file.
func servePicture(c echo.Context, p *registry.Picture) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "private, max-age=3600")
	return c.Blob(http.StatusOK, "image/jpeg", p.JPEG)
}
