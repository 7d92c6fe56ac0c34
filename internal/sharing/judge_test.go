package sharing

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/store"
)

func TestVisitsAreJudgedWhenTheyBegin(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	rules, err := machines.Default()
	if err != nil {
		t.Fatal(err)
	}
	s := &Sharing{Store: &store.Store{Now: func() time.Time { return now }}, Rules: rules}
	const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.60 Safari/537.36"
	asBrowsersDo := http.Header{"Accept": {"text/html,*/*"}, "Accept-Language": {"en"}}
	ahead := asBrowsersDo.Clone()
	ahead.Set("Sec-Purpose", "prefetch")
	for _, tt := range []struct {
		name, method, agent string
		headers             http.Header
		made                time.Time
		others              int
		machine             bool
		why                 machines.Why
	}{
		{"a browser", http.MethodGet, browser, asBrowsersDo, now.Add(-time.Hour), 0, false, machines.Unconfirmed},
		{"a browser that fetches ahead", http.MethodGet, browser, ahead, now.Add(-time.Hour), 0, true, machines.Prefetch},
		{"a question whether it is there", http.MethodHead, browser, asBrowsersDo, now.Add(-time.Hour), 0, true, machines.Probe},
		{"a preview in a chat", http.MethodGet, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", nil, now.Add(-time.Hour), 0, true, machines.Preview},
		{"sooner than a person", http.MethodGet, browser, asBrowsersDo, now.Add(-time.Second), 0, true, machines.Hasty},
		{"with many others", http.MethodGet, browser, asBrowsersDo, now.Add(-time.Hour), 3, true, machines.Burst},
	} {
		j := &judged{JudgedVisit: &store.JudgedVisit{}}
		j.evidence = s.firstEvidence(Request{Method: tt.method, UserAgent: tt.agent, Header: tt.headers.Get}, &collateral.Link{CreatedAt: tt.made}, tt.others)
		s.verdict(j)
		if err := j.write(); err != nil {
			t.Fatal(err)
		}
		if v := j.Visit; v.Machine != tt.machine || v.Why != string(tt.why) {
			t.Errorf("%s: got machine %v by %q, want %v by %q", tt.name, v.Machine, v.Why, tt.machine, tt.why)
		}
		if tt.agent == browser && j.Visit.Agent != "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537 (KHTML, like Gecko) Chrome/142.0 Safari/537" {
			t.Errorf("%s: kept the agent %q", tt.name, j.Visit.Agent)
		}
		again, err := readJudged(j.JudgedVisit)
		if err != nil {
			t.Fatal(err)
		}
		s.verdict(again)
		if again.evidence != j.evidence {
			t.Errorf("%s: judged again by what is kept: got %+v, want %+v", tt.name, again.evidence, j.evidence)
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
		others  int
		grown   int
	}{
		{0, "192.0.2.1", first, 0, 0}, {time.Second, "192.0.2.1", first, 0, 0}, {time.Second, "192.0.2.1", second, 1, 2}, {time.Second, "192.0.2.2", second, 0, 0},
		{2 * time.Second, "192.0.2.1", second, 1, 0}, {9 * time.Second, "192.0.2.1", uuid.New(), 2, 4}, {12 * time.Second, "192.0.2.1", uuid.New(), 2, 2},
		{time.Hour, "192.0.2.1", second, 0, 0}, {time.Hour, "", second, 0, 0},
	} {
		others, grown := b.note(now.Add(tt.after), tt.address, tt.link, uuid.New())
		if others != tt.others || len(grown) != tt.grown {
			t.Errorf("%d: got %d other links and %d visits to judge again, want %d and %d", i, others, len(grown), tt.others, tt.grown)
		}
	}
	for range 2 * mostOpenings {
		b.note(now.Add(2*time.Hour), "192.0.2.9", first, uuid.New())
	}
	if len(b.opened) != mostOpenings {
		t.Errorf("remembers %d openings, want %d at most", len(b.opened), mostOpenings)
	}
}
