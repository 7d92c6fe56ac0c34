package api

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"collateral/internal/registry"
	"collateral/internal/webhook"
)

// posted is what a receiver took.
type posted struct {
	headers http.Header
	body    []byte
}

// receiver starts another system, which answers 503 at /down, and lets the world post to it.
func (w *world) receiver() (url string, took <-chan posted) {
	w.t.Helper()
	posts := make(chan posted, 10)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path == "/down" {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		posts <- posted{r.Header, body}
	}))
	w.t.Cleanup(server.Close)
	hosts, err := webhook.ParseHosts(server.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	w.pieces.Hooks = webhook.New(hosts)
	return server.URL, posts
}

// post makes the attempts that are due.
func (w *world) post() {
	w.t.Helper()
	due, err := w.pieces.Store.ClaimJobs(w.t.Context(), []string{registry.JobWebhook}, 100, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, j := range due {
		if err := w.pieces.PostWebhook(w.t.Context(), j.Key); err != nil {
			w.t.Fatal(err)
		}
		if err := w.pieces.Store.FinishJob(w.t.Context(), j); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		at, took := w.receiver()
		made := w.do(w.ada, "POST", "/webhooks", fields{"url": at + "/in", "events": []string{"asset.published"}, "note": "the CRM"}).want(201)
		id, secret := made.text("webhook", "id"), made.text("secret")
		w.published("Deck", "words")
		w.post()
		key, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		post := <-took
		if err := key.Verify(post.body, post.headers); err != nil {
			t.Errorf("%v: %s", err, post.body)
		}
		told := w.do(w.ada, "GET", "/webhooks/"+id+"/deliveries", nil).want(200).list("items")
		if len(told) != 1 || told[0].text("state") != "delivered" || told[0].text("id") != post.headers.Get("Webhook-Id") || told[0].text("message", "type") != "asset.published" {
			t.Errorf("got the log %v, want what was posted", told)
		}

		if w.do(w.ada, "POST", "/webhooks/"+id+"/secret", nil).want(200).text("webhook", "old_secret_until") == "" {
			t.Error("the old secret does not sign beside the new one")
		}
		changed := w.do(w.ada, "PATCH", "/webhooks/"+id, fields{"url": at + "/down", "events": []string{"asset.withdrawn", "asset.published"}, "note": nil}).want(200)
		if changed.text("url") != at+"/down" || changed.text("note") != "" || len(changed.list("events")) != 2 {
			t.Errorf("got %v, want it changed", changed)
		}
		test := w.do(w.ada, "POST", "/webhooks/"+id+"/test", nil).want(202)
		w.post()
		failed := w.do(w.ada, "GET", "/webhooks/"+id+"/deliveries?limit=1", nil).want(200).list("items")[0]
		if failed.text("id") != test.text("id") || failed.text("state") != "waiting" || failed.text("last_error") != "Answered 503 Service Unavailable" {
			t.Errorf("got %v, want it to wait", failed)
		}
		w.do(w.ada, "POST", "/webhooks/deliveries/"+test.text("id")+"/retry", nil).want(202)
		w.do(w.ada, "POST", "/webhooks/deliveries/"+id+"/retry", nil).wantProblem(404, "not-found")
		off := w.do(w.ada, "PATCH", "/webhooks/"+id, fields{"active": false}).want(200)
		if off.text("off_because") != "admin" {
			t.Errorf("got %v, want it off", off)
		}
		w.do(w.ada, "POST", "/webhooks/"+id+"/test", nil).wantProblem(409, "conflict")
		if strings.Contains(fmt.Sprint(w.do(w.ada, "GET", "/webhooks", nil).want(200).value), "whsec_") {
			t.Error("the list tells secrets")
		}
		w.do(w.ada, "GET", "/webhooks/"+id, nil).want(200)
		w.do(w.ada, "DELETE", "/webhooks/"+id, nil).want(204)
		w.do(w.ada, "GET", "/webhooks/"+id, nil).wantProblem(404, "not-found")
		w.do(w.ada, "GET", "/webhooks/"+id+"/deliveries", nil).wantProblem(404, "not-found")

		w.do(w.ada, "POST", "/webhooks", fields{"url": "http://169.254.169.254/", "events": []string{"asset.published"}}).wantProblem(422, "invalid", "/url")
		w.do(w.ada, "POST", "/webhooks", fields{"url": at, "events": []string{"asset.sold"}}).wantProblem(400, "malformed", "/events/0")
		w.pieces.Hooks = nil
		w.do(w.ada, "POST", "/webhooks", fields{"url": at, "events": []string{"asset.published"}}).wantProblem(409, "conflict")

		var actions []string
		for _, e := range w.do(w.ada, "GET", "/audit?subject_kind=webhook", nil).want(200).list("items") {
			actions = append(actions, e.text("action"))
		}
		want := []string{"webhook.deleted", "webhook.changed", "webhook.sent_again", "webhook.tested", "webhook.changed", "webhook.secret_rotated", "webhook.created"}
		if diff := cmp.Diff(want, actions); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}
