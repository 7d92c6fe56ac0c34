package sharing_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func TestBuyerIsForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, Recipient: "Jo Doe", RecipientEmail: "jo@example.com", LinkTerms: collateral.LinkTerms{
			EmailGate: collateral.GateAsk, Allowed: []string{"jo@example.com", "al@example.com"},
		}})
		other := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, Recipient: "Al", RecipientEmail: "al@example.com", LinkTerms: collateral.LinkTerms{
			EmailGate: collateral.GateAsk, Allowed: []string{"jo@example.com"},
		}})
		b := w.browser(l)
		b.passes(b.email("jo@example.com"))
		if _, err := w.ForgetAddress(ctx, &w.lea, "jo@example.com"); collateral.KindOf(err) != collateral.Forbidden {
			t.Errorf("by a leader: got %v, want Forbidden", err)
		}
		if _, err := w.ForgetAddress(ctx, &w.ada, "jo"); collateral.KindOf(err) != collateral.Invalid {
			t.Errorf("no address: got %v, want Invalid", err)
		}
		got, err := w.ForgetAddress(ctx, &w.ada, " Jo@Example.com")
		if err != nil || got != (sharing.Forgotten{Visitors: 1, Links: 1}) {
			t.Errorf("got %+v, %v, want one visitor and one link", got, err)
		}
		if _, err := w.ForgetAddress(ctx, nil, "jo@example.com"); err != nil { // again does no harm
			t.Fatal(err)
		}
		seen := w.reload(l.ID)
		if seen.Recipient != sharing.FormerRecipient || seen.RecipientEmail != "" || slices.Contains(seen.Allowed, "jo@example.com") || seen.Figures.Counted != 1 {
			t.Errorf("got %+v, want a former recipient, and the visit counted as before", seen.Link)
		}
		if seen = w.reload(other.ID); len(seen.Allowed) != 1 || seen.Recipient != "Al" {
			t.Errorf("got %+v, want a link that still lets in nobody else", seen.Link)
		}
		visits, _, err := w.Visits(ctx, w.rita, l.ID, collateral.Paging{Limit: 10})
		if err != nil || len(visits) != 1 || visits[0].Email != "" {
			t.Errorf("got %+v, %v, want one visit of nobody", visits, err)
		}
		entries, _, err := w.Store.AuditLog(ctx, collateral.AuditFilter{Action: "visitor.forgotten"}, collateral.Paging{Limit: 9})
		if err != nil || len(entries) != 2 || entries[1].ActorID != w.ada.UserID || entries[1].SubjectID+entries[1].Detail != "" {
			t.Errorf("got %+v, %v, want two entries without an address", entries, err)
		}
	})
}
