package meilitest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestContract(t *testing.T) {
	t.Parallel()
	c := loadContract(t)
	if c == nil {
		t.Skip("Meilisearch's description of its API is not here")
	}
	for _, r := range []struct {
		method, path, body string
		good               bool
	}{
		{http.MethodPost, "/multi-search", `{"queries":[{"indexUid":"a","q":"x","facets":["stage"],"hybrid":null,"hitsPerPage":0}]}`, true},
		{http.MethodPost, "/multi-search", `{"queries":[{"indexUid":"a","q":1}]}`, false},
		{http.MethodPost, "/multi-search", `{"queries":[{"indexUid":"a","words":"x"}]}`, false},
		{http.MethodPut, "/indexes/a/settings/facet-search", `false`, true},
		{http.MethodPatch, "/indexes/a/settings", `{"rankingRules":"words"}`, false},
		{http.MethodPost, "/swap-indexes", `[{"indexes":["a","b"]}]`, true},
		{http.MethodPost, "/swap-indexes", `[{"swap":["a","b"]}]`, false},
		{http.MethodGet, "/tasks/1", "", true},
		{http.MethodGet, "/nowhere", "", false},
	} {
		request := httptest.NewRequestWithContext(t.Context(), r.method, r.path, strings.NewReader(r.body))
		if r.body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		if err := c.check(request); (err == nil) != r.good {
			t.Errorf("%s %s %s: got %v, want it taken: %t", r.method, r.path, r.body, err, r.good)
		}
	}
}
