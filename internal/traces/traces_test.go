package traces

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"collateral/internal/traces/tracestest"
)

const (
	caller        = "4bf92f3577b34da6a3ce929d0e0e4736"
	callerSpan    = "00f067aa0ba902b7"
	callerSampled = "00-" + caller + "-" + callerSpan + "-01"
	callerNot     = "00-" + caller + "-" + callerSpan + "-00"
)

func open(t *testing.T, c Config, collector string) *Traces {
	t.Helper()
	var err error
	if c.Collector, err = url.Parse(collector); err != nil {
		t.Fatal(err)
	}
	traces, err := New(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return traces
}

func flush(t *testing.T, traces *Traces) {
	t.Helper()
	if err := traces.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func request(traceparent string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/api/v1/search?q=who+looks+for+what", nil)
	if traceparent != "" {
		r.Header.Set("Traceparent", traceparent)
	}
	return r
}

func TestOffCostsNothing(t *testing.T) { //nolint:paralleltest // allocations are counted
	traces, err := New(t.Context(), Config{Share: 1}, slog.New(slog.DiscardHandler))
	if traces != nil || err != nil {
		t.Fatalf("got %v, error %v, want none", traces, err)
	}
	r, failure := request(callerSampled), errors.New("failed")
	allocated := testing.AllocsPerRun(1000, func() {
		ctx, answered := traces.Request(r)
		ctx, span := traces.Call(ctx, "blob", "put")
		traces.Statement(ctx, time.Time{}, "SELECT assets", nil)
		span.End(failure)
		answered("id", "GET", "/api/v1/search", 200)
		_, ended := traces.Job(ctx, "index", 1)
		ended("failed", failure)
	})
	if allocated != 0 {
		t.Errorf("got %v allocations, want none", allocated)
	}
	handler := slog.DiscardHandler
	if got := traces.Log(handler); got != handler {
		t.Errorf("got a %T for the log, want the one there was", got)
	}
	flush(t, traces)
}

// A request is one trace with all that was done for it, in that of its caller.
func TestRequest(t *testing.T) {
	t.Parallel()
	collector := tracestest.New(t)
	traces := open(t, Config{Share: 1, Headers: map[string]string{"api-key": "secret"}}, collector.URL+"/")
	ctx, answered := traces.Request(request(callerSampled))
	outer, span := traces.Call(ctx, "blob", "put")
	traces.Statement(outer, time.Now(), "SELECT assets", nil)
	span.End(nil)
	_, span = traces.Call(ctx, "search", "query")
	span.End(errors.New("ada@example.com is not found"))
	answered("0198", "GET", "/api/v1/search", 503)
	flush(t, traces)

	ids := map[string]string{callerSpan: "caller"}
	spans := make(map[string]tracestest.Span)
	for _, s := range collector.Spans() {
		ids[s.ID] = s.Name
		spans[s.Name] = s
	}
	got := make(map[string]tracestest.Span)
	for name, s := range spans {
		s.Parent = ids[s.Parent]
		got[name] = s
	}
	want := map[string]tracestest.Span{
		"GET /api/v1/search": {Trace: caller, Parent: "caller", Failed: true, Attributes: map[string]any{
			"http.request.method": "GET", "http.route": "/api/v1/search", "http.response.status_code": int64(503), "collateral.request_id": "0198",
		}},
		"blob put":      {Trace: caller, Parent: "GET /api/v1/search"},
		"SELECT assets": {Trace: caller, Parent: "blob put"},
		"search query":  {Trace: caller, Parent: "GET /api/v1/search", Failed: true},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(tracestest.Span{}, "ID", "Name"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, private := range []string{"looks", "ada"} {
		if bytes.Contains(collector.Bytes(), []byte(private)) {
			t.Errorf("the collector hears %q", private)
		}
	}
	if got := collector.Header().Get("Api-Key"); got != "secret" {
		t.Errorf("got the key %q, want the one that is configured", got)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, route, want string }{
		{"GET", "/api/v1/me", "GET /api/v1/me"},
		{"GET", "", "GET"},
		{"BREW", "", "_OTHER"},
	} {
		collector := tracestest.New(t)
		traces := open(t, Config{Share: 1}, collector.URL)
		_, answered := traces.Request(request(""))
		answered("id", tt.method, tt.route, 404)
		flush(t, traces)
		if got := collector.Spans(); len(got) != 1 || got[0].Name != tt.want || got[0].Failed || got[0].Parent != "" {
			t.Errorf("%s %q: got %v, want one without a parent, named %q", tt.method, tt.route, got, tt.want)
		}
	}
}

// The caller decides for its trace, the share for others.
func TestShare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		share       float64
		traceparent string
		want        int
	}{
		{"all", 1, "", 2},
		{"none", 0, "", 0},
		{"none but those that are asked for", 0, callerSampled, 2},
		{"all but those that are not wanted", 1, callerNot, 0},
		{"what is no trace is a new one", 1, "00-0-0-01", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			collector := tracestest.New(t)
			traces := open(t, Config{Share: tt.share}, collector.URL)
			ctx, answered := traces.Request(request(tt.traceparent))
			_, span := traces.Call(ctx, "blob", "stat")
			span.End(nil)
			answered("id", "GET", "/", 200)
			flush(t, traces)
			if got := len(collector.Spans()); got != tt.want {
				t.Errorf("got %d spans, want %d", got, tt.want)
			}
		})
	}
}

func TestJob(t *testing.T) {
	t.Parallel()
	collector := tracestest.New(t)
	traces := open(t, Config{Share: 1}, collector.URL)
	ctx, ended := traces.Job(t.Context(), "index", 3)
	traces.Statement(ctx, time.Now(), "SELECT assets", nil)
	ended("interrupted", context.Canceled)
	traces.Statement(t.Context(), time.Now(), "UPDATE jobs", nil) // of no request and no job
	flush(t, traces)
	want := []tracestest.Span{
		{Name: "SELECT assets"},
		{Name: "job index", Attributes: map[string]any{"collateral.job.kind": "index", "collateral.job.attempt": int64(3), "collateral.job.outcome": "interrupted"}},
	}
	if diff := cmp.Diff(want, collector.Spans(), cmpopts.IgnoreFields(tracestest.Span{}, "Trace", "ID", "Parent"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLogNamesTheTrace(t *testing.T) {
	t.Parallel()
	traces := open(t, Config{Share: 0}, tracestest.New(t).URL)
	var lines bytes.Buffer
	log := slog.New(traces.Log(slog.NewTextHandler(&lines, nil))).With("kind", "index")
	for _, traceparent := range []string{callerSampled, callerNot} {
		ctx, answered := traces.Request(request(traceparent))
		log.InfoContext(ctx, "request")
		answered("id", "GET", "/", 200)
	}
	flush(t, traces)
	first, second, _ := strings.Cut(lines.String(), "\n")
	if !strings.HasSuffix(first, "kind=index trace_id="+caller) || strings.Contains(second, "trace_id") {
		t.Errorf("got\n%s\nwant the trace in the first line, and not in the second", lines.String())
	}
}

// Nobody waits for a collector that does not answer, not even the end for longer than it is told.
func TestCollectorHangs(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(collector.Close)
	t.Cleanup(func() { close(release) })
	traces := open(t, Config{Share: 1}, collector.URL)
	began := time.Now()
	for range 3 * queueLength {
		_, answered := traces.Request(request(""))
		answered("id", "GET", "/", 200)
	}
	if took := time.Since(began); took > sendTime {
		t.Errorf("%d requests took %s", 3*queueLength, took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := traces.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of its time", err)
	}
}

func TestLossIsToldSeldom(t *testing.T) {
	t.Parallel()
	status := http.StatusServiceUnavailable
	redirected := 0
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path != "/v1/traces" {
			redirected++
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(collector.Close)
	var lines bytes.Buffer
	at, err := url.Parse(collector.URL)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	to, err := newExporter(t.Context(), Config{Collector: at}, slog.New(slog.NewTextHandler(&lines, nil)))
	if err != nil {
		t.Fatal(err)
	}
	to.now = func() time.Time { return now }
	send := func(answer int, after time.Duration) {
		status, now = answer, now.Add(after)
		if err := to.ExportSpans(t.Context(), tracetest.SpanStubs{{Name: "one"}}.Snapshots()); err != nil {
			t.Errorf("got %v, want the loss kept from the library, which prints it", err)
		}
	}
	for range 5 {
		send(http.StatusServiceUnavailable, time.Second)
	}
	send(http.StatusTemporaryRedirect, tellEvery)
	send(http.StatusOK, time.Second)
	send(http.StatusOK, time.Second)
	send(http.StatusServiceUnavailable, time.Second)
	got := strings.Count(lines.String(), "level=WARN")
	if got != 2 || strings.Count(lines.String(), "level=INFO") != 1 || !strings.Contains(lines.String(), "lost=6") {
		t.Errorf("got %d warnings in\n%s\nwant two, and one line that all 6 were lost until it was well again", got, lines.String())
	}
	if redirected != 0 {
		t.Error("a redirect was followed, with the key of the collector")
	}
}
