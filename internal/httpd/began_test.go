package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type beganKey struct{}

// Who hears of a request's beginning gives it its context, also for the log, and hears how it was answered.
func TestBegan(t *testing.T) {
	t.Parallel()
	var told []string
	var lines strings.Builder
	id := uuid.New()
	front := Front{
		Log: slog.New(contextLog{slog.NewTextHandler(&lines, nil)}), NewID: func() uuid.UUID { return id },
		Began: func(r *http.Request) (context.Context, func(id, method, route string, status int)) {
			return context.WithValue(r.Context(), beganKey{}, "known"), func(id, method, route string, status int) {
				told = append(told, fmt.Sprint(id, " ", method, " ", route, " ", status))
			}
		},
	}
	e := echo.New()
	e.GET("/pieces/:id", func(c echo.Context) error {
		if got := c.Request().Context().Value(beganKey{}); got != "known" {
			t.Errorf("got %v in the context of the request", got)
		}
		if c.Param("id") == "broken" {
			panic("broken")
		}
		return c.NoContent(http.StatusNoContent)
	})
	handler := front.Handler(e)
	for method, path := range map[string]string{"GET": "/pieces/1", "HEAD": "/pieces/broken", "BREW": "/coffee"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, nil))
		line := told[len(told)-1]
		want := map[string]string{"GET": "GET /pieces/:id 204", "HEAD": "HEAD /pieces/:id 500", "BREW": "BREW  404"}[method]
		if diff := cmp.Diff(id.String()+" "+want, line); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := strings.Count(lines.String(), "msg=request") + strings.Count(lines.String(), "began=known"); got != 6 {
		t.Errorf("got\n%s\nwant three lines, each of the context", lines.String())
	}
}

type contextLog struct{ slog.Handler }

func (l contextLog) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(slog.Any("began", ctx.Value(beganKey{})))
	return l.Handler.Handle(ctx, r)
}
