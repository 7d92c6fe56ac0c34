package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/sharing"
)

// visitsPath is where the pages begin that buyers see, who have no account.
const visitsPath = "/s/"

// visitorPages is the folder of their templates, which have a layout of their own.
const visitorPages = "visitor/"

func (s *site) visitRoutes() []route {
	const link, piece = visitsPath + ":token", visitsPath + ":token/pieces/:asset"
	return []route{
		{method: http.MethodGet, path: link, handler: s.visit, public: true},
		{method: http.MethodPost, path: link + "/passcode", handler: s.visitGate(s.givePasscode), public: true},
		{method: http.MethodPost, path: link + "/email", handler: s.visitGate(s.giveEmail), public: true},
		{method: http.MethodPost, path: link + "/code", handler: s.visitGate(s.giveCode), public: true},
		{method: http.MethodPost, path: link + "/open", handler: s.visitGate(s.enter), public: true},
		{method: http.MethodPost, path: link + "/attention", handler: s.attend, public: true},
		{method: http.MethodGet, path: piece, handler: s.visitPiece, public: true},
		{method: http.MethodGet, path: piece + "/content", handler: s.visitContent, public: true},
		{method: http.MethodGet, path: piece + "/pages/:page", handler: s.visitPicture, public: true},
		{method: http.MethodPost, path: piece + "/download", handler: s.takePiece, public: true},
		{method: http.MethodGet, path: "/robots.txt", handler: robots, public: true},
	}
}

func isForVisitors(path string) bool { return strings.HasPrefix(path, visitsPath) }

// robots asks crawlers to leave links alone.
func robots(c echo.Context) error {
	return c.String(http.StatusOK, "User-agent: *\nDisallow: "+visitsPath+"\n")
}

// visitAddress is where a link's page is.
func visitAddress(c echo.Context) string { return visitsPath + c.Param("token") }

// visit shows what a link leads to: what it asks for first, its piece, or the list of its pieces.
func (s *site) visit(c echo.Context) error {
	d, err := s.open(c)
	switch {
	case err != nil:
		return err
	case d.Ask != collateral.AskNothing:
		return s.renderGate(c, d, gate{})
	case len(d.Pieces) == 1:
		return s.renderVisited(c, d, &d.Pieces[0])
	}
	return s.renderVisitor(c, visitorPages+"room", page{Title: d.Title, Body: newRoom(c, d)})
}

// open finds out how the visitor stands with the link in the address, and has the browser remember who came.
func (s *site) open(c echo.Context) (*sharing.Door, error) {
	d, err := s.sharing.Open(c.Request().Context(), visitorOf(c))
	if err != nil {
		return nil, err
	}
	rememberVisitor(c, d)
	return d, nil
}

// visitorCookie tells a visitor's browser apart from others, for one link.
const visitorCookie = "collateral_visitor"

// visitorLife is how long a browser is remembered: who comes back meanwhile gives no passcode again.
const visitorLife = 30 * 24 * time.Hour

// visitorOf is what the request tells of a stranger.
func visitorOf(c echo.Context) sharing.Request {
	call := httpd.CallOf(c.Request().Context())
	r := call.Request // ours says GET for HEAD
	who := sharing.Request{Token: c.Param("token"), Address: call.Address, Method: r.Method, UserAgent: r.UserAgent(), Header: r.Header.Get}
	if carried, err := c.Cookie(visitorCookie); err == nil {
		who.Key = carried.Value
	}
	return who
}

// rememberVisitor gives a new visitor's browser its cookie. What only asks whether the page is there, or fetches it ahead, gets
// none: the person who comes after it begins a visit of their own.
func rememberVisitor(c echo.Context, d *sharing.Door) {
	came := httpd.CallOf(c.Request().Context()).Request
	if d.Key == "" || came.Method == http.MethodHead || isAhead(came.Header) {
		return
	}
	remembered := cookie(c, visitorCookie, d.Key, visitorLife) //nolint:gosec // as any of ours, for less
	remembered.Path = visitAddress(c)
	c.SetCookie(remembered)
}

// isAhead reports whether a browser fetches a page that nobody has opened yet.
func isAhead(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		purpose := strings.ToLower(h.Get(name))
		if strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "preview") {
			return true
		}
	}
	return false
}

// renderVisitor answers with a page for a visitor. It shows nothing of whoever may be signed in with the same browser.
func (s *site) renderVisitor(c echo.Context, name string, p page) error {
	p.site, p.Zone, p.Now, p.Here = s, zoneOf(c), s.now(), c.Request().URL.RequestURI()
	setPageHeaders(c.Response().Header())
	setVisitorHeaders(c.Response().Header())
	return s.writePage(c, name, p)
}

// setVisitorHeaders keeps what lies behind a link out of catalogues and caches, and its address from other sites.
func setVisitorHeaders(h http.Header) {
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set(echo.HeaderReferrerPolicy, "no-referrer")
	h.Set(echo.HeaderCacheControl, "no-store")
}

// visitorFault says a refusal to somebody who does not know what stands behind the page.
func visitorFault(f fault) fault {
	f.Fields = nil
	switch f.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		f.Heading, f.Detail = "This page is not here", "The link is not here, or not any more. Check that the address is complete, or ask the person who sent it to you."
	case http.StatusGone:
		f.Heading = "This link is closed"
	case http.StatusTooManyRequests:
		f.Heading = "Please wait a moment"
	case http.StatusForbidden:
		f.Heading = "This cannot be opened"
	case http.StatusInternalServerError:
		f.Detail = "It was noted. Please try again in a few minutes."
	}
	return f
}
