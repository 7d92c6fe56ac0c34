package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func TestReadiness(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		err    error
		status int
		says   string
	}{
		{"all well", nil, 200, `"status":"ok"`},
		{"no room", fmt.Errorf("%w: statfs", collateral.Errorf(collateral.Full, "No room for files.")), 200, "No room for files."},
		{"a part is away", fmt.Errorf("%w: dial 10.0.0.7", collateral.Errorf(collateral.Unavailable, "The database is away.")), 503, "The database is away."},
		{"a fault", errors.New("dial 10.0.0.7"), 503, "The server's log names it."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := plumbing{ready: func(context.Context) error { return tt.err }, front: httpd.Front{Log: slog.New(slog.DiscardHandler), NewID: uuid.New}}
			h, err := p.handler(&echoing{})
			if err != nil {
				t.Fatal(err)
			}
			rec := send(h, "GET", "/readyz", "", "")
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.says) || strings.Contains(rec.Body.String(), "10.0.0.7") {
				t.Errorf("got %d %s, want %d with %q and no address", rec.Code, rec.Body, tt.status, tt.says)
			}
		})
	}
}
