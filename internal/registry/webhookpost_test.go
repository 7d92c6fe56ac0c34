package registry_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/jobs"
	"collateral/internal/registry"
	"collateral/internal/store"
	"collateral/internal/webhook"
)

func TestFailedDeliveriesAreTriedForADay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, hook, secret := w.receiving(collateral.WebhookPublished)
		r.answer(http.StatusServiceUnavailable)
		began := w.Store.Now()
		w.published("Deck", "one")
		var ids []string
		var first time.Time
		for range 20 {
			w.post()
			for _, p := range r.took() {
				ids = append(ids, p.ID)
				p.verify(t, secret)
			}
			d := w.deliveries(hook.ID)[0]
			if d.State != collateral.DeliveryWaiting {
				break
			}
			if d.Status != 503 || d.Error != "Answered 503 Service Unavailable: not today" || !d.NextAt.After(w.Store.Now()) {
				t.Fatalf("got %+v, want it to wait with the reason", d)
			}
			if first.IsZero() {
				first = *d.NextAt
			}
			w.later(d.NextAt.Sub(w.Store.Now()) + time.Second)
		}
		d := w.deliveries(hook.ID)[0]
		if d.State != collateral.DeliveryGivenUp || d.Attempts != 11 || d.EndedAt == nil {
			t.Errorf("got %+v, want it given up", d)
		}
		if took := d.EndedAt.Sub(began); took < 20*time.Hour || took > 30*time.Hour || first.Sub(began) > time.Minute {
			t.Errorf("it was tried again after %s and for %s, want seconds and about a day", first.Sub(began), took)
		}
		for _, id := range ids {
			if id != d.ID.String() {
				t.Errorf("got the ids %q, want the same in every attempt", ids)
				break
			}
		}
		if now := must(w.Webhook(ctx, w.ada, hook.ID))(t); !now.Active || now.FailingSince == nil {
			t.Errorf("got %+v, want it active and failing", now)
		}

		// An admin sends it again when the receiver is back.
		r.answer(0)
		must(w.RetryDelivery(ctx, w.ada, d.ID))(t)
		w.post()
		if d := w.deliveries(hook.ID)[0]; d.State != collateral.DeliveryDelivered || d.Attempts != 1 || d.Error != "" {
			t.Errorf("got %+v, want it delivered", d)
		}
		if now := must(w.Webhook(ctx, w.ada, hook.ID))(t); now.FailingSince != nil {
			t.Errorf("got %+v, want it not failing any more", now)
		}
	})
}

func TestWebhooksThatTakeNothingAreSwitchedOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, hook, _ := w.receiving(collateral.WebhookPublished)
		r.answer(http.StatusInternalServerError)
		for range 6 {
			w.published("Deck", "one")
			w.post()
			w.later(25 * time.Hour)
		}
		now := must(w.Webhook(ctx, w.ada, hook.ID))(t)
		if now.Active || now.Off != collateral.OffFailing {
			t.Fatalf("got %+v, want it switched off", now)
		}
		w.wantTold(w.ada, "an admin", collateral.NoticeWebhookOff)
		for _, d := range w.deliveries(hook.ID) {
			w.later(time.Hour)
			w.post()
			if _, err := w.RetryDelivery(ctx, w.ada, d.ID); collateral.KindOf(err) != collateral.Conflict {
				t.Errorf("sending again: %v, want it refused while the webhook is off", err)
			}
		}
		for _, d := range w.deliveries(hook.ID) {
			if d.State != collateral.DeliveryGivenUp {
				t.Errorf("got %+v, want it given up", d)
			}
		}
		_, err := w.TestWebhook(ctx, w.ada, hook.ID)
		wantKind(t, err, collateral.Conflict)
		on := must(w.ChangeWebhook(ctx, w.ada, hook.ID, collateral.WebhookChange{Active: new(true)}))(t)
		if !on.Active || on.FailingSince != nil {
			t.Errorf("got %+v, want it to begin anew", on)
		}
		r.answer(http.StatusGone)
		must(w.TestWebhook(ctx, w.ada, hook.ID))(t)
		w.post()
		if now := must(w.Webhook(ctx, w.ada, hook.ID))(t); now.Active || now.Off != collateral.OffGone {
			t.Errorf("got %+v, want it off at once: the receiver says that it is gone", now)
		}
	})
}

func TestTellingBesideChanges(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for range 10 {
			_, hook, _ := w.receiving(collateral.WebhookLinkOpened)
			var running sync.WaitGroup
			for range 4 {
				running.Go(func() {
					for range 3 {
						err := w.Store.Tx(ctx, func(tx *store.Store) error {
							return w.TellLinkOpened(ctx, tx, registry.LinkOpened{LinkID: uuid.New()})
						})
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			running.Go(func() {
				if _, err := w.TestWebhook(ctx, w.ada, hook.ID); err != nil {
					t.Error(err)
				}
				if _, err := w.ChangeWebhook(ctx, w.ada, hook.ID, collateral.WebhookChange{Note: new("x")}); err != nil {
					t.Error(err)
				}
				w.post()
				if err := w.DeleteWebhook(ctx, w.ada, hook.ID); err != nil {
					t.Error(err)
				}
			})
			running.Wait()
		}
		w.post()
	})
}

func TestPostsThatHangAreInterrupted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		hangs, release := make(chan struct{}, 1), make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			hangs <- struct{}{}
			<-release
		}))
		t.Cleanup(func() { close(release); server.Close() })
		w.Hooks = webhook.New(must(webhook.ParseHosts(server.URL))(t))
		hook, _, err := w.AddWebhook(t.Context(), w.ada, collateral.NewWebhook{URL: server.URL, Events: collateral.WebhookEvents()})
		if err != nil {
			t.Fatal(err)
		}
		must(w.TestWebhook(t.Context(), w.ada, hook.ID))(t)
		runner := jobs.New(w.Store, map[string]jobs.Handler{registry.JobWebhook: w.PostWebhook}, w.Log)
		runner.Grace = 0
		ended := make(chan error, 1)
		go func() { ended <- runner.Run(hung(t, hangs)) }()
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("the runner does not end")
		}
		if d := w.deliveries(hook.ID)[0]; d.State != collateral.DeliveryWaiting || d.Attempts != 0 {
			t.Errorf("got %+v, want it to wait as before", d)
		}
		if open := must(w.Store.HasOpenJobs(t.Context(), []string{registry.JobWebhook}))(t); !open {
			t.Error("nobody is asked to send it again")
		}
	})
}

func hung(t *testing.T, heard <-chan struct{}) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-heard
		cancel()
	}()
	return ctx
}
