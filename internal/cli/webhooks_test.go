package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// A server posts events to a receiver that its settings allow, beside one that hangs.
func TestServeTellsOtherSystems(t *testing.T) {
	t.Parallel()
	type post struct {
		headers http.Header
		body    []byte
	}
	posts, release := make(chan post, 1), make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hangs" {
			<-release
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			posts <- post{r.Header, body}
		}
	}))
	t.Cleanup(func() { close(release); receiver.Close() })
	data := t.TempDir()
	if out, err := run(t, "correct horse battery\n", "user", "add", "ada@example.com", "--name", "Ada", "--role", "admin", "--password-stdin", "--data", data); err != nil {
		t.Fatal(out)
	}
	s := startServer(t, "--data", data, "--webhook-hosts", receiver.URL)
	token := signInAs(t, s, "ada@example.com", "correct horse battery")
	add := func(path string) (id, secret string) {
		t.Helper()
		body := `{"url": "` + receiver.URL + path + `", "events": ["asset.published"]}`
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/webhooks", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var made struct {
			Webhook struct{ ID string }
			Secret  string
		}
		if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || answer.StatusCode != http.StatusCreated {
			t.Fatalf("adding a webhook: got %d, %v, want 201", answer.StatusCode, err)
		}
		return made.Webhook.ID, made.Secret
	}
	hanging, _ := add("/hangs")
	id, secret := add("/in")
	for range 4 { // more than the jobs that run at once elsewhere
		ask(t, s, http.MethodPost, "/api/v1/webhooks/"+hanging+"/test", token, http.StatusAccepted, nil)
	}
	ask(t, s, http.MethodPost, "/api/v1/webhooks/"+id+"/test", token, http.StatusAccepted, nil)
	key, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case p := <-posts:
		if err := key.Verify(p.body, p.headers); err != nil {
			t.Errorf("%v: %s", err, p.body)
		}
	case <-time.After(patience):
		t.Fatalf("nothing was posted:\n%s", s.stderr)
	}
}
