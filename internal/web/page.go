package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

//go:embed templates
var templates embed.FS

// pages are the templates by name: "piece" is templates/piece.html within templates/layout.html, and "visitor/piece" is
// templates/visitor/piece.html within the layout there, each with the parts in templates/parts at hand.
type pages map[string]*template.Template

func parsePages() (pages, error) {
	all := pages{}
	for _, folder := range []string{"", visitorPages} {
		if err := all.parse(folder); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parse reads the pages that share a layout. The folder is "" or ends with a slash.
func (all pages) parse(folder string) error {
	frame, err := template.New("layout.html").Funcs(functions()).ParseFS(templates, "templates/"+folder+"layout.html", "templates/parts/*.html")
	if err != nil {
		return fmt.Errorf("reading the templates: %w", err)
	}
	files, err := fs.Glob(templates, "templates/"+folder+"*.html")
	if err != nil {
		return err
	}
	for _, file := range files {
		name := folder + strings.TrimSuffix(path.Base(file), ".html")
		if name == folder+"layout" {
			continue
		}
		page, err := frame.Clone()
		if err == nil {
			page, err = page.ParseFS(templates, file)
		}
		if err != nil {
			return fmt.Errorf("reading the template of %s: %w", name, err)
		}
		all[name] = page
	}
	return nil
}

// page is what the layout shows around what a page is about.
type page struct {
	Title  string
	Area   string // of the navigation that the page belongs to; see navigation
	Body   any    // what the page's own template shows
	Wide   bool   // tables and boards, which want the whole window
	Status int    // 200 when not set

	Actor   collateral.Actor // zero for a stranger
	Name    string           // the person's
	Token   string           // for forms; see formToken
	Here    string           // the address of this page, to come back to
	Query   url.Values       // of this address
	Zone    *time.Location   // the reader's
	Now     time.Time
	Done    string // a sentence: what the form before this page did
	Notices int    // unread
	Waiting int    // versions that the reader could sign
	Undone  int    // pieces of the reader's that need something of them
	site    *site
}

// doneCookie carries a sentence from a form to the page that follows it.
const doneCookie = "collateral_done"

// render answers with a page.
func (s *site) render(c echo.Context, name string, p page) error {
	if err := s.frame(c, &p); err != nil {
		return err
	}
	setPageHeaders(c.Response().Header())
	return s.writePage(c, name, p)
}

// writePage answers with a page whose headers are set.
func (s *site) writePage(c echo.Context, name string, p page) error {
	template, ok := s.pages[name]
	if !ok {
		return fmt.Errorf("there is no page %q", name)
	}
	var html bytes.Buffer
	if err := template.ExecuteTemplate(&html, "layout.html", p); err != nil {
		return fmt.Errorf("making the page %s: %w", name, err)
	}
	if p.Status == 0 {
		p.Status = http.StatusOK
	}
	return c.HTMLBlob(p.Status, html.Bytes())
}

// frame fills what the layout shows of the reader and of the request.
func (s *site) frame(c echo.Context, p *page) error {
	ctx := c.Request().Context()
	call := httpd.CallOf(ctx)
	p.site, p.Actor, p.Zone, p.Now = s, call.Actor, zoneOf(c), s.now()
	p.Here, p.Query = c.Request().URL.RequestURI(), c.Request().URL.Query()
	p.Done = takeDone(c)
	if call.Actor.UserID == uuid.Nil {
		return nil
	}
	p.Token = formToken(call.Token)
	me, err := s.access.Me(ctx, call.Actor)
	if err != nil {
		return err
	}
	p.Name = me.Name
	if p.Notices, err = s.registry.CountNotices(ctx, call.Actor); err != nil {
		return err
	}
	if p.Waiting, err = s.registry.CountReviews(ctx, call.Actor); err != nil {
		return err
	}
	if call.Actor.Is(makers()...) {
		p.Undone, err = s.registry.CountUndone(ctx, call.Actor)
	}
	return err
}

// contentPolicy lets a page use what this site serves, and nothing that stands in the page itself: a script that got into a
// text would not run.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; " +
	"frame-src 'self'; object-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func setPageHeaders(h http.Header) {
	h.Set(echo.HeaderContentSecurityPolicy, contentPolicy)
	h.Set(echo.HeaderReferrerPolicy, "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}

// done sends the browser on to a page after a form did what it should, with a sentence that says so.
func (s *site) done(c echo.Context, to, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	c.SetCookie(cookie(c, doneCookie, url.QueryEscape(text), time.Minute))
	return c.Redirect(http.StatusSeeOther, to)
}

func takeDone(c echo.Context) string {
	carried, err := c.Cookie(doneCookie)
	if err != nil || c.Request().Method != http.MethodGet || carried.Value == "" {
		return ""
	}
	text, err := url.QueryUnescape(carried.Value)
	if err != nil {
		return ""
	}
	c.SetCookie(cookie(c, doneCookie, "", -time.Second))
	return text
}

// zoneCookie names the reader's time zone. A script sets it; without, times are UTC and say so.
const zoneCookie = "collateral_zone"

func zoneOf(c echo.Context) *time.Location {
	named, err := c.Cookie(zoneCookie)
	if err != nil || len(named.Value) > 64 {
		return time.UTC
	}
	name, err := url.QueryUnescape(named.Value)
	if err != nil || name == "Local" {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// isRefusal reports whether err is one that the person can do something about, so that a form is shown again with it.
func isRefusal(err error) (*collateral.Error, bool) {
	refusal, ok := errors.AsType[*collateral.Error](err)
	if !ok {
		return nil, false
	}
	switch refusal.Kind {
	case collateral.Malformed, collateral.Invalid, collateral.Conflict, collateral.Stale, collateral.Gate, collateral.TooLarge,
		collateral.Unsupported, collateral.TooMany, collateral.Full, collateral.Unavailable:
		return refusal, true
	}
	return nil, false
}
