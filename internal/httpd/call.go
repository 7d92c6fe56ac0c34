// Package httpd holds what every way in over HTTP has in common: what is known of a request, the log of requests, limits on
// bodies that hang, and how a version's bytes are served. It knows no operation and no page; how refusals look is for each
// way in to say.
package httpd

import (
	"context"
	"net/http"

	"collateral/internal/collateral"
)

// Call is what is known of a request beside its parameters. Handlers get it from the context, since generated code hands
// them nothing else; use cases get its parts as arguments.
type Call struct {
	Actor   collateral.Actor // zero until the caller is known
	Token   string           // the secret that the caller came with
	Address string           // the caller's network address, without port
	Request *http.Request    // as it came
	Body    int              // bytes of the body, where it was read into memory
}

type callKey struct{}

func withCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// CallOf returns the call of a request. Every request that came through Front.Handler has one.
func CallOf(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	return c
}
