package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"collateral/internal/access"
	"collateral/internal/cli"
	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/traces/tracestest"
)

const callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

// tracedServer is a server in this process.
type tracedServer struct {
	t     *testing.T
	url   string
	token string // a marketer's
	log   *transcript
	end   func()
}

func startTraced(t *testing.T, dialect, collector string) *tracedServer {
	t.Helper()
	cfg := cli.Defaults(t.TempDir())
	cfg.DatabaseURL = storetest.URL(t, dialect)
	at, err := url.Parse(collector)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Traces.Collector = at
	db, err := store.Open(t.Context(), cfg.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	s := &tracedServer{t: t, token: join(t, access.New(db), "mia", collateral.Marketer), log: newTranscript()}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	running, ended := make(chan cli.Running, 1), make(chan error, 1)
	go func() {
		ended <- cli.Serve(ctx, cfg, slog.New(slog.NewTextHandler(s.log, nil)), func(r cli.Running) { running <- r })
	}()
	s.end = func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("ending: %v", err)
		}
	}
	select {
	case at := <-running:
		s.url = at.URL
	case err := <-ended:
		t.Fatalf("the server ended: %v", err)
	}
	return s
}

// ask sends a request as part of the caller's trace.
func (s *tracedServer) ask(method, path, mediaType string, body io.Reader, want int) []byte {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", mediaType)
	req.Header.Set("Traceparent", "00-"+callersTrace+"-00f067aa0ba902b7-01")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		s.t.Fatalf("%s %s: got %d %s, error %v, want %d", method, path, res.StatusCode, answer, err, want)
	}
	return answer
}

// use makes a piece, gives it a file, and searches.
func (s *tracedServer) use() {
	s.t.Helper()
	var made struct{ ID string }
	answer := s.ask("POST", "/api/v1/assets", "application/json", strings.NewReader(`{"title": "Freight deck", "type": "deck",
		"stages": [{"stage": "validation", "role": "Shows the buyer what it does at their own depot.", "primary": true}]}`), http.StatusCreated)
	if err := json.Unmarshal(answer, &made); err != nil {
		s.t.Fatal(err)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "deck.txt")
	if err == nil {
		_, err = io.WriteString(part, "Of freight.")
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.ask("POST", "/api/v1/assets/"+made.ID+"/versions", w.FormDataContentType(), &form, http.StatusCreated)
	s.ask("GET", "/api/v1/search?q=unheard", "", nil, http.StatusOK)
}

// The requests of one caller are one trace, down to what the parts were asked; what jobs do are traces of their own.
func TestTraces(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			collector := tracestest.New(t)
			s := startTraced(t, dialect, collector.URL)
			s.use()
			_, _ = get(t, s.url+"/readyz")
			for deadline := time.Now().Add(patience); !slices.ContainsFunc(collector.Spans(), named("job extract")); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("the file is not read in time:\n%s", s.log)
				}
			}
			s.end() // sends what is left

			spans := collector.Spans()
			byID := make(map[string]tracestest.Span)
			for _, span := range spans {
				byID[span.ID] = span
			}
			for child, parent := range map[string]string{
				"blob put":      "POST /api/v1/assets/:id/versions",
				"INSERT assets": "POST /api/v1/assets",
				"transaction":   "POST /api/v1/assets",
				"search query":  "GET /api/v1/search",
				"blob open":     "job extract",
			} {
				if !slices.ContainsFunc(spans, func(span tracestest.Span) bool {
					return span.Name == child && byID[span.Parent].Name == parent && (span.Trace == callersTrace) != strings.HasPrefix(parent, "job ")
				}) {
					t.Errorf("got no span %q below %q", child, parent)
				}
			}
			for _, span := range spans {
				root := span.Parent == "" || byID[span.Parent].ID == ""
				if root && !strings.HasPrefix(span.Name, "job ") && span.Trace != callersTrace {
					t.Errorf("got a trace of %q", span.Name)
				}
			}
			for _, private := range []string{"unheard", "Freight", "mia"} {
				if bytes.Contains(collector.Bytes(), []byte(private)) {
					t.Errorf("the collector hears %q", private)
				}
			}
			for line := range strings.Lines(s.log.String()) {
				if strings.Contains(line, "route=/api/") && !strings.Contains(line, "trace_id="+callersTrace) {
					t.Errorf("got a line without the trace: %s", line)
				}
			}
		})
	}
}

func named(name string) func(tracestest.Span) bool {
	return func(s tracestest.Span) bool { return s.Name == name }
}

// Without a collector everything goes on, and the log says so once.
func TestTracesWithoutCollector(t *testing.T) {
	t.Parallel()
	s := startTraced(t, store.SQLite, "http://127.0.0.1:1")
	s.use()
	s.end()
	if got := strings.Count(s.log.String(), "the collector does not take traces"); got != 1 {
		t.Errorf("the log says %d times that traces are lost, want once:\n%s", got, s.log)
	}
}
