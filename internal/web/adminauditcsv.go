package web

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// auditChunk is how many entries are read at a time for a CSV.
const auditChunk = 500

// auditCSV sends everything that the filter of the page lets through, the newest first, while it is read: a log of years is
// never held whole.
func (s *site) auditCSV(c echo.Context) error {
	ctx := c.Request().Context()
	filter, err := s.auditFilter(ctx, c.QueryParams(), zoneOf(c))
	if err != nil {
		return err
	}
	out := csv.NewWriter(c.Response())
	paging := collateral.Paging{Limit: auditChunk}
	for first := true; ; first = false {
		entries, next, err := s.access.AuditLog(ctx, actorOf(ctx), filter, paging)
		if err != nil {
			return err
		}
		lines, err := s.auditLines(ctx, entries)
		if err != nil {
			return err
		}
		if first {
			h := c.Response().Header()
			h.Set(echo.HeaderContentType, "text/csv; charset=utf-8; header=present")
			h.Set(echo.HeaderContentDisposition, `attachment; filename="audit.csv"`)
			if err := out.Write([]string{"seq", "at", "actor_id", "actor", "action", "thing_kind", "thing_id", "thing", "detail"}); err != nil {
				return fmt.Errorf("sending the audit log: %w", err)
			}
		}
		for _, l := range lines {
			if err := out.Write(l.cells()); err != nil {
				return fmt.Errorf("sending the audit log: %w", err)
			}
		}
		out.Flush()
		if err := out.Error(); err != nil {
			return fmt.Errorf("sending the audit log: %w", err)
		}
		if paging.Cursor = next; next == "" {
			return nil
		}
	}
}

// cells are the entry as it is kept, with the names of today beside it.
func (l auditLine) cells() []string {
	actor := ""
	if l.ActorID != uuid.Nil {
		actor = l.ActorID.String()
	}
	return []string{
		strconv.FormatInt(l.Seq, 10), l.At.UTC().Format(time.RFC3339Nano), actor, collateral.GuardCell(l.Actor), l.Action,
		l.SubjectKind, l.SubjectID, collateral.GuardCell(l.Thing), l.Detail,
	}
}
