package collateral

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckCollectionName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		faults []string
	}{
		{"First calls", nil},
		{strings.Repeat("n", 100), nil},
		{strings.Repeat("n", 101), []string{"/name"}},
		{"", []string{"/name"}},
		{"\u200b", []string{"/name"}},
		{"two\nlines", []string{"/name"}},
	} {
		if diff := cmp.Diff(c.faults, pointers(CheckCollectionName(c.name))); diff != "" {
			t.Errorf("%q: faults (-want +got):\n%s", c.name, diff)
		}
	}
}
