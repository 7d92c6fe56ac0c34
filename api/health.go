package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// alive answers while the process can answer at all.
func alive(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers whether the engines behind the registry do. Which one does not stands in the log: addresses of
// engines are no business of whoever asks.
func ready(check func(context.Context) error, log *slog.Logger) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		if err := check(ctx); err != nil {
			log.WarnContext(ctx, "not ready", "error", err)
			return collateral.Errorf(collateral.Unavailable, "A part behind the registry does not answer. The server's log names it.")
		}
		return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
	}
}
