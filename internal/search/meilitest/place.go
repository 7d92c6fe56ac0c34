package meilitest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// The variables that name a real server to test on, and its key.
const (
	RealURL = "MEILI_TEST_URL"
	RealKey = "MEILI_TEST_KEY"
)

// Any returns a server to test on: the real one that MEILI_TEST_URL names, else a stand-in that ends with the test.
func Any(tb testing.TB) (url, key string) {
	tb.Helper()
	if url := os.Getenv(RealURL); url != "" {
		return url, os.Getenv(RealKey)
	}
	return Start(tb).URL, ""
}

// Place is an index of a test's own.
type Place struct{ URL, Key, Name string }

// NewPlace returns an index on Any server, which is not made yet. With the test it is removed, and what belongs to it: a real
// server goes on after the test.
func NewPlace(tb testing.TB) Place {
	tb.Helper()
	p := Place{Name: "test-" + uuid.NewString()}
	p.URL, p.Key = Any(tb)
	tb.Cleanup(func() { p.remove(tb) })
	return p
}

func (p Place) remove(tb testing.TB) {
	tb.Helper()
	var all struct {
		Results []struct {
			UID string `json:"uid"`
		} `json:"results"`
	}
	if err := p.call(http.MethodGet, "/indexes?limit=1000", &all); err != nil {
		tb.Errorf("listing the indexes of the search server: %v", err)
	}
	for _, index := range all.Results {
		if strings.HasPrefix(index.UID, p.Name) {
			if err := p.call(http.MethodDelete, "/indexes/"+index.UID, nil); err != nil {
				tb.Errorf("deleting the index %s: %v", index.UID, err)
			}
		}
	}
}

func (p Place) call(method, path string, answer any) error {
	// Not the context of the test, which is over.
	request, err := http.NewRequestWithContext(context.Background(), method, p.URL+path, nil)
	if err != nil {
		return err
	}
	if p.Key != "" {
		request.Header.Set("Authorization", "Bearer "+p.Key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the server answers %s", response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
