package machines_test

import (
	"slices"
	"strings"
	"testing"

	"collateral/internal/machines"
)

func TestFaultyRulesAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, says string }{
		{"always a crawler word", "a rule has an effect"},
		{"seldom a crawler word x", `no effect "seldom"`},
		{"always a attended word x", `"attended" is no reason`},
		{"person a crawler word x", `"crawler" is no reason`},
		{"person a unconfirmed word x", `"unconfirmed" is no reason`},
		{"always a crawler smell x", `no kind "smell"`},
		{"always a crawler when moon>=3", `no fact "moon"`},
		{"always a crawler when since<soon", "neither a number nor a time"},
		{"always a crawler word x\nalways a crawler word y", "line 2: rule a is there already"},
	} {
		_, err := machines.Parse(c.line)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("parsing %q: got %v, want an error with %q", c.line, err, c.says)
		}
	}
}

func TestVersionFollowsTheData(t *testing.T) {
	t.Parallel()
	one, again, other := parsed(t, "always a crawler word x"), parsed(t, "always a crawler word x"), parsed(t, "always a crawler word y")
	if one.Version() != again.Version() {
		t.Errorf("versions of the same rules: got %s and %s, want one", one.Version(), again.Version())
	}
	if one.Version() == other.Version() {
		t.Errorf("versions of different rules: got %s twice, want two", one.Version())
	}
}

func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	for _, w := range machines.Whys() {
		if !strings.HasSuffix(w.Sentence(), ".") {
			t.Errorf("reason %s: got the sentence %q, want one with a full stop", w, w.Sentence())
		}
	}
	if slices.Contains(machines.Whys(), "") || machines.Why("").Sentence() != "" {
		t.Error("an empty reason has a sentence, want none")
	}
}

func standard(t testing.TB) *machines.Rules {
	t.Helper()
	r, err := machines.Default()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parsed(t *testing.T, text string) *machines.Rules {
	t.Helper()
	r, err := machines.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
