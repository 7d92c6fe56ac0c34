// Package web serves the pages: for the rep who looks for the right piece, the marketer who submits, the approver who signs,
// the leader who reads reports and the admin who keeps it all; and for the buyer, who has no account. Pages are made here, on the same use cases as the API, and work
// without scripts; scripts only make them quicker. The package knows no database and no operation of the API.
package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/privacy"
	"collateral/internal/registry"
	"collateral/internal/report"
	"collateral/internal/sharing"
	"collateral/internal/upkeep"
	"collateral/internal/usage"
)

// Deps is what the pages stand on. Every field is needed but Setup.
type Deps struct {
	Access   *access.Access
	Registry *registry.Registry
	Usage    *usage.Usage
	Reports  *report.Reports
	Sharing  *sharing.Sharing
	Privacy  *privacy.Privacy
	Upkeep   *upkeep.Upkeep
	Now      func() time.Time
	Front    httpd.Front
	Setup    string // the secret of SetupAddress; empty when nobody may make the first admin here
}

// New returns the pages, from "/" on. The error is a fault of the build, not of the settings.
func New(d Deps) (http.Handler, error) {
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	s := &site{access: d.Access, registry: d.Registry, usage: d.Usage, reporter: d.Reports, sharing: d.Sharing, privacy: d.Privacy, upkeep: d.Upkeep, now: d.Now, log: d.Front.Log, setup: d.Setup, pages: pages, files: files}
	e := echo.New()
	e.HTTPErrorHandler = s.refuse
	e.Use(guardOrigin(), s.recognise)
	for _, r := range s.routes() {
		e.Add(r.method, r.path, r.handler, s.admit(r))
	}
	e.GET(assetsPath+"*", files.serve)
	e.GET(beaconPath, files.serveBeacon)
	return d.Front.Handler(e), nil
}

// site has a method for every page and every form.
type site struct {
	access   *access.Access
	registry *registry.Registry
	usage    *usage.Usage
	reporter *report.Reports
	sharing  *sharing.Sharing
	privacy  *privacy.Privacy
	upkeep   *upkeep.Upkeep
	now      func() time.Time
	log      logger
	setup    string
	pages    pages
	files    *assets
}

// route is an address of the site and who may use it.
type route struct {
	method  string
	path    string
	handler echo.HandlerFunc
	who     []collateral.Role // one of these; none means whoever is signed in
	public  bool              // strangers too
}

// routes is the map of the site. Each area lists its own.
func (s *site) routes() []route {
	var all []route
	for _, area := range [][]route{
		s.signInRoutes(),
		s.visitRoutes(),
		s.findRoutes(),
		s.pieceRoutes(),
		s.shelfRoutes(),
		s.linkRoutes(),
		s.contentRoutes(),
		s.previewRoutes(),
		s.reviewRoutes(),
		s.noticeRoutes(),
		s.reportRoutes(),
		s.workRoutes(),
		s.setupRoutes(),
		s.accountRoutes(),
		s.privacyRoutes(),
		s.adminRoutes(),
		s.peopleRoutes(),
		s.forgetRoutes(),
		s.stageRoutes(),
		s.listRoutes(),
		s.synonymRoutes(),
		s.webhookRoutes(),
		s.auditRoutes(),
		s.stateRoutes(),
	} {
		all = append(all, area...)
	}
	return all
}

// actorOf returns who asks; the zero actor for a stranger.
func actorOf(ctx context.Context) collateral.Actor { return httpd.CallOf(ctx).Actor }
