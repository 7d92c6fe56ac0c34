package cli_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"collateral/internal/cli"
	"collateral/internal/search/meilitest"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

func TestServeAsAValue(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			cfg := cli.Defaults(t.TempDir())
			cfg.DatabaseURL = storetest.EmptyURL(t, dialect)
			testServeAsAValue(t, cfg)
		})
	}
}

func testServeAsAValue(t *testing.T, cfg cli.Config) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	running := make(chan cli.Running, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- cli.Serve(ctx, cfg, slog.New(slog.DiscardHandler), func(r cli.Running) { running <- r })
	}()
	var at cli.Running
	select {
	case at = <-running:
	case err := <-ended:
		t.Fatalf("the server ended: %v", err)
	}
	if at.HasUsers {
		t.Error("got users in an empty registry")
	}
	for _, path := range []string{"/healthz", "/readyz", "/api/openapi.yaml"} {
		if status, body := get(t, at.URL+path); status != http.StatusOK {
			t.Errorf("GET %s: got %d %s, want 200", path, status, body)
		}
	}
	if status, _ := get(t, at.URL+"/api/v1/me"); status != http.StatusUnauthorized {
		t.Errorf("GET /me without a token: got %d, want 401", status)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("got error %v at the end, want none", err)
	}
}

// What serve prints to a newcomer works as printed, beside the running server.
func TestFirstAdmin(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "my data")
	s := startServer(t, "--data", data)
	_, hint, _ := strings.Cut(s.stdout.String(), "make the first admin with\n\n")
	hint, _, _ = strings.Cut(hint, "\n")
	want := fmt.Sprintf("collateral user add you@example.com --name 'Your Name' --role admin --password-stdin --data '%s'", data)
	if got := strings.TrimSpace(hint); got != want {
		t.Fatalf("got the hint\n%s\nwant\n%s", got, want)
	}
	out, err := run(t, "correct horse battery\n", "user", "add", "you@example.com", "--name", "Your Name", "--role", "admin", "--password-stdin", "--data", data)
	if err != nil {
		t.Fatalf("user add beside the server: %v\n%s", err, out)
	}

	signInAs(t, s, "you@example.com", "correct horse battery")
	for _, args := range [][]string{{"migrate"}, {"reindex"}, {"report", "unused"}} {
		if out, err := run(t, "", append(args, "--data", data)...); err != nil {
			t.Errorf("%s beside the server: %v\n%s", args, err, out)
		}
	}
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Errorf("got exit code %d, want 0\n%s", code, s.stderr)
	}

	again := startServer(t, "--data", data)
	if out := again.stdout.String(); strings.Contains(out, "first admin") {
		t.Errorf("got the newcomer's hint in a registry with an admin:\n%s", out)
	}
}

const signIn = `{"email": "you@example.com", "password": "correct horse battery"}`

// SIGTERM: nothing new is accepted, what is being said is heard and answered.
func TestEndFinishesRequests(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--data", t.TempDir())
	conn := dial(t, s)
	half := len(signIn) / 2
	begin(t, conn, signIn[:half])
	s.signal(t, syscall.SIGTERM)
	s.signal(t, syscall.SIGTERM) // as timeout(1) does
	waitUntilClosed(t, s)
	if _, err := io.WriteString(conn, signIn[half:]); err != nil {
		t.Fatal(err)
	}
	if status, body := s.readResponse(t, conn); status != http.StatusUnauthorized {
		t.Errorf("got %d %s, want 401: the account is unknown", status, body)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("got exit code %d, want 0\n%s", code, s.stderr)
	}
}

func TestEndDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--data", t.TempDir(), "--grace", "100ms")
	conn := dial(t, s)
	begin(t, conn, signIn[:1])
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Errorf("got exit code %d, want 0\n%s", code, s.stderr)
	}
	if !strings.Contains(s.stderr.String(), "cut off") {
		t.Errorf("got a log without the requests that were cut off:\n%s", s.stderr)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--data", t.TempDir(), "--grace", "10m")
	conn := dial(t, s)
	begin(t, conn, signIn[:1])
	s.signal(t, syscall.SIGTERM)
	waitUntilClosed(t, s)
	for {
		select {
		case <-s.ended:
			if code := s.cmd.ProcessState.ExitCode(); code == 0 {
				t.Error("got exit code 0 from a server that was made to end, want another")
			}
			return
		case <-time.After(100 * time.Millisecond): // signals right after the first are taken for the same one
			_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by now
		}
	}
}

func TestOneServerForAFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := startServer(t, "--data", data)
	out, err := run(t, "", "serve", "--listen", "127.0.0.1:0", "--data", data)
	if err == nil || !strings.Contains(out, "another server uses the search index in "+filepath.Join(data, "index")) {
		t.Errorf("second server: got error %v and\n%swant a refusal that names the folder", err, out)
	}
	if status, _ := get(t, s.url+"/readyz"); status != http.StatusOK {
		t.Errorf("first server: got %d, want 200", status)
	}
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	out, err := run(t, "", "serve", "--data", t.TempDir(), "--listen", taken.Addr().String())
	if err == nil || !strings.Contains(out, "listening on "+taken.Addr().String()) {
		t.Errorf("got error %v and\n%swant a refusal that names the address", err, out)
	}
}

func dial(t *testing.T, s *server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// begin sends the request to sign in as far as the beginning of its body, once the server asks for that: then the
// request is being worked on.
func begin(t *testing.T, conn net.Conn, body string) {
	t.Helper()
	_, err := fmt.Fprintf(conn, "POST /api/v1/sessions HTTP/1.1\r\nHost: registry\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(signIn))
	if err != nil {
		t.Fatal(err)
	}
	const goOn = "HTTP/1.1 100 Continue\r\n\r\n"
	got := make([]byte, len(goOn))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != goOn {
		t.Fatalf("got %q, error %v, want %q", got, err, goOn)
	}
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
}

// waitUntilClosed waits until the server accepts no connection any more.
func waitUntilClosed(t *testing.T, s *server) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			_ = conn.Close()
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the server still accepts connections")
}

// TestTwoServersOnOneSearchServer starts two servers on one database and one search server, and ends the first.
func TestTwoServersOnOneSearchServer(t *testing.T) {
	t.Parallel()
	stand := meilitest.Start(t)
	stand.Key = "the-key"
	database := storetest.EmptyURL(t, store.Postgres)
	files := t.TempDir()
	var urls []string
	var stops []func()
	for range 2 {
		cfg := cli.Defaults(t.TempDir())
		cfg.DatabaseURL, cfg.BlobURL = database, files
		cfg.SearchServer.URL, cfg.SearchServer.Key = stand.URL, "the-key"
		ctx, stop := context.WithCancel(t.Context())
		running, ended := make(chan cli.Running, 1), make(chan error, 1)
		go func() {
			ended <- cli.Serve(ctx, cfg, slog.New(slog.DiscardHandler), func(r cli.Running) { running <- r })
		}()
		select {
		case at := <-running:
			urls = append(urls, at.URL)
		case err := <-ended:
			t.Fatalf("a server ended: %v", err)
		}
		stops = append(stops, func() {
			stop()
			if err := <-ended; err != nil {
				t.Errorf("a server ended: %v", err)
			}
		})
	}
	for _, url := range urls {
		if status, body := get(t, url+"/readyz"); status != http.StatusOK {
			t.Errorf("GET /readyz: got %d %s, want 200", status, body)
		}
	}
	stops[0]()
	if status, body := get(t, urls[1]+"/readyz"); status != http.StatusOK {
		t.Errorf("GET /readyz of the second after the first has ended: got %d %s, want 200", status, body)
	}
	stand.Stop()
	if status, body := get(t, urls[1]+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "search index") {
		t.Errorf("GET /readyz without the search server: got %d %s, want 503 that names it", status, body)
	}
	stand.Resume()
	if status, body := get(t, urls[1]+"/readyz"); status != http.StatusOK {
		t.Errorf("GET /readyz when it is back: got %d %s, want 200", status, body)
	}
	stops[1]()
}
