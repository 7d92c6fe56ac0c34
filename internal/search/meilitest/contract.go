package meilitest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// contractVariable names the environment variable with the path of Meilisearch's own description of its API. Without it
// the file is looked for in a folder "shared" beside the module or any folder above it.
const contractVariable = "MEILI_OPENAPI"

const contractFile = "meilisearch-openapi.json"

// contract checks requests against Meilisearch's description of its API.
type contract struct{ router routers.Router }

// loadContract returns the contract, or nil when the description is not here: then requests are not checked, which the
// test's log says. One that the variable names must be here.
func loadContract(tb testing.TB) *contract {
	tb.Helper()
	c, err := readContract()
	if err != nil {
		tb.Fatalf("reading Meilisearch's description of its API: %v", err)
	}
	if c == nil {
		tb.Logf("LEFT OUT: requests are not checked against Meilisearch's description of its API, because %s is not here: set %s to its path",
			contractFile, contractVariable)
	}
	return c
}

// readContract reads the description once for all servers of a test binary: it is large, and nobody writes to it.
var readContract = sync.OnceValues(func() (*contract, error) {
	path, err := contractPath()
	if path == "" || err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	correct(doc)
	router, err := legacy.NewRouter(doc, openapi3.DisableSchemaPatternValidation(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	return &contract{router}, err
})

// contractPath returns nothing when the description is not here.
func contractPath() (string, error) {
	if path := os.Getenv(contractVariable); path != "" {
		return path, nil
	}
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(folder, "shared", contractFile)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", nil
		}
		folder = above
	}
}

// correct changes what the description says otherwise than the server does: facets are a list of strings, and the body of
// a setting is JSON.
func correct(doc *openapi3.T) {
	for _, path := range doc.Paths.Map() {
		if put := path.Put; put != nil && put.RequestBody != nil {
			content := put.RequestBody.Value.Content
			if plain := content["text/plain"]; plain != nil && content["application/json"] == nil {
				content["application/json"] = plain
			}
		}
	}
	for _, schema := range doc.Components.Schemas {
		if facets, ok := schema.Value.Properties["facets"]; ok && schema.Value.Properties["attributesToRetrieve"] != nil {
			facets.Value = openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema()).WithNullable()
			facets.Ref = ""
		}
	}
	doc.Servers = nil
	doc.Security = nil
}

// check returns what is wrong with a request. Its body can be read again afterwards.
func (c *contract) check(r *http.Request) error {
	if c == nil {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil //nolint:nilerr // whoever reads on meets it again
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		return fmt.Errorf("%s %s is not in Meilisearch's API: %w", r.Method, r.URL.Path, err)
	}
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true,
		},
	})
	r.Body = io.NopCloser(bytes.NewReader(body))
	if _, wrong := errors.AsType[*openapi3filter.RequestError](err); wrong {
		return fmt.Errorf("%s %s is not as Meilisearch's API asks for: %w\n%.2000s", r.Method, r.URL.Path, err, body)
	}
	return err
}
