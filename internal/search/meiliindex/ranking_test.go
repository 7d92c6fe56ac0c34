package meiliindex_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/search/meilitest"
	"collateral/internal/search/searchtest"
)

var update = flag.Bool("update", false, "write the golden file anew")

// TestRanking holds the whole ranking against the golden file. It is that of the stand-in: behind the first hit a real
// server may order hits otherwise that the documented rules do not tell apart.
func TestRanking(t *testing.T) {
	t.Parallel()
	if os.Getenv(meilitest.RealURL) != "" {
		t.Skip("the golden file is the stand-in's")
	}
	x, _ := serverFor(t).open(t)
	got := searchtest.Rankings(t, x)
	golden := filepath.Join("testdata", "ranking.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the ranking is another one; if it is meant to be, run with -update (-want +got):\n%s", diff)
	}
}
