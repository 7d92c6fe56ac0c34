package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Deliveries returns one page of what a webhook was told, or is about to be, the newest first, and the next page's cursor.
func (r *Registry) Deliveries(ctx context.Context, actor collateral.Actor, webhook uuid.UUID, paging collateral.Paging) ([]collateral.Delivery, string, error) {
	if _, err := r.Webhook(ctx, actor, webhook); err != nil {
		return nil, "", err
	}
	return r.Store.Deliveries(ctx, webhook, paging)
}

// toldTest is the data of a test.
type toldTest struct {
	WebhookID uuid.UUID `json:"webhook_id"`
}

// TestWebhook tells a webhook that somebody tries it.
func (r *Registry) TestWebhook(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Delivery, error) {
	if r.Hooks == nil {
		return nil, sendsNoWebhooks()
	}
	var d *collateral.Delivery
	err := r.onWebhook(ctx, actor, id, func(tx *store.Store, w *collateral.Webhook) error {
		if !w.Active {
			return isOff()
		}
		var err error
		if d, err = tellSystem(ctx, tx, id, collateral.WebhookTest, toldTest{id}); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, actor, "webhook.tested", id, "")
	})
	return d, err
}

// RetryDelivery sends a delivery again that was given up, or that had arrived and was lost there, with all its attempts. One
// that waits is due at once.
func (r *Registry) RetryDelivery(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Delivery, error) {
	if err := keepsWebhooks(actor); err != nil {
		return nil, err
	}
	if r.Hooks == nil {
		return nil, sendsNoWebhooks()
	}
	known, err := r.Store.Delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	var d *collateral.Delivery
	err = r.onWebhook(ctx, actor, known.WebhookID, func(tx *store.Store, w *collateral.Webhook) error {
		if !w.Active {
			return isOff()
		}
		if d, err = tx.Delivery(ctx, id); err != nil {
			return err
		}
		now := tx.Now()
		d.State, d.Attempts, d.NextAt, d.EndedAt = collateral.DeliveryWaiting, 0, &now, nil
		if err := tx.SaveDelivery(ctx, d); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, JobWebhook, id); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, actor, "webhook.sent_again", w.ID, id.String())
	})
	return d, err
}

func isOff() error {
	return collateral.Errorf(collateral.Conflict, "The webhook is switched off. Switch it on first.")
}

// deliveryDays is how long deliveries are kept.
const deliveryDays = 30

// ForgetDeliveries deletes what was told long ago.
func (r *Registry) ForgetDeliveries(ctx context.Context) error {
	return r.Store.ForgetDeliveries(ctx, r.Store.Now().AddDate(0, 0, -deliveryDays))
}
