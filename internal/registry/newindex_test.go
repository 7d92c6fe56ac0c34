package registry_test

import (
	"testing"

	"collateral/internal/search"
	"collateral/internal/search/bleveindex"
	"collateral/internal/search/meiliindex"
	"collateral/internal/search/meilitest"
	"collateral/internal/store"
)

// newIndex opens an empty search index, of the kind that goes with a database.
func newIndex(t testing.TB, dialect string) search.Index {
	t.Helper()
	open := func() (interface {
		search.Index
		Close() error
	}, error) {
		if dialect == store.Postgres {
			x, _, err := meiliindex.Open(t.Context(), meiliindex.Config(meilitest.NewPlace(t)))
			return x, err
		}
		x, _, err := bleveindex.Open(t.TempDir())
		return x, err
	}
	index, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Errorf("closing the index: %v", err)
		}
	})
	return index
}
