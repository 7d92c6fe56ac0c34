package search

import (
	"strings"
	"testing"
)

func TestWithinFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b   string
		max    int
		want   int
		within bool
	}{
		{"quota", "quota", 1, 0, true},
		{"quota", "quoto", 1, 1, true},
		{"quota", "qutoa", 1, 1, true}, // a swap
		{"quota", "uqota", 1, 1, true}, // a swap at the beginning
		{"quota", "quot", 1, 1, true},
		{"quota", "quotas", 1, 1, true},
		{"quota", "quiti", 1, 0, false},
		{"quota", "quiti", 2, 2, true},
		{"contract", "ocntarct", 2, 2, true}, // two swaps
		{"contract", "con", 2, 0, false},
		{"café", "cafe", 1, 1, true},
		{"ab", "bca", 2, 0, false}, // a swap is between neighbours that stay neighbours
		{"", "ab", 2, 2, true},
	} {
		n, within := withinFaults(c.a, c.b, c.max)
		if within != c.within || within && n != c.want {
			t.Errorf("withinFaults(%q, %q, %d): got %d, %t, want %d, %t", c.a, c.b, c.max, n, within, c.want, c.within)
		}
	}
}

func TestFragmentsOfTextWithoutSpaces(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x.", 2000) + "renewal" + strings.Repeat("价", 2000)
	f := NewFinder(Query{Words: "renewal"}, nil)
	p := &place{text, f.find(text, nil)}
	if len(p.found) != 1 {
		t.Fatalf("got %d occurrences, want 1", len(p.found))
	}
	total, hit := 0, ""
	for _, run := range p.fragments(f) {
		total += len(run.Text)
		if run.Hit {
			hit += run.Text
		}
	}
	if hit != "renewal" || total > 400 {
		t.Errorf("got the matching runs %q in %d bytes, want %q in about two lines", hit, total, "renewal")
	}
}
