package sharing_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/webhook"
)

// Other systems are told once of each visit in which a person looks, and never of a machine's or a looker-on's.
func TestOtherSystemsAreToldOfOpenings(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.pieces.Hooks = webhook.New(must(webhook.ParseHosts("hooks.example.com"))(t))
		hook, _, err := w.pieces.AddWebhook(ctx, w.ada, collateral.NewWebhook{URL: "https://hooks.example.com/in", Events: []collateral.WebhookEvent{collateral.WebhookLinkOpened}})
		if err != nil {
			t.Fatal(err)
		}
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, Opportunity: "OPP-7", Passcode: "open sesame"})
		w.browser(l).sees(collateral.AskPasscode) // looks at the door, and goes
		b := w.browser(l)
		b.sees(collateral.AskPasscode)
		b.passes(b.passcode("open sesame"))
		b.sees(collateral.AskNothing)

		told, _, err := w.pieces.Deliveries(ctx, w.ada, hook.ID, collateral.Paging{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(told) != 1 {
			t.Fatalf("got %d events, want one", len(told))
		}
		var event struct {
			Type string
			Data registry.LinkOpened
		}
		if err := json.Unmarshal([]byte(told[0].Body), &event); err != nil {
			t.Fatal(err)
		}
		want := registry.LinkOpened{LinkID: l.ID, AssetIDs: []uuid.UUID{deck}, Opportunity: "OPP-7", CreatedBy: w.rita.UserID, OpenedAt: event.Data.OpenedAt, Opens: 1}
		if diff := cmp.Diff(want, event.Data); diff != "" || event.Type != "link.opened" || event.Data.OpenedAt.IsZero() {
			t.Errorf("got %s (-want +got):\n%s", told[0].Body, diff)
		}
	})
}
