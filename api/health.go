package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// alive answers while the process can answer at all.
func alive(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers whether the engines behind the registry do. What check returns is a refusal whose sentence may be shown, or
// a fault that stands in the log only. Without room to store anything the registry is ready all the same, and says so: who
// would take it out of service for that would refuse reading too.
func ready(check func(context.Context) error, log *slog.Logger) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		err := check(ctx)
		if err == nil {
			return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
		}
		refusal, ok := errors.AsType[*collateral.Error](err)
		if !ok {
			refusal = collateral.Errorf(collateral.Unavailable, "A part behind the registry does not answer. The server's log names it.")
		}
		if refusal.Kind == collateral.Full {
			log.WarnContext(ctx, "ready for reading only", "error", err)
			return c.JSON(http.StatusOK, map[string]string{"status": "full", "detail": refusal.Message})
		}
		log.WarnContext(ctx, "not ready", "error", err) // and no error of ours: whoever asks wants to know just that
		return refusalOf(refusal).write(c.Response(), c.Response().Header().Get(echo.HeaderXRequestID))
	}
}
