package cli

import (
	"net/http"
	"strings"
)

// ways leads each request to its way in: programs come to the API, people to the pages.
func ways(api, web http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/api", strings.HasPrefix(path, "/api/"), path == "/healthz", path == "/readyz":
			api.ServeHTTP(w, r)
		default:
			web.ServeHTTP(w, r)
		}
	})
}
