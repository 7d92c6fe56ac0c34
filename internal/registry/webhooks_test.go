package registry_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
	"collateral/internal/webhook"
)

func TestOtherSystemsAreTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.PublicURL = "https://collateral.example.com"
		all, hook, secret := w.receiving(collateral.WebhookEvents()...)
		if _, _, err := w.AddWebhook(ctx, w.ada, collateral.NewWebhook{URL: all.url + "/some", Events: []collateral.WebhookEvent{collateral.WebhookWithdrawn}}); err != nil {
			t.Fatal(err)
		}
		a := w.created("Prices — “new”", "the draft's own words")
		w.submit(w.mia, a.ID)
		w.sign(w.ann, a.ID, 1)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		must(w.Change(ctx, w.mia, a.ID, &w.reload(a.ID).Revision, func(d *collateral.Details) error {
			d.Stages[0].Stage = selection
			d.Audience = collateral.ForPartner
			return nil
		}))(t)
		must(w.Withdraw(ctx, w.mia, a.ID, "Prices changed."))(t)
		link := registry.LinkOpened{LinkID: uuid.New(), AssetIDs: []uuid.UUID{a.ID}, Opportunity: "OPP-7", CreatedBy: w.rita.UserID, OpenedAt: w.Store.Now(), Opens: 1}
		if err := w.Store.Tx(ctx, func(tx *store.Store) error { return w.TellLinkOpened(ctx, tx, link) }); err != nil {
			t.Fatal(err)
		}
		w.post()
		about := map[string]any{
			"asset_id": a.ID.String(), "title": "Prices — “new”", "type": "deck", "version": 1.0, "version_id": a.Newest.ID.String(),
		}
		with := func(more map[string]any) map[string]any {
			whole := map[string]any{}
			for _, part := range []map[string]any{about, more} {
				maps.Copy(whole, part)
			}
			return whole
		}
		signed := with(map[string]any{"audience": "customer", "stages": []any{exploration}, "url": "https://collateral.example.com/pieces/" + a.ID.String()})
		want := map[string][]map[string]any{
			"review.waiting":  {with(map[string]any{"submitted_by": w.mia.UserID.String(), "review_url": "https://collateral.example.com/reviews/" + a.ID.String() + "/1"})},
			"asset.published": {signed},
			"asset.withdrawn": {signed, signed},
			"link.opened": {{
				"link_id": link.LinkID.String(), "asset_ids": []any{a.ID.String()}, "opportunity": "OPP-7", "created_by": w.rita.UserID.String(),
				"opened_at": link.OpenedAt.Format(time.RFC3339Nano), "opens": 1.0,
			}},
		}
		got, ids := map[string][]map[string]any{}, map[string]bool{}
		for _, p := range all.took() {
			got[p.Type] = append(got[p.Type], p.Data)
			ids[p.ID] = true
			if p.Type != "asset.withdrawn" {
				p.verify(t, secret)
			}
			if strings.Contains(string(p.body), "own words") || strings.Contains(string(p.body), secret) {
				t.Errorf("%s tells too much: %s", p.Type, p.body)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if len(ids) != 5 {
			t.Errorf("got %d ids of messages, want five", len(ids))
		}
		for _, d := range w.deliveries(hook.ID) {
			if d.State != collateral.DeliveryDelivered || d.Attempts != 1 || d.Status != 200 || d.NextAt != nil || d.EndedAt == nil {
				t.Errorf("got the delivery %+v, want it delivered at once", d)
			}
		}
	})
}

// What is rolled back was never told, and what nobody asked for is written nowhere.

func TestNobodyIsToldOfWhatDidNotHappen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, hook, _ := w.receiving(collateral.WebhookLinkOpened)
		w.published("Deck", "one") // another event
		rollback := errors.New("no")
		err := w.Store.Tx(ctx, func(tx *store.Store) error {
			if err := w.TellLinkOpened(ctx, tx, registry.LinkOpened{LinkID: uuid.New()}); err != nil {
				return err
			}
			return rollback
		})
		if !errors.Is(err, rollback) {
			t.Fatal(err)
		}
		off := must(w.ChangeWebhook(ctx, w.ada, hook.ID, collateral.WebhookChange{Active: new(false)}))(t)
		if off.Off != collateral.OffByAdmin {
			t.Errorf("got %+v, want it switched off by an admin", off)
		}
		err = w.Store.Tx(ctx, func(tx *store.Store) error {
			return w.TellLinkOpened(ctx, tx, registry.LinkOpened{LinkID: uuid.New()})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.later(time.Hour)
		w.post()
		if posts, log := r.took(), w.deliveries(hook.ID); len(posts)+len(log) > 0 {
			t.Errorf("got %d posts and %d deliveries, want none", len(posts), len(log))
		}
	})
}

