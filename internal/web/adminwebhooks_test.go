package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/webhook"
)

// postWebhooks makes the attempts that are due.
func (w *world) postWebhooks() {
	w.t.Helper()
	due, err := w.store.ClaimJobs(w.t.Context(), []string{registry.JobWebhook}, 100, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, j := range due {
		if err := w.pieces.PostWebhook(w.t.Context(), j.Key); err != nil {
			w.t.Fatal(err)
		}
		if err := w.store.FinishJob(w.t.Context(), j); err != nil {
			w.t.Fatal(err)
		}
	}
}

// An admin keeps a webhook by forms alone.
func TestWebhooksAreKeptOnPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ada.get("/admin/webhooks").wantStatus(http.StatusOK).wantText("[role=status]", "--webhook-hosts")

	var status atomic.Int32
	status.Store(http.StatusOK)
	receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		http.Error(rw, "<b>no</b>", int(status.Load()))
	}))
	t.Cleanup(receiver.Close)
	hosts, err := webhook.ParseHosts(receiver.URL)
	if err != nil {
		t.Fatal(err)
	}
	w.pieces.Hooks = webhook.New(hosts)

	w.ada.get("/admin/webhooks").wantText(".empty", "Add the first webhook")
	form := w.ada.get("/admin/webhooks/new").wantStatus(http.StatusOK)
	refused := w.ada.submit(form, "form[data-webhook]", url.Values{"url": {"https://elsewhere.example/in"}, "note": {"tells the CRM"}}).wantStatus(http.StatusUnprocessableEntity)
	refused.wantText("#url-wrong", "elsewhere.example")
	if got := refused.Find("#note").AttrOr("value", ""); got != "tells the CRM" {
		t.Errorf("got the note %q, want what was typed", got)
	}
	made := w.ada.submit(refused, "form[data-webhook]", url.Values{"url": {receiver.URL + "/in"}, "event": {"asset.withdrawn"}}).wantStatus(http.StatusOK)
	secret := made.text("[data-secret]")
	if !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("got the secret %q", secret)
	}
	at := made.Find("main .actions a").AttrOr("href", "")
	p := w.ada.get(at).wantStatus(http.StatusOK).wantText("main", "Nothing yet")
	if got := p.Find("input[name=event][checked]").Length(); got != 1 || strings.Contains(p.text("main"), secret) {
		t.Errorf("got %d events, or the secret once more", got)
	}

	p = w.ada.submit(p, "form[data-do=test]", nil).wantStatus(http.StatusOK).wantText("tbody", "a test")
	w.postWebhooks()
	w.ada.get(at).wantText("tbody", "delivered")
	status.Store(http.StatusTeapot)
	w.ada.submit(p, "form[data-again]", nil).wantText("tbody", "waiting")
	w.postWebhooks()
	p = w.ada.get(at).wantText("tbody", "failed, tried again").wantText("tbody .cell-id", "Answered 418 I'm a teapot: <b>no</b>").wantText("main", "Nothing was taken since")
	w.ada.get("/admin/webhooks").wantText("tbody", "failing")

	again := w.ada.submit(p, "form[data-do=secret]", nil).wantStatus(http.StatusOK)
	if again.text("[data-secret]") == secret {
		t.Error("the new secret is the old one")
	}
	p = w.ada.submit(p, "form[data-webhook]", url.Values{"event": {"asset.published", "asset.withdrawn"}, "note": {""}}).wantStatus(http.StatusOK).wantText("[role=status]", "saved")
	if got := p.Find("input[name=event][checked]").Length(); got != 2 {
		t.Errorf("got %d events, want two", got)
	}
	refused = w.ada.submit(p, "form[data-webhook]", url.Values{"url": {"ftp://a.example"}}).wantStatus(http.StatusUnprocessableEntity)
	refused.wantText("#url-wrong", "not where events can be sent")

	p = w.ada.submit(p, "form[data-do=off]", nil).wantText("main", "switched off by an admin")
	if p.Find("form[data-do=test], form[data-again]").Length() > 0 {
		t.Error("what is off can be sent to")
	}
	p = w.ada.submit(p, "form[data-do=on]", nil).wantText("[role=status]", "switched on")
	w.ada.get("/admin/audit?kind=webhook").wantText("tbody", "webhook.secret_rotated")
	w.ada.submit(p, "form[data-do=delete]", nil).wantText(".empty", "No other system")
	w.ada.get(at).wantStatus(http.StatusNotFound)
}

// Who is told that a webhook was switched off gets to the webhooks.
func TestNoticeOfAWebhook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.store.AddNotices(t.Context(), []collateral.Notice{{UserID: w.ada.user.ID, Kind: collateral.NoticeWebhookOff}}); err != nil {
		t.Fatal(err)
	}
	notices := w.ada.get("/notices").wantText("main", "A webhook was switched off")
	w.ada.get(notices.Find(".told a").AttrOr("href", "")).wantStatus(http.StatusOK).wantText("h1", "Webhooks")
}
