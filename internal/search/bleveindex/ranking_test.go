package bleveindex_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/search/searchtest"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestRanking(t *testing.T) {
	t.Parallel()
	x, _ := open(t, t.TempDir())
	got := searchtest.Rankings(t, x)
	golden := filepath.Join("testdata", "ranking.golden")
	if *update {
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
