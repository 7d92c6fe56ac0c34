package cli

import (
	"context"
	"net/http"
	"sync/atomic"

	"collateral/internal/collateral"
)

// draining is whether the server has been told to end. From then on it is not ready, so that a balancer sends nothing more,
// and every answer ends its connection, so that clients make their next one to somebody else.
type draining struct{ begun atomic.Bool }

// ready is check until the server has been told to end.
func (d *draining) ready(check func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if d.begun.Load() {
			return collateral.Errorf(collateral.Unavailable, "This server is about to end.")
		}
		return check(ctx)
	}
}

func (d *draining) closing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.begun.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
