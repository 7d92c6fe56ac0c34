package httpd

import (
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"
)

// ServeMade answers with a file that is made while it is sent, for the caller alone and kept nowhere on the way. An error
// before the first bytes left is a refusal of which nothing was sent yet.
func ServeMade(w http.ResponseWriter, mediaType, name string, write func(to io.Writer) error) error {
	h := w.Header()
	h.Set(echo.HeaderContentType, mediaType)
	h.Set(echo.HeaderContentDisposition, disposition(true, name))
	h.Set(echo.HeaderCacheControl, "no-store")
	if err := write(w); err != nil {
		h.Del(echo.HeaderContentDisposition)
		return fmt.Errorf("sending %s: %w", name, err)
	}
	return nil
}
