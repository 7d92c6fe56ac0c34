package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"collateral/client"
)

func TestUsesArriveOnce(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]client.Option{"memory": nil, "folder": {client.InFolder(t.TempDir())}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.client(options...)
			var reporters sync.WaitGroup
			for range 8 {
				reporters.Go(func() { w.report(c, 300) })
			}
			reporters.Wait()
			if got := c.Waiting(); got != 2400 {
				t.Errorf("got %d waiting, want 2400", got)
			}
			flush(t, c)
			if got := w.downloads(); got != 2400 || c.Waiting() != 0 {
				t.Errorf("got %d downloads and %d waiting, want 2400 and none", got, c.Waiting())
			}
		})
	}
}

// Everything that a use can say arrives as it was said.
func TestUseArrivesWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(client.OnRejected(func(_ client.Use, reason string) { t.Error(reason) }))
	err := c.Report(t.Context(), client.Use{
		ID: "01980000-0000-7000-8000-00000000abcd", AssetID: w.piece, Kind: client.Present, OccurredAt: time.Now().Add(-time.Hour),
		Opportunity: "Lindqvist \"depots\" & more", Dwell: 90 * time.Second, Reaction: client.Positive,
	})
	if err != nil {
		t.Fatal(err)
	}
	flush(t, c)
	var got string
	if err := w.db.QueryRow("SELECT id || ' ' || kind || ' ' || opportunity || ' ' || dwell_ms || ' ' || reaction FROM usage_events").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := `01980000-0000-7000-8000-00000000abcd present Lindqvist "depots" & more 90000 positive`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A server that is away is asked again until it is there.
func TestServerComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1000)
	c := newClient(t, "http://"+address, w.token, client.InFolder(t.TempDir()), client.OnTrouble(func(err error) { failed <- err }))
	ran := make(chan error, 1)
	go func() { ran <- c.Run(t.Context()) }()
	w.report(c, 3)
	for range 3 {
		if err := receive(t, failed); !strings.Contains(err.Error(), "uses wait") {
			t.Errorf("got trouble %v, want it to say what waits", err)
		}
	}
	if listener, err = net.Listen("tcp", address); err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	server := &http.Server{Handler: w.api, ReadHeaderTimeout: patience}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	flush(t, c)
	if got := w.downloads(); got != 3 {
		t.Errorf("got %d downloads, want 3", got)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := receive(t, ran); err != nil {
		t.Errorf("Run: got %v, want nil after Close", err)
	}
	if err := c.Report(t.Context(), client.Use{}); !errors.Is(err, client.ErrClosed) {
		t.Errorf("Report: got %v, want ErrClosed", err)
	}
}

// A use that the server refuses is told and forgotten; the others of its batch count.
func TestRejectedByIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type told struct {
		use    client.Use
		reason string
	}
	rejected := make(chan told, 10)
	c := w.client(client.OnRejected(func(u client.Use, reason string) { rejected <- told{u, reason} }))
	w.report(c, 1)
	if err := c.Report(t.Context(), client.Use{AssetID: w.piece, Kind: "admire", Opportunity: "Lindqvist"}); err != nil {
		t.Fatal(err)
	}
	w.report(c, 1)
	flush(t, c)
	got := receive(t, rejected)
	if got.use.Kind != "admire" || got.use.Opportunity != "Lindqvist" || !strings.Contains(got.reason, `no kind of use "admire"`) {
		t.Errorf("got %+v", got)
	}
	if n := w.downloads(); n != 2 || c.Waiting() != 0 || len(rejected) != 0 {
		t.Errorf("got %d downloads, %d waiting, %d more rejected, want 2, 0 and 0", n, c.Waiting(), len(rejected))
	}
}

// What a server asks for is waited for.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			url, seen := w.answering(refuse(status, "1"))
			c := newClient(t, url, w.token)
			w.report(c, 1)
			began := time.Now()
			flush(t, c)
			if waited := time.Since(began); waited < time.Second {
				t.Errorf("got another request after %s, want a second at least", waited)
			}
			if got := w.downloads(); got != 1 || len(seen) != 2 {
				t.Errorf("got %d downloads from %d requests, want 1 from 2", got, len(seen))
			}
		})
	}
}

// Answers from which nothing can be learned leave everything waiting: a server in trouble, a proxy's page, an answer that got
// lost after the uses were recorded.
func TestNothingIsLostToOtherAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	say := func(text string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(text)) }
	}
	url, seen := w.answering(
		refuse(http.StatusInternalServerError, ""), refuse(http.StatusNotFound, ""), refuse(http.StatusBadRequest, "soon"),
		say("<html>Sign in to the guest network</html>"), say(`{"accepted": 1, "duplicates": 0, "rejected": []}`),
		say(`{"accepted": 1, "duplicates": 0, "rejected": [{"index": 2, "reason": "No."}]}`), say("null"),
		func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/elsewhere", http.StatusFound) },
		func(_ http.ResponseWriter, r *http.Request) {
			w.api.ServeHTTP(discarded{}, r)
			panic(http.ErrAbortHandler)
		},
	)
	c := newClient(t, url, w.token, client.OnRejected(func(_ client.Use, reason string) { t.Error(reason) }))
	w.report(c, 2)
	flush(t, c)
	if got := w.downloads(); got != 2 || len(seen) != 10 {
		t.Errorf("got %d downloads from %d requests, want 2 from 10", got, len(seen))
	}
}

// A refused token stops the client, which keeps what it has for the next.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := client.InFolder(t.TempDir())
	c := newClient(t, w.url, "ct_wrong", folder)
	w.report(c, 2)
	if err := c.Run(t.Context()); !errors.Is(err, client.ErrToken) || !strings.Contains(err.Error(), "Sign in first") {
		t.Errorf("got %v, want ErrToken with what the server said", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	flush(t, w.client(folder))
	if got := w.downloads(); got != 2 {
		t.Errorf("got %d downloads, want 2", got)
	}
}

// A proxy that takes less than the server makes smaller requests of it.
func TestTooLargeIsSplit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	url, seen := w.answering(refuse(http.StatusRequestEntityTooLarge, ""), refuse(http.StatusRequestEntityTooLarge, ""))
	c := newClient(t, url, w.token, client.InFolder(t.TempDir()))
	w.report(c, 9)
	flush(t, c)
	if got := w.downloads(); got != 9 || len(seen) != 7 { // 9, 4, then 2, 2, 2, 2, 1
		t.Errorf("got %d downloads from %d requests, want 9 from 7", got, len(seen))
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []struct{ url, token string }{
		{"", "t"}, {"collateral.example.com", "t"}, {"ftp://collateral.example.com", "t"}, {"https://", "t"}, {"https://a.example?b", "t"},
		{"https://collateral.example.com", ""}, {"https://collateral.example.com", "two words"},
	} {
		if _, err := client.New(bad.url, bad.token); err == nil {
			t.Errorf("New(%q, %q): got no error", bad.url, bad.token)
		}
	}
}

// refuse answers with a status, as the server does.
func refuse(status int, retryAfter string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", retryAfter)
		rw.WriteHeader(status)
		_ = json.NewEncoder(rw).Encode(map[string]string{"detail": "Not now."})
	}
}

// discarded is an answer that nobody reads.
type discarded struct{}

func (discarded) Header() http.Header         { return http.Header{} }
func (discarded) WriteHeader(int)             {}
func (discarded) Write(p []byte) (int, error) { return len(p), nil }

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case v := <-from:
		return v
	case <-ctx.Done():
		t.Fatal("nothing came in time")
		panic("unreachable")
	}
}
