package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// preflightTime is how long a browser may remember that an origin may send, in seconds; browsers keep it for two hours at most.
const preflightTime = "7200"

// origins are those whose pages may send, from a browser, what tokens that only report uses are taken for. They are written as
// browsers write them, https://HOST.
type origins []string

// permit tells the browser that a page of the origin may read the answer. Cookies are never asked for, and ignored.
func (allowed origins) permit(c echo.Context) (permitted bool) {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderOrigin)
	origin := c.Request().Header.Get(echo.HeaderOrigin)
	if !slices.Contains(allowed, origin) {
		return false
	}
	h.Set(echo.HeaderAccessControlAllowOrigin, origin)
	h.Set(echo.HeaderAccessControlExposeHeaders, echo.HeaderRetryAfter)
	return true
}

// share is put before an operation, so that refusals can be read as well.
func (allowed origins) share(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		allowed.permit(c)
		return next(c)
	}
}

// preflight answers the question whether a page may send a request of the method.
func (allowed origins) preflight(method string) echo.HandlerFunc {
	return func(c echo.Context) error {
		if allowed.permit(c) {
			h := c.Response().Header()
			h.Set(echo.HeaderAccessControlAllowMethods, method)
			h.Set(echo.HeaderAccessControlAllowHeaders, echo.HeaderAuthorization+", "+echo.HeaderContentType)
			h.Set(echo.HeaderAccessControlMaxAge, preflightTime)
		}
		return c.NoContent(http.StatusNoContent)
	}
}
