package webhook_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"collateral/internal/webhook"
)

// receiver is a server on this machine over TLS, and a sender that trusts its certificate and the hosts; HERE in them stands
// for the server.
func receiver(t *testing.T, hosts string, answer http.HandlerFunc) (*httptest.Server, *webhook.Sender) {
	t.Helper()
	server := httptest.NewTLSServer(answer)
	t.Cleanup(server.Close)
	allowed, err := webhook.ParseHosts(strings.ReplaceAll(hosts, "HERE", server.URL))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	sender := webhook.New(allowed)
	sender.Roots = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return server, sender
}

func message(secrets ...string) webhook.Message {
	return webhook.Message{ID: "one", At: time.Now(), Body: []byte(`{"type":"asset.published"}`), Secrets: secrets}
}

// The library that the standard gives to receivers takes what is sent, by the old secret and by the new one.
func TestReceiversVerifyWhatIsSent(t *testing.T) {
	t.Parallel()
	older, newer := webhook.NewSecret(), webhook.NewSecret()
	faults := make(chan error, 10)
	server, sender := receiver(t, "HERE", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		faults <- err
		for _, secret := range []string{older, newer} {
			key, err := standardwebhooks.NewWebhook(secret)
			if err == nil {
				err = key.Verify(body, r.Header)
			}
			faults <- err
			if key.Verify(append(body, ' '), r.Header) == nil {
				faults <- errors.New("another body passes too")
			}
		}
		if got := r.Header.Get("Content-Type"); got != "application/json" {
			faults <- errors.New("it is " + got)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	status, err := sender.Post(t.Context(), server.URL+"/hook?key=1", message(newer, older))
	if err != nil || status != http.StatusNoContent {
		t.Fatalf("got %d, %v, want it taken", status, err)
	}
	close(faults)
	for err := range faults {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	server, sender := receiver(t, "HERE", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/error":
			http.Error(w, "no\x00such\nhook \u202e"+strings.Repeat("x", 1000), http.StatusNotFound)
		case "/silent-error":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/moved":
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case "/elsewhere":
			followed.Store(true)
		case "/hangs", "/drips":
			if r.URL.Path == "/drips" {
				w.WriteHeader(http.StatusInternalServerError)
				_, _ = w.Write([]byte("I am"))
				_ = http.NewResponseController(w).Flush()
			}
			_, _ = io.Copy(io.Discard, r.Body) // so that the server hears of the end
			<-r.Context().Done()
		case "/endless":
			w.WriteHeader(http.StatusInternalServerError)
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("y"), 1<<16)); err != nil {
					return
				}
			}
		case "/headers":
			w.Header().Set("X-Large", strings.Repeat("z", 100<<10))
		}
	})
	sender.Timeout = 500 * time.Millisecond
	for _, tt := range []struct {
		path   string
		status int
		want   string
	}{
		{"/error", 404, "answered 404 Not Found: no such hook x"},
		{"/silent-error", 503, "answered 503 Service Unavailable"},
		{"/moved", 307, "redirections are not followed"},
		{"/hangs", 0, "no answer within 500ms"},
		{"/drips", 500, "I am"},
		{"/endless", 500, "yyy"},
		{"/headers", 0, "exceeded"},
	} {
		began := time.Now()
		status, err := sender.Post(t.Context(), server.URL+tt.path, message(webhook.NewSecret()))
		if status != tt.status || err == nil || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 300 {
			t.Errorf("%s: got %d, %v, want %d and %q", tt.path, status, err, tt.status, tt.want)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: took %s", tt.path, took)
		}
	}
	if followed.Load() {
		t.Error("the redirection was followed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sender.Post(ctx, server.URL+"/hangs", message(webhook.NewSecret())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it interrupted", err)
	}
	if _, err := sender.Post(t.Context(), server.URL, message("whsec_?")); err == nil || strings.Contains(err.Error(), "whsec") {
		t.Errorf("got %v, want a refusal that does not tell the secret", err)
	}
}

// A name that is allowed and leads into this machine is no way in, unless the origin is listed as it is.
func TestNamesThatLeadInside(t *testing.T) {
	t.Parallel()
	var heard atomic.Int32
	for _, hosts := range []string{"*", "localhost", "localhost,127.0.0.1,*"} {
		server, sender := receiver(t, hosts, func(http.ResponseWriter, *http.Request) { heard.Add(1) })
		named := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
		if err := sender.Check(named); err != nil {
			t.Errorf("%s: %v, want the name itself allowed", hosts, err)
		}
		for _, address := range []string{named, server.URL} {
			if status, err := sender.Post(t.Context(), address, message(webhook.NewSecret())); !errors.Is(err, webhook.ErrNotAllowed) || status != 0 {
				t.Errorf("%s to %s: got %d, %v, want it refused", hosts, address, status, err)
			}
		}
	}
	if n := heard.Load(); n != 0 {
		t.Fatalf("the server heard %d posts, want none", n)
	}
	server, sender := receiver(t, "*,HERE", func(http.ResponseWriter, *http.Request) { heard.Add(1) })
	if _, err := sender.Post(t.Context(), server.URL+"/hook", message(webhook.NewSecret())); err != nil || heard.Load() != 1 {
		t.Errorf("got %v after %d posts, want what is listed as it is reached", err, heard.Load())
	}
}
