package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

func (s *site) auditRoutes() []route {
	who := []collateral.Role{collateral.Admin}
	return []route{
		{method: http.MethodGet, path: "/admin/audit", handler: s.audit, who: who},
		{method: http.MethodGet, path: "/admin/audit.csv", handler: s.auditCSV, who: who},
	}
}

// auditPage is what the page of the audit log shows.
type auditPage struct {
	typed
	Lines []auditLine
	Actor string // the name of the person by whom the log is narrowed
	Thing string // the name of the thing
	CSV   string // the address of all that is shown, as CSV
	Next  string
}

func (s *site) audit(c echo.Context) error {
	ctx, query := c.Request().Context(), c.QueryParams()
	shown := auditPage{typed: typed{Form: query}}
	filter, err := s.auditFilter(ctx, query, zoneOf(c))
	if refusal, ok := isRefusal(err); ok {
		shown.Fault = refusal
		return s.showAudit(c, shown)
	}
	if err != nil {
		return err
	}
	entries, next, err := s.access.AuditLog(ctx, actorOf(ctx), filter, collateral.Paging{Limit: linesPerPage, Cursor: query.Get("cursor")})
	if err != nil {
		return err
	}
	if shown.Lines, err = s.auditLines(ctx, entries); err != nil {
		return err
	}
	if filter.ActorID != uuid.Nil {
		named, err := s.names(ctx, filter.ActorID)
		if err != nil {
			return err
		}
		shown.Actor = named[filter.ActorID]
	}
	if filter.SubjectID != "" && len(shown.Lines) > 0 {
		shown.Thing = shown.Lines[0].Thing
	}
	all := url.Values{}
	for name, values := range query {
		if name != "cursor" {
			all[name] = values
		}
	}
	shown.CSV = "/admin/audit.csv?" + all.Encode()
	shown.Next = nextPage("/admin/audit", query, next)
	return s.showAudit(c, shown)
}

func (s *site) showAudit(c echo.Context, shown auditPage) error {
	return s.render(c, "admin-audit", page{Title: "Audit log", Area: areaAdmin, Wide: true, Status: shown.status(), Body: shown})
}

// auditFilter reads what the log is narrowed by: a person by id or e-mail address, days as they are where the reader is.
func (s *site) auditFilter(ctx context.Context, query url.Values, zone *time.Location) (collateral.AuditFilter, error) {
	word := func(name string) string { return strings.TrimSpace(query.Get(name)) }
	filter := collateral.AuditFilter{Action: word("action"), SubjectKind: word("kind"), SubjectID: strings.ToLower(word("id"))}
	var f collateral.Faults
	if who := word("actor"); who != "" {
		id, err := s.auditActor(ctx, who)
		if refusal, ok := errors.AsType[*collateral.Error](err); ok {
			f.Add("?actor", "%s", refusal.Message)
		} else if err != nil {
			return filter, err
		}
		filter.ActorID = id
	}
	const how = "Write a day like 2026-11-22."
	if from := word("from"); from != "" {
		day, err := time.ParseInLocation(time.DateOnly, from, zone)
		if err != nil {
			f.Add("?from", how)
		}
		filter.From = day.UTC()
	}
	if to := word("to"); to != "" {
		end, err := endOfDay(to, zone)
		if err != nil {
			f.Add("?to", how)
		}
		filter.To = end.UTC()
	}
	return filter, f.Err("The log cannot be narrowed like this.")
}

func (s *site) auditActor(ctx context.Context, who string) (uuid.UUID, error) {
	if id, err := uuid.Parse(who); err == nil {
		return id, nil
	}
	user, err := s.access.UserByEmail(ctx, who)
	return user.ID, err
}
