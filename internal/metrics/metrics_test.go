package metrics

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if answer.Code != 200 {
		t.Fatalf("got %d %s, want 200", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

func want(t *testing.T, scraped string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+scraped, "\n"+line+"\n") {
			name, _, _ := strings.Cut(line, "{")
			t.Errorf("got no line %s\n%s", line, matching(scraped, name))
		}
	}
}

func matching(text, prefix string) string {
	var found []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "")
}

func TestCounts(t *testing.T) {
	t.Parallel()
	m := New()
	m.Request("GET", "/api/v1/search", 200, 3*time.Millisecond)
	m.Request("GET", "/api/v1/search", 200, 20*time.Second)
	m.Request("BREW", "", 404, time.Millisecond)
	m.Job("index", "done", time.Second)
	m.Blob("put", errors.New("gone"), time.Second)
	m.Search("query", nil, time.Millisecond)
	m.EventCommit(7, nil, time.Millisecond)
	m.EventCommit(2, errors.New("full"), time.Millisecond)
	scraped := scrape(t, m)
	want(t, scraped,
		`collateral_http_request_seconds_count{method="GET",route="/api/v1/search",status="200"} 2`,
		`collateral_http_request_seconds_bucket{method="GET",route="/api/v1/search",status="200",le="0.005"} 1`,
		`collateral_http_request_seconds_count{method="none",route="none",status="404"} 1`,
		`collateral_job_seconds_count{kind="index",outcome="done"} 1`,
		`collateral_blob_seconds_count{call="put",outcome="error"} 1`,
		`collateral_search_engine_seconds_count{call="query",outcome="ok"} 1`,
		`collateral_events_committed_total 7`,
		`collateral_events_failed_total 2`,
		`collateral_event_commit_seconds_count{outcome="error"} 1`,
	)
	problems, err := promlint.New(strings.NewReader(matching(scraped, ""))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestJobsAreAskedForWhenScraped(t *testing.T) {
	t.Parallel()
	m := New()
	var fault error
	asked := 0
	m.WatchJobs(func(context.Context) ([]Waiting, error) {
		asked++
		return []Waiting{
			{Kind: "index", State: "ready", Count: 3, Since: time.Now().Add(-time.Hour)},
			{Kind: "index", State: "dead", Count: 1, Since: time.Now().Add(-24 * time.Hour)},
			{Kind: "index", State: "later", Count: 1, Since: time.Now().Add(-24 * time.Hour)},
			{Kind: "extract", State: "running", Count: 2, Since: time.Now().Add(-48 * time.Hour)},
		}, fault
	}, "index")
	if asked != 0 {
		t.Errorf("asked %d times before the first scrape, want 0", asked)
	}
	scraped := scrape(t, m)
	want(t, scraped, `collateral_database_up 1`, `collateral_jobs{kind="index",state="ready"} 3`, `collateral_jobs{kind="extract",state="running"} 2`)
	if lag := matching(scraped, "collateral_index_lag_seconds"); !strings.HasPrefix(lag, "collateral_index_lag_seconds 3600") {
		t.Errorf("got %q, want the hour of the oldest job that is waited for", lag)
	}
	fault = errors.New("the database is away")
	scraped = scrape(t, m)
	want(t, scraped, `collateral_database_up 0`)
	if strings.Contains(scraped, "collateral_jobs{") || strings.Contains(scraped, "collateral_index_lag") {
		t.Error("got figures of jobs without a database")
	}
}
