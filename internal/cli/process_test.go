package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is for a machine that is busy with other tests.
const patience = 3 * time.Minute

// server is a process that serves.
type server struct {
	cmd    *exec.Cmd
	url    string
	stdout *transcript
	stderr *transcript
	ended  chan struct{} // closed when it has ended
}

// startServer starts "collateral serve" on a free port and waits until it says where it listens.
func startServer(t testing.TB, args ...string) *server {
	t.Helper()
	return start(t, append([]string{"serve"}, args...)...)
}

// start starts a command that serves.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	cmd := exec.Command("collateral", append(args, "--listen", "127.0.0.1:0")...)
	cmd.Env = unconfigured()
	return launch(t, cmd)
}

// launch is start for a command that is made.
func launch(t testing.TB, cmd *exec.Cmd) *server {
	t.Helper()
	s := begun(t, cmd)
	s.url = s.waitFor(t, s.stdout, "http://")
	return s
}

// begun starts a command, and ends it with the test.
func begun(t testing.TB, cmd *exec.Cmd) *server {
	t.Helper()
	s := &server{cmd: cmd, stdout: newTranscript(), stderr: newTranscript(), ended: make(chan struct{})}
	s.cmd.Stdout, s.cmd.Stderr = s.stdout, s.stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("starting the server: %v", err)
	}
	go func() {
		_ = s.cmd.Wait() // ProcessState says how it ended
		close(s.ended)
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
	})
	return s
}

// waitFor returns the first word of the transcript that begins with prefix.
func (s *server) waitFor(t testing.TB, in *transcript, prefix string) string {
	t.Helper()
	deadline := time.After(patience)
	for {
		for word := range strings.FieldsSeq(in.String()) {
			if strings.HasPrefix(word, prefix) {
				return word
			}
		}
		select {
		case <-in.grew:
		case <-s.ended:
			t.Fatalf("the server ended: %v\n%s%s", s.cmd.ProcessState, s.stdout, s.stderr)
		case <-deadline:
			t.Fatalf("the server did not say %q in time:\n%s%s", prefix, s.stdout, s.stderr)
		}
	}
}

func (s *server) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatalf("sending %s: %v", sig, err)
	}
}

// wait returns the exit code.
func (s *server) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-s.ended:
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		t.Fatalf("the server did not end in time:\n%s%s", s.stdout, s.stderr)
		return -1
	}
}

// run runs a command to its end and returns what it printed on both outputs.
func run(t testing.TB, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("collateral", args...)
	cmd.Env = unconfigured()
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// unconfigured is the environment without anything that would configure the program: an empty variable is none.
func unconfigured() []string {
	return append(os.Environ(), "DATABASE_URL=", "BLOB_URL=", "SEARCH_URL=", "SEARCH_KEY=", "SEARCH_INDEX=", "COLLATERAL_DATA=", "COLLATERAL_GRACE=",
		"COLLATERAL_MAX_UPLOAD=", "COLLATERAL_KEEP_FREE=", "COLLATERAL_TRUSTED_PROXIES=", "COLLATERAL_BEACON_ORIGINS=", "COLLATERAL_WORKERS=",
		"COLLATERAL_DATABASE_CONNS=", "PDFIUM_WASM=", "COLLATERAL_OFFICE=none", "COLLATERAL_DATABASE_TIMEOUT=", "COLLATERAL_DRAIN=", "COLLATERAL_SECOND_INDEX=", "COLLATERAL_LOG_LEVEL=", "COLLATERAL_LOG_FORMAT=",
		"COLLATERAL_METRICS_LISTEN=", "COLLATERAL_WEBHOOK_HOSTS=", "COLLATERAL_COMPANY=", "COLLATERAL_PRIVACY_CONTACT=", "COLLATERAL_TRACES=", "OTEL_EXPORTER_OTLP_ENDPOINT=", "COLLATERAL_BLOB_LINKS=", "S3_ACCESS_KEY=", "S3_SECRET_KEY=", "S3_SESSION_TOKEN=", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_SESSION_TOKEN=")
}

// signInAs returns a token.
func signInAs(t testing.TB, s *server, email, password string) (token string) {
	t.Helper()
	body := fmt.Sprintf(`{"email": %q, "password": %q}`, email, password)
	res, err := http.Post(s.url+"/api/v1/sessions", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var session struct{ Token string }
	if err := json.NewDecoder(res.Body).Decode(&session); err != nil || res.StatusCode != http.StatusCreated || session.Token == "" {
		t.Fatalf("signing in as %s: got %d, token %q, error %v, want 201 and a token", email, res.StatusCode, session.Token, err)
	}
	return session.Token
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// transcript is what a process has printed so far.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
	grew chan struct{}
}

func newTranscript() *transcript { return &transcript{grew: make(chan struct{}, 1)} }

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.grew <- struct{}{}:
	default:
	}
	return w.text.Write(p)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// readResponse reads one answer of the server from a connection.
func (s *server) readResponse(t *testing.T, from io.Reader) (int, string) {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(from), nil)
	if err != nil {
		t.Fatalf("reading the answer: %v\n%s", err, s.stderr)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("reading the answer's body: %v", err)
	}
	return res.StatusCode, string(body)
}
