package cli_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Prometheus finds the figures on a listener of their own, and nowhere else.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--data", t.TempDir(), "--metrics-listen", "127.0.0.1:0")
	if status, _ := get(t, s.url+"/metrics"); status != http.StatusNotFound {
		t.Errorf("at the public address: got %d, want 404", status)
	}
	_, _ = get(t, s.url+"/api/v1/me")
	_, _ = get(t, s.url+"/readyz")
	told := regexp.MustCompile(`msg=metrics at=(\S+)`).FindStringSubmatch(s.stderr.String())
	if told == nil {
		t.Fatalf("the log does not say where metrics are:\n%s", s.stderr)
	}
	wanted := []string{
		`collateral_http_request_seconds_count{method="GET",route="/api/v1/me",status="401"} 1`,
		`collateral_http_request_seconds_count{method="none",route="none",status="404"} 1`,
		`collateral_job_seconds_count{kind="reindex",outcome="done"} `, // a moment after the start
		`collateral_database_up 1`,
		`collateral_index_lag_seconds `,
		`process_resident_memory_bytes `,
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		status, body := get(t, told[1])
		missing := slices.DeleteFunc(slices.Clone(wanted), func(line string) bool { return strings.Contains(body, "\n"+line) })
		if status == http.StatusOK && len(missing) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("got %d without the lines %q in\n%s", status, missing, body)
		}
	}
}
