package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

const mediaProblem = "application/problem+json"

// problemKind is what a refusal of one sort always says.
type problemKind struct {
	status int
	name   string // behind urn:collateral:problem:
	title  string
}

// problemOf tells how a kind of refusal is answered. The contract's Problem lists the same names.
func problemOf(kind collateral.Kind) problemKind {
	switch kind {
	case collateral.Malformed:
		return problemKind{http.StatusBadRequest, "malformed", "The request cannot be read"}
	case collateral.Invalid:
		return problemKind{http.StatusUnprocessableEntity, "invalid", "The request is not allowed as it stands"}
	case collateral.Unauthenticated:
		return problemKind{http.StatusUnauthorized, "unauthenticated", "Not signed in"}
	case collateral.Forbidden:
		return problemKind{http.StatusForbidden, "forbidden", "Not allowed"}
	case collateral.NotFound:
		return problemKind{http.StatusNotFound, "not-found", "Not found"}
	case collateral.Gone:
		return problemKind{http.StatusGone, "gone", "Gone"}
	case collateral.Conflict:
		return problemKind{http.StatusConflict, "conflict", "Contradicts what is there"}
	case collateral.Stale:
		return problemKind{http.StatusPreconditionFailed, "stale", "Changed meanwhile"}
	case collateral.Unconditional:
		return problemKind{http.StatusPreconditionRequired, "precondition-required", "If-Match is missing"}
	case collateral.Gate:
		return problemKind{http.StatusUnprocessableEntity, "gate", "Something is missing"}
	case collateral.TooLarge:
		return problemKind{http.StatusRequestEntityTooLarge, "too-large", "Too large"}
	case collateral.Unsupported:
		return problemKind{http.StatusUnsupportedMediaType, "unsupported", "Media type not taken"}
	case collateral.TooMany:
		return problemKind{http.StatusTooManyRequests, "too-many", "Too much at once"}
	case collateral.Unavailable:
		return problemKind{http.StatusServiceUnavailable, "unavailable", "Not available now"}
	case collateral.Full:
		return problemKind{http.StatusInsufficientStorage, "full", "No room left"}
	}
	return problemKind{http.StatusInternalServerError, "internal", "Something went wrong"}
}

// Refusals that only HTTP knows.
func methodNotAllowed() problemKind {
	return problemKind{http.StatusMethodNotAllowed, "method-not-allowed", "Method not allowed"}
}

func rangeNotSatisfiable() problemKind {
	return problemKind{http.StatusRequestedRangeNotSatisfiable, "range", "No such range"}
}

// refusal is an answer in the making.
type refusal struct {
	problemKind
	detail     string
	fields     []collateral.Field
	retryAfter int // seconds; 0 for none
}

func (r *refusal) Error() string { return r.detail }

// refuse answers err. What is no refusal is a fault of ours: it is logged once, and hidden from the caller. So is what
// stands behind an engine that does not answer.
func refuse(log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		ctx := c.Request().Context()
		r := refusalOf(err)
		id := c.Response().Header().Get(echo.HeaderXRequestID)
		if r.status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
			log.ErrorContext(ctx, "request failed", "request_id", id, "route", c.Path(), "error", err)
		}
		if c.Response().Committed {
			return // the status is out; all that is left is to break off
		}
		drop := httpd.Linger(c.Response(), httpd.CallOf(ctx))
		if err := r.write(c.Response(), id); err != nil {
			log.DebugContext(ctx, "problem not delivered", "request_id", id, "error", err)
			return
		}
		drop()
	}
}

func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	if e, ok := errors.AsType[*collateral.Error](err); ok && e.Kind != collateral.Internal {
		r := &refusal{problemKind: problemOf(e.Kind), detail: e.Message, fields: e.Fields, retryAfter: e.RetryAfter}
		if e.Kind == collateral.Unavailable && r.retryAfter == 0 {
			r.retryAfter = 5
		}
		return r
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return routingRefusal(e)
	}
	return &refusal{
		problemKind: problemOf(collateral.Internal),
		detail:      "Something went wrong on our side. It was noted; try again, and name the request_id if it stays.",
	}
}

// routingRefusal answers what Echo refuses before an operation is found, and what the generated code cannot bind.
func routingRefusal(e *echo.HTTPError) *refusal {
	switch e.Code {
	case http.StatusNotFound:
		return &refusal{problemKind: problemOf(collateral.NotFound), detail: "There is nothing at this address."}
	case http.StatusMethodNotAllowed:
		return &refusal{problemKind: methodNotAllowed(), detail: "This address does not take that method; the Allow header lists those it takes."}
	case http.StatusRequestedRangeNotSatisfiable:
		return &refusal{problemKind: rangeNotSatisfiable(), detail: "The content has no such range; Content-Range says how long it is."}
	case http.StatusUnsupportedMediaType:
		return &refusal{problemKind: problemOf(collateral.Unsupported), detail: "The Content-Type is not one that this address takes."}
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](e); ok { // such as 5.0, a whole number that Go does not take for one
		return &refusal{problemKind: problemOf(collateral.Malformed), detail: "A number cannot be read.", fields: []collateral.Field{{
			Pointer: "/" + strings.ReplaceAll(wrong.Field, ".", "/"), Detail: "This must be a whole number, written without a point.",
		}}}
	}
	return &refusal{problemKind: problemOf(collateral.Malformed), detail: "The request cannot be read."}
}

func (r *refusal) write(w http.ResponseWriter, requestID string) error {
	p := Problem{
		Type:      "urn:collateral:problem:" + r.name,
		Title:     r.title,
		Status:    r.status,
		Detail:    r.detail,
		RequestID: requestID,
	}
	for _, f := range r.fields {
		p.Errors = append(p.Errors, ProblemField{Pointer: f.Pointer, Detail: f.Detail})
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set(echo.HeaderContentType, mediaProblem)
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Del("ETag")
	if r.status == http.StatusUnauthorized {
		h.Set(echo.HeaderWWWAuthenticate, `Bearer realm="collateral"`)
	}
	if r.retryAfter > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(r.retryAfter))
	}
	w.WriteHeader(r.status)
	_, err = w.Write(body)
	return err
}