func TestSecretsAreRotatedWithOverlap(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, hook, older := w.receiving(collateral.WebhookPublished)
		_, newer, err := w.RotateWebhookSecret(ctx, w.ada, hook.ID)
		if err != nil {
			t.Fatal(err)
		}
		test := func() post {
			t.Helper()
			must(w.TestWebhook(ctx, w.ada, hook.ID))(t)
			w.post()
			posts := r.took()
			if len(posts) != 1 || posts[0].Type != "webhook.test" {
				t.Fatalf("got %v, want one test", posts)
			}
			return posts[0]
		}
		both := test()
		both.verify(t, older)
		both.verify(t, newer)
		w.later(25 * time.Hour)
		one := test()
		one.verify(t, newer)
		if must(standardwebhooks.NewWebhook(older))(t).VerifyIgnoringTimestamp(one.body, one.headers) == nil {
			t.Error("the old secret still signs")
		}
	})
}

func TestWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		wanted := collateral.NewWebhook{URL: "https://hooks.example.com", Events: []collateral.WebhookEvent{collateral.WebhookPublished}}
		add := func(actor collateral.Actor, url string) error {
			wanted.URL = url
			_, _, err := w.AddWebhook(ctx, actor, wanted)
			return err
		}
		wantKind(t, add(w.ada, "https://hooks.example.com"), collateral.Conflict) // this server sends none
		r, hook, _ := w.receiving(collateral.WebhookPublished)
		wantKind(t, add(w.ada, "https://hooks.example.com"), collateral.Invalid, "/url")
		wantKind(t, add(w.ada, "ftp://hooks.example.com"), collateral.Invalid, "/url")
		wantKind(t, add(w.lea, r.url), collateral.Forbidden)
		_, err := w.ChangeWebhook(ctx, w.ada, hook.ID, collateral.WebhookChange{URL: new("http://169.254.169.254/")})
		wantKind(t, err, collateral.Invalid, "/url")
		_, err = w.Webhook(ctx, w.mia, hook.ID)
		wantKind(t, err, collateral.Forbidden)
		_, err = w.Webhook(ctx, w.ada, uuid.New())
		wantKind(t, err, collateral.NotFound)
		for range collateral.MaxWebhooks - 1 {
			if err := add(w.ada, r.url); err != nil {
				t.Fatal(err)
			}
		}
		wantKind(t, add(w.ada, r.url), collateral.Conflict)

		// A host that the settings list no more is not posted to, and nothing is tried again.
		must(w.TestWebhook(ctx, w.ada, hook.ID))(t)
		w.Hooks = webhook.New(webhook.Hosts{})
		w.post()
		if d := w.deliveries(hook.ID)[0]; d.State != collateral.DeliveryGivenUp || d.Status != 0 || !strings.Contains(d.Error, "settings list") || len(r.took()) > 0 {
			t.Errorf("got %+v, want it given up at once", d)
		}
	})
}

// Deleting takes the log along; old deliveries are deleted; jobs about what is gone do nothing.

func TestDeliveriesAreForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		r, hook, _ := w.receiving(collateral.WebhookPublished)
		must(w.TestWebhook(ctx, w.ada, hook.ID))(t)
		if err := w.DeleteWebhook(ctx, w.ada, hook.ID); err != nil {
			t.Fatal(err)
		}
		w.post()
		wantKind(t, w.DeleteWebhook(ctx, w.ada, hook.ID), collateral.NotFound)

		_, hook, _ = w.receiving(collateral.WebhookPublished)
		must(w.TestWebhook(ctx, w.ada, hook.ID))(t)
		w.later(31 * 24 * time.Hour)
		if err := w.ForgetDeliveries(ctx); err != nil {
			t.Fatal(err)
		}
		w.post()
		if posts, log := r.took(), w.deliveries(hook.ID); len(posts)+len(log) > 0 {
			t.Errorf("got %d posts and %d deliveries, want none", len(posts), len(log))
		}
		entries, _, err := w.access.AuditLog(ctx, w.ada, collateral.AuditFilter{SubjectKind: "webhook"}, collateral.Paging{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var actions []string
		for _, e := range entries {
			actions = append(actions, e.Action)
		}
		if diff := cmp.Diff([]string{"webhook.tested", "webhook.created", "webhook.deleted", "webhook.tested", "webhook.created"}, actions); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

// Nothing that happens fails because a webhook is deleted, changed or posted to at the same moment.

// A receiver that hangs holds up its own posts; a runner that is told to end does not wait for it, and nothing is lost.

// hung returns a context that ends when something is heard.
