package cli

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func TestVisitsAreJudgedWhenTheyBegin(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	judge, err := newJudge(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.60 Safari/537.36"
	asBrowsersDo := http.Header{"Accept": {"text/html,*/*"}, "Accept-Language": {"en"}}
	ahead := asBrowsersDo.Clone()
	ahead.Set("Sec-Purpose", "prefetch")
	for _, tt := range []struct {
		name, method, agent string
		headers             http.Header
		made                time.Time
		machine             bool
		why                 string
	}{
		{"a browser", http.MethodGet, browser, asBrowsersDo, now.Add(-time.Hour), false, "unconfirmed"},
		{"a browser that fetches ahead", http.MethodGet, browser, ahead, now.Add(-time.Hour), true, "prefetch"},
		{"a question whether it is there", http.MethodHead, browser, asBrowsersDo, now.Add(-time.Hour), true, "probe"},
		{"a preview in a chat", http.MethodGet, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", nil, now.Add(-time.Hour), true, "preview"},
		{"sooner than a person", http.MethodGet, browser, asBrowsersDo, now.Add(-time.Second), true, "hasty"},
	} {
		got := judge(sharing.Evidence{
			Request: sharing.Request{Address: tt.name, Method: tt.method, UserAgent: tt.agent, Header: tt.headers.Get}, Link: &collateral.Link{ID: uuid.New(), CreatedAt: tt.made},
		})
		if got.Machine != tt.machine || got.Why != tt.why {
			t.Errorf("%s: got machine %v by %q, want %v by %q", tt.name, got.Machine, got.Why, tt.machine, tt.why)
		}
		if tt.agent == browser && got.Agent != "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537 (KHTML, like Gecko) Chrome/142.0 Safari/537" {
			t.Errorf("%s: kept the agent %q", tt.name, got.Agent)
		}
	}
}

func TestLinksOpenedTogether(t *testing.T) {
	t.Parallel()
	var b burst
	now, first, second := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), uuid.New(), uuid.New()
	for i, tt := range []struct {
		after   time.Duration
		address string
		link    uuid.UUID
		want    int
	}{
		{0, "192.0.2.1", first, 0}, {time.Second, "192.0.2.1", first, 0}, {time.Second, "192.0.2.1", second, 1}, {time.Second, "192.0.2.2", second, 0},
		{9 * time.Second, "192.0.2.1", uuid.New(), 2}, {12 * time.Second, "192.0.2.1", uuid.New(), 1}, {time.Hour, "192.0.2.1", second, 0},
	} {
		if got := b.others(now.Add(tt.after), tt.address, tt.link); got != tt.want {
			t.Errorf("%d: got %d other links, want %d", i, got, tt.want)
		}
	}
}
