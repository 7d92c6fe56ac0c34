package bleveindex_test

import (
	"testing"

	"collateral/internal/search"
	"collateral/internal/search/bleveindex"
	"collateral/internal/search/searchtest"
)

func TestIndex(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index {
		t.Helper()
		x, fresh := open(t, t.TempDir())
		if !fresh {
			t.Fatal("an empty folder gives an index that is not fresh")
		}
		return x
	})
}

func open(t testing.TB, folder string) (x *bleveindex.Index, fresh bool) {
	t.Helper()
	x, fresh, err := bleveindex.Open(folder)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return x, fresh
}
