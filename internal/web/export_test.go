package web

import "net/http"

// PostRoutes returns the paths that forms are sent to, with whether strangers may send them.
func PostRoutes() map[string]bool {
	paths := map[string]bool{}
	for _, r := range new(site).routes() {
		if r.method == http.MethodPost {
			paths[r.path] = r.public
		}
	}
	return paths
}
