package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/sharing"
	"collateral/internal/upkeep"
)

func (s *site) stateRoutes() []route {
	who := []collateral.Role{collateral.Admin}
	return []route{
		{method: http.MethodGet, path: "/admin/state", handler: s.state, who: who},
		{method: http.MethodPost, path: "/admin/state/compare", handler: s.compare, who: who},
		{method: http.MethodPost, path: "/admin/jobs/:id/retry", handler: s.retryJob, who: who},
	}
}

// machine is what the page of the machine's state shows.
type machine struct {
	upkeep.State
	MaxDead int
}

func (s *site) state(c echo.Context) error {
	ctx := c.Request().Context()
	state, err := s.upkeep.State(ctx, actorOf(ctx))
	if err != nil {
		return err
	}
	return s.render(c, "admin-state", page{Title: "State of the machine", Area: areaAdmin, Wide: true, Body: machine{state, upkeep.MaxDead}})
}

func (s *site) compare(c echo.Context) error {
	ctx := c.Request().Context()
	if err := s.upkeep.Compare(ctx, actorOf(ctx)); err != nil {
		return err
	}
	return s.done(c, "/admin/state", "Database and search index are compared in the background, and what differs is mended. Look again in a moment.")
}

func (s *site) retryJob(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.upkeep.RetryJob(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return s.done(c, "/admin/state", "The job is tried again.")
}

// Compared tells how the search index compares with the database.
func (m machine) Compared() string {
	switch {
	case m.Differences == nil:
		return "cannot be compared now"
	case *m.Differences == 0:
		return "the same as the database"
	}
	return plural(*m.Differences, "piece differs", "pieces differ") + " from the database"
}

// Indexing is what waits to be put into the search index; nil when nothing does.
func (m machine) Indexing() *upkeep.Work {
	for _, w := range m.Jobs {
		if w.Kind == registry.JobIndex && w.State != "dead" && w.State != "later" {
			return &w
		}
	}
	return nil
}

// Does says what a kind of job does. A kind that is not known here is named as it is.
func (machine) Does(kind string) string {
	switch kind {
	case registry.JobExtract:
		return "read the text of a file"
	case registry.JobIndex:
		return "bring the search up to date with a piece"
	case registry.JobPictures:
		return "make pictures of slides or of a document's pages"
	case registry.JobSynonyms:
		return "bring the search up to date with the synonyms"
	case registry.JobWebhook:
		return "tell another system of an event"
	case "reindex":
		return "fill the search index anew"
	case "chore:refresh-uses":
		return "hourly: let uses that are long ago count no more for the order of hits"
	case "chore:reconcile":
		return "hourly: compare the search index with the database"
	case "chore:sweep-blobs":
		return "hourly: remove files that nothing uses"
	case "chore:count-queries":
		return "hourly: count what many people search for"
	case "chore:forget-posts":
		return "hourly: forget what other systems were told long ago"
	case "chore:forget-uses":
		return "hourly: forget what is not needed of old uses"
	case "chore:forget-sign-ins":
		return "hourly: forget sessions that have ended"
	case "chore:forget-notices":
		return "hourly: forget notices that are long ago"
	case "chore:forget-pictures":
		return "hourly: drop pictures of pages that were made long ago"
	case "chore:tell-dates":
		return "hourly: tell owners of review dates that come near"
	case "chore:forget-links":
		return "hourly: forget links that ended long ago, and who came by them"
	case sharing.JobShared:
		return "record that pieces were shared"
	case sharing.JobCode:
		return "mail a code to a visitor"
	}
	return kind
}
