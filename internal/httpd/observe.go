package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Front is what lies between the network and the routes of a way in.
type Front struct {
	Log     *slog.Logger
	NewID   func() uuid.UUID // ids of requests
	Proxies []*net.IPNet     // those that are believed whom they speak for

	// Began hears of every request before anything else is done about it, and returns the context it goes on in. What it
	// returns beside hears how the request was answered: its id, and what Answered hears. It may be nil.
	Began func(r *http.Request) (ctx context.Context, answered func(id, method, route string, status int))

	// Answered hears of every request: its method, the template of its path (empty when there is none), the status of the
	// answer, and how long it took. It may be nil.
	Answered func(method, route string, status int, took time.Duration)
}

// Handler serves e behind the front. Its HTTPErrorHandler answers refusals, and panics as errors.
func (f Front) Handler(e *echo.Echo) http.Handler {
	e.IPExtractor = callerAddress(f.Proxies)
	e.Pre(begin(f.NewID), f.observe)
	return calls(e)
}

// calls gives every request a call, and hands HEAD on as GET: the HTTP server sends no body for it anyway, and routes need
// not say everything twice.
func calls(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, came *http.Request) {
		r := came.WithContext(withCall(came.Context(), &Call{Request: came}))
		body, answered := unlessStalled(w, came.Body, stallTime)
		r.Body = body
		if r.Method == http.MethodHead {
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
		answered()
	})
}

// begin gives every request an id, and every answer the headers that all have.
func begin(newID func() uuid.UUID) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			CallOf(c.Request().Context()).Address = c.RealIP()
			h := c.Response().Header()
			h.Set(echo.HeaderXRequestID, newID().String())
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			h.Set(echo.HeaderCacheControl, "no-store")
			return next(c)
		}
	}
}

// callerAddress tells a caller's network address, for which limits hold. It is that of the direct peer: whoever could choose
// theirs by a header would have none. Only what a proxy of ours adds to X-Forwarded-For is believed, and of what stands
// there only what lies behind the last proxy of ours.
func callerAddress(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	// Without these three, private addresses would be trusted as well.
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range proxies {
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// observe answers refusals, survives panics and writes the access log. Routes are logged as templates, without ids and
// queries: what somebody looked for is nobody's business there.
func (f Front) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		told := f.tellBegan(c)
		if err := recovered(next, c); err != nil {
			c.Error(err)
		}
		res, method, took := c.Response(), CallOf(c.Request().Context()).Request.Method, time.Since(start)
		id := res.Header().Get(echo.HeaderXRequestID)
		if f.Answered != nil {
			f.Answered(method, c.Path(), res.Status, took)
		}
		f.Log.InfoContext(c.Request().Context(), "request",
			"request_id", id,
			"method", method,
			"route", c.Path(),
			"status", res.Status,
			"bytes", res.Size,
			"ms", took.Milliseconds())
		if told != nil {
			told(id, method, c.Path(), res.Status)
		}
		return nil
	}
}

// tellBegan puts the request into the context that Began gives it, and returns who hears of its end, if anybody.
func (f Front) tellBegan(c echo.Context) (answered func(id, method, route string, status int)) {
	if f.Began == nil {
		return nil
	}
	ctx, answered := f.Began(c.Request())
	c.SetRequest(c.Request().WithContext(ctx))
	return answered
}

func recovered(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler: // net/http's own way to break a response off
			panic(p)
		default:
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return next(c)
}
