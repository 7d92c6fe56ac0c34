package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"collateral/internal/httpd"
)

// plumbing is what lies between the network and the operations.
type plumbing struct {
	authenticate authenticator
	ready        func(context.Context) error
	front        httpd.Front
	origins      origins
}

// handler serves the operations under BasePath, and beside them the probes and the contract.
func (p plumbing) handler(operations StrictServerInterface) (http.Handler, error) {
	c, err := loadContract()
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.HTTPErrorHandler = refuse(p.front.Log)

	RegisterHandlersWithOptions(e, NewStrictHandler(operations, nil), RegisterHandlersOptions{
		BaseURL:              BasePath,
		OperationMiddlewares: p.guards(c),
	})
	p.share(e, c)
	e.GET("/healthz", alive)
	e.GET("/readyz", ready(p.ready, p.front.Log))
	return p.front.Handler(e), registerDocs(e, c)
}

// guards puts before each operation: who may call it, then whether the request satisfies the contract.
func (p plumbing) guards(c *contract) map[string][]echo.MiddlewareFunc {
	guards := map[string][]echo.MiddlewareFunc{}
	for _, o := range c.operations {
		guards[o.id] = []echo.MiddlewareFunc{o.admit(p.authenticate), o.filter()}
		if p.shares(o) {
			guards[o.id] = append([]echo.MiddlewareFunc{p.origins.share}, guards[o.id]...)
		}
	}
	return guards
}

// share answers browsers that ask, on behalf of a page from elsewhere, whether they may send.
func (p plumbing) share(e *echo.Echo, c *contract) {
	for _, o := range c.operations {
		if p.shares(o) {
			e.OPTIONS(BasePath+o.route.Path, p.origins.preflight(o.route.Method))
		}
	}
}

// shares tells whether pages from elsewhere may call the operation: only where their tokens can do nothing but report.
func (p plumbing) shares(o *operation) bool { return o.report && len(p.origins) > 0 }
