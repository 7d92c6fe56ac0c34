package api

import (
	"context"
	"net/http"

	"collateral/internal/collateral"
)

// call is what handlers need of a request beside its typed parameters and body. The generated strict server hands
// them a context only, so it travels there; use cases get its parts as arguments.
type call struct {
	actor   collateral.Actor
	token   string        // the secret that the caller signed in with
	address string        // the caller's network address, without port
	request *http.Request // as it came; its body belongs to the generated code
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callOf returns the call of the request. Every request has one.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}
