package machines_test

import (
	"strings"
	"testing"
	"time"

	"collateral/internal/machines"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsKeptOfABrowserIsNobodysOwn(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	for _, c := range []struct{ agent, want string }{
		{
			"Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.6167.101 Mobile Safari/537.36",
			"Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537",
		},
		{
			"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
			"Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/17 Mobile/ Safari/604",
		},
		{
			"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;FBBV/561309428;FBDV/iPhone14,5]",
			"Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Mobile/ [FBAN/FBIOS;FBBV/;FBDV/,5]",
		},
		{
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/ Firefox/145.0",
		},
		{"Mozilla/5.0 (Linux; Android 14; Pixel 8", "Mozilla/5.0 (Linux; Android "},
		{"Mozilla/5.0 \xff\x00caf\u00e9", "Mozilla/5.0 ??caf??"},
		{"Mozilla/5.0 (compatible; Discordbot/2.0.17; +https://discordapp.com)", "Mozilla/5.0 (compatible; Discordbot/2.0.17; +https://discordapp.com)"},
		{"", ""},
	} {
		if got := rules.Keep(machines.Request{Agent: c.agent}).Agent; got != c.want {
			t.Errorf("kept of %q:\n got %q\nwant %q", c.agent, got, c.want)
		}
	}
}

// TestWhatIsKeptIsJudgedAlike is what judging again rests on.
func TestWhatIsKeptIsJudgedAlike(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	for _, v := range readVisits(t) {
		kept := rules.Keep(v.request)
		if diff := cmp.Diff(rules.Judge(v.request, v.conduct), rules.Judge(kept, v.conduct)); diff != "" {
			t.Errorf("line %d, kept as %q (-as it came +as kept):\n%s", v.line, kept.Agent, diff)
		}
	}
}

func TestJudgingAgainTellsWhatChanges(t *testing.T) {
	t.Parallel()
	attended := machines.Conduct{Beats: 3, Visible: 10 * time.Second, Lasted: 12 * time.Second, Inputs: 2, Ended: true}
	before := parsed(t, "always known crawler word oldbot\nperson seen attended when inputs>=1")
	after := parsed(t, "always known crawler word newbot\nperson seen attended when inputs>=1")
	var visits []machines.Kept
	for _, agent := range []string{"Mozilla/5.0 oldbot", "Mozilla/5.0 newbot", "Mozilla/5.0"} {
		q := before.Keep(machines.Request{Agent: agent})
		visits = append(visits, machines.Kept{Request: q, Conduct: attended, Verdict: before.Judge(q, attended), Rules: before.Version()})
	}
	person := machines.Verdict{Person: true, Why: machines.Attended, Rule: "seen"}
	machine := machines.Verdict{Machine: true, Why: machines.Crawler, Rule: "known"}
	want := machines.Rejudged{
		Rules: after.Version(), Visits: 3, In: 1, Out: 1,
		Changes: []machines.Change{{At: 0, From: machine, To: person}, {At: 1, From: person, To: machine}},
	}
	got := after.Rejudge(visits)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("judged again (-want +got):\n%s", diff)
	}
	if !strings.Contains(got.Note(), after.Version()+": of 3, 1 count now that did not, and 1 no longer count") {
		t.Errorf("got the note %q, want it to tell the version and the figures", got.Note())
	}
	if again := before.Rejudge(visits); again.Changes != nil {
		t.Errorf("judged again by the same rules: got %+v, want no change", again.Changes)
	}
}

func TestReadTakesHeaders(t *testing.T) {
	t.Parallel()
	headers := map[string]string{
		"User-Agent": "Mozilla/5.0", "Accept": "text/html,*/*;q=0.8", "Accept-Language": "de", "Sec-Fetch-Mode": "navigate", "X-Moz": "prefetch",
	}
	got := machines.Read("GET", func(name string) string { return headers[name] })
	want := machines.Request{Method: "GET", Agent: "Mozilla/5.0", Purpose: "prefetch", Language: true, HTML: true, Mode: "navigate", Since: -1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}
