package machines_test

import (
	"slices"
	"testing"
	"time"

	"collateral/internal/machines"
)

// FuzzJudge: whatever is handed in, a verdict has a reason of the list and a rule of the file, is not both a machine's and
// a person's, and is the same for what is kept.
func FuzzJudge(f *testing.F) {
	for _, v := range readVisits(f) {
		q, c := v.request, v.conduct
		f.Add(q.Method, q.Agent, q.Purpose, q.Mode, int64(q.Since), q.Others, c.Beats, int64(c.Visible), int64(c.Lasted), c.Inputs, q.Language, c.Cookie, c.Ended)
	}
	rules := standard(f)
	whys, ids := machines.Whys(), rules.IDs()
	f.Fuzz(func(t *testing.T, method, agent, purpose, mode string, since int64, others, beats int, visible, lasted int64, inputs int, language, cookie, ended bool) {
		q := machines.Request{Method: method, Agent: agent, Purpose: purpose, Mode: mode, Since: time.Duration(since), Others: others, Language: language, Secure: ended}
		c := machines.Conduct{Beats: beats, Visible: time.Duration(visible), Lasted: time.Duration(lasted), Inputs: inputs, Cookie: cookie, Ended: ended}
		got := rules.Judge(q, c)
		if !slices.Contains(whys, got.Why) {
			t.Errorf("got the reason %q, want one of the list", got.Why)
		}
		if (got.Why == machines.Unconfirmed) != (got.Rule == "") || got.Rule != "" && !slices.Contains(ids, got.Rule) {
			t.Errorf("got the rule %q for %s, want one of the file, and none for what is unconfirmed", got.Rule, got.Why)
		}
		if got.Machine && got.Person {
			t.Errorf("got %+v, want a machine or a person", got)
		}
		kept := rules.Keep(q)
		if again := rules.Judge(kept, c); again != got {
			t.Errorf("kept as %q: got %+v, want %+v as of %q", kept.Agent, again, got, agent)
		}
		if twice := rules.Keep(kept); twice != kept {
			t.Errorf("kept twice: got %+v, want %+v", twice, kept)
		}
	})
}
