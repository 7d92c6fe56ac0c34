package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

type logger = *slog.Logger

// fault is what the page of a refusal shows.
type fault struct {
	Status    int
	Heading   string
	Detail    string
	Fields    []collateral.Field
	RequestID string // of a fault of ours; else empty
}

// Lost reports whether the person looked for something that is not there.
func (f fault) Lost() bool {
	return f.Status == http.StatusNotFound || f.Status == http.StatusMethodNotAllowed || f.Status == http.StatusGone
}

// refuse answers what a page could not do. Refusals that a form can be mended for are shown by its own page; what comes here
// ends the way: nothing there, not allowed, not signed in, or a fault of ours, which is logged once and hidden.
func (s *site) refuse(err error, c echo.Context) {
	ctx := c.Request().Context()
	if errors.Is(err, errSignIn) {
		err = s.askToSignIn(c)
		if err == nil {
			return
		}
	}
	f := faultOf(err)
	id := c.Response().Header().Get(echo.HeaderXRequestID)
	if f.Status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		s.log.ErrorContext(ctx, "request failed", "request_id", id, "route", c.Path(), "error", err)
		f.RequestID = id
	}
	if c.Response().Committed {
		return // the status is out; all that is left is to break off
	}
	if refusal, ok := errors.AsType[*collateral.Error](err); ok && refusal.RetryAfter > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(refusal.RetryAfter))
	}
	drop := httpd.Linger(c.Response(), httpd.CallOf(ctx))
	render, name := s.render, "fault"
	if isForVisitors(c.Request().URL.Path) {
		render, name, f = s.renderVisitor, visitorPages+"fault", visitorFault(f)
	}
	if err := render(c, name, page{Title: f.Heading, Status: f.Status, Body: f}); err != nil {
		s.log.ErrorContext(ctx, "the page of a refusal cannot be made", "request_id", id, "error", err)
		if err := c.String(f.Status, f.Heading+"\n\n"+f.Detail+"\n"); err != nil {
			return
		}
	}
	drop()
}

func faultOf(err error) fault {
	if refusal, ok := errors.AsType[*collateral.Error](err); ok && refusal.Kind != collateral.Internal {
		status, heading := statusOf(refusal.Kind)
		return fault{Status: status, Heading: heading, Detail: refusal.Message, Fields: refusal.Fields}
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok && e.Code < http.StatusInternalServerError {
		switch e.Code {
		case http.StatusMethodNotAllowed:
			return fault{Status: e.Code, Heading: "There is nothing here to look at", Detail: "This address takes what a form sends. Open the page that the form stands on."}
		case http.StatusNotFound:
			return fault{Status: e.Code, Heading: "There is nothing here", Detail: "The address may be mistyped, or what was here is not for you to see, or was deleted."}
		}
		return fault{Status: e.Code, Heading: "That cannot be read", Detail: "Go back and try again."}
	}
	return fault{
		Status: http.StatusInternalServerError, Heading: "Something went wrong on our side",
		Detail: "It was noted. Go back and try again; what you had sent may not have been stored.",
	}
}

// statusOf tells how a kind of refusal is answered.
func statusOf(kind collateral.Kind) (int, string) {
	switch kind {
	case collateral.Malformed:
		return http.StatusBadRequest, "That cannot be read"
	case collateral.Invalid, collateral.Gate:
		return http.StatusUnprocessableEntity, "Something is missing or wrong"
	case collateral.Unauthenticated:
		return http.StatusUnauthorized, "Sign in first"
	case collateral.Forbidden:
		return http.StatusForbidden, "This is not for you"
	case collateral.NotFound:
		return http.StatusNotFound, "There is nothing here"
	case collateral.Gone:
		return http.StatusGone, "This is gone"
	case collateral.Conflict:
		return http.StatusConflict, "Somebody was quicker"
	case collateral.Stale:
		return http.StatusConflict, "This was changed meanwhile"
	case collateral.TooLarge:
		return http.StatusRequestEntityTooLarge, "That is too large"
	case collateral.Unsupported:
		return http.StatusUnsupportedMediaType, "Such files are not taken"
	case collateral.TooMany:
		return http.StatusTooManyRequests, "Too much at once"
	case collateral.Unavailable:
		return http.StatusServiceUnavailable, "This is not available now"
	case collateral.Full:
		return http.StatusInsufficientStorage, "There is no room left"
	}
	return http.StatusInternalServerError, "Something went wrong on our side"
}

// askToSignIn sends a stranger to the page for signing in, and back afterwards. What a stranger sent with a form, because the
// session ended meanwhile, is kept by the page itself.
func (s *site) askToSignIn(c echo.Context) error {
	r := c.Request()
	if r.Method == http.MethodGet {
		return c.Redirect(http.StatusSeeOther, "/signin?next="+url.QueryEscape(r.URL.RequestURI()))
	}
	kept, err := keep(c)
	if err != nil {
		return err
	}
	return s.render(c, "signin", page{Title: "Sign in to go on", Status: http.StatusUnauthorized, Body: signIn{Kept: kept}})
}
