package registry_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/webhook"
)

// post is what a receiver took.

type post struct {
	ID   string
	Type string
	Data map[string]any

	headers http.Header
	body    []byte
}

// receiver is another system, which answers with a status; 0 is 200.

type receiver struct {
	url string

	mu     sync.Mutex
	posts  []post
	status int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	p := post{ID: request.Header.Get("Webhook-Id"), headers: request.Header, body: body}
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.status = http.StatusBadRequest
	}
	r.posts = append(r.posts, p)
	if r.status != 0 {
		http.Error(w, "not today", r.status)
	}
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// took returns what came since it was asked last.

func (r *receiver) took() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	posts := r.posts
	r.posts = nil
	return posts
}

// receiving starts a receiver, lets the world post to it, and keeps a webhook that is told of the events.

func (w *world) receiving(events ...collateral.WebhookEvent) (*receiver, *collateral.Webhook, string) {
	w.t.Helper()
	r := &receiver{}
	server := httptest.NewServer(r)
	w.t.Cleanup(server.Close)
	r.url = server.URL
	hosts := must(webhook.ParseHosts(server.URL))(w.t)
	w.Hooks = webhook.New(hosts)
	hook, secret, err := w.AddWebhook(w.t.Context(), w.ada, collateral.NewWebhook{URL: server.URL + "/in?key=1", Events: events})
	if err != nil {
		w.t.Fatal(err)
	}
	return r, hook, secret
}

// post makes every attempt that is due.

func (w *world) post() {
	w.t.Helper()
	for {
		due := must(w.Store.ClaimJobs(w.t.Context(), []string{registry.JobWebhook}, 100, time.Minute))(w.t)
		if len(due) == 0 {
			return
		}
		for _, j := range due {
			if err := w.PostWebhook(w.t.Context(), j.Key); err != nil {
				w.t.Fatal(err)
			}
			if err := w.Store.FinishJob(w.t.Context(), j); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// deliveries returns the log of a webhook, the newest first.

func (w *world) deliveries(hook uuid.UUID) []collateral.Delivery {
	w.t.Helper()
	all, _, err := w.Deliveries(w.t.Context(), w.ada, hook, collateral.Paging{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (p post) verify(t *testing.T, secret string) {
	t.Helper()
	key := must(standardwebhooks.NewWebhook(secret))(t)
	if err := key.VerifyIgnoringTimestamp(p.body, p.headers); err != nil { // the clock of a world may be any
		t.Errorf("%s: %v", p.Type, err)
	}
}
