package machines_test

import (
	"testing"
	"time"

	"collateral/internal/machines"
)

const (
	chrome   = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
	headless = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/143.0.0.0 Safari/537.36"
)

// TestVerdictsFollowWhatIsKnown takes one visit from its first request to its end.
func TestVerdictsFollowWhatIsKnown(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	opened := machines.Request{Method: "GET", Agent: chrome, Language: true, HTML: true, Mode: "navigate", Secure: true, Since: time.Hour}
	prefetched, hasty, steered := opened, opened, opened
	prefetched.Purpose = "prefetch;prerender"
	hasty.Since = time.Second
	steered.Agent = headless
	glimpse := machines.Conduct{Resources: true, Cookie: true}
	seen := machines.Conduct{Resources: true, Cookie: true, Beats: 1, Visible: 5 * time.Second, Lasted: 5 * time.Second}
	touched := seen
	touched.Inputs = 2
	left := touched
	left.Ended = true
	for _, c := range []struct {
		name    string
		request machines.Request
		steps   [5]machines.Why // with nothing, with the page's files, seen, touched, and ended
	}{
		{"a browser", opened, [5]machines.Why{machines.Unconfirmed, machines.Unconfirmed, machines.Unconfirmed, machines.Attended, machines.Attended}},
		{"fetched ahead", prefetched, [5]machines.Why{machines.Prefetch, machines.Prefetch, machines.Prefetch, machines.Attended, machines.Attended}},
		{"at once", hasty, [5]machines.Why{machines.Hasty, machines.Hasty, machines.Hasty, machines.Attended, machines.Attended}},
		{"steered", steered, [5]machines.Why{machines.Automated, machines.Automated, machines.Automated, machines.Automated, machines.Automated}},
	} {
		for i, conduct := range []machines.Conduct{{}, glimpse, seen, touched, left} {
			if got := rules.Judge(c.request, conduct).Why; got != c.steps[i] {
				t.Errorf("%s, step %d: got %s, want %s", c.name, i, got, c.steps[i])
			}
		}
	}
}

func TestHeartbeatsThatCannotBeShowNobody(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	q := machines.Request{Agent: chrome, Language: true, HTML: true, Mode: "navigate", Secure: true, Since: time.Hour}
	for _, c := range []struct {
		name    string
		conduct machines.Conduct
	}{
		{"more time than passed", machines.Conduct{Beats: 2, Visible: time.Hour, Lasted: time.Minute, Inputs: 1}},
		{"less than no time", machines.Conduct{Beats: 2, Visible: -time.Second, Lasted: time.Minute, Inputs: 1}},
		{"the least time there is", machines.Conduct{Beats: 2, Visible: -1 << 63, Lasted: time.Minute, Inputs: 1}},
		{"more beats than seconds", machines.Conduct{Beats: 80, Visible: time.Minute, Lasted: time.Minute, Inputs: 1}},
		{"fewer inputs than none", machines.Conduct{Beats: 2, Visible: time.Second, Lasted: time.Minute, Inputs: -1}},
	} {
		if got := rules.Judge(q, c.conduct); !got.Machine || got.Why != machines.Forged {
			t.Errorf("%s: got %+v, want a forged visit", c.name, got)
		}
	}
}
