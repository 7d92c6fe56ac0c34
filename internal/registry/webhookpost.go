package registry

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/webhook"
)

// PostWebhook makes the next attempt at a delivery. One that is gone, or waits for nothing, is left alone. A receiver that
// fails is no failure of the job: the delivery notes it and asks for the next attempt itself, so that its pauses and its end
// are its own. An event may come twice when a server is killed in between: both have the same id.
func (r *Registry) PostWebhook(ctx context.Context, id uuid.UUID) error {
	d, err := r.Store.Delivery(ctx, id)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil
	}
	if err != nil || d.State != collateral.DeliveryWaiting {
		return err
	}
	w, err := r.Store.Webhook(ctx, d.WebhookID)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if !w.Active {
		return r.noteAttempt(ctx, d, func(_ *store.Store, w *collateral.Webhook, d *collateral.Delivery) error {
			if !w.Active {
				giveUp(d, r.Store.Now(), "The webhook is switched off.")
			}
			return nil
		})
	}
	secrets, err := r.Store.WebhookSecrets(ctx, w.ID)
	if err != nil {
		return err
	}
	status, failure := r.Hooks.Post(ctx, w.URL, webhook.Message{ID: d.ID.String(), At: r.Store.Now(), Body: []byte(d.Body), Secrets: secrets})
	if ctx.Err() != nil {
		return ctx.Err() // the server is ending: this was no attempt
	}
	return r.noteAttempt(ctx, d, func(tx *store.Store, w *collateral.Webhook, d *collateral.Delivery) error {
		now := tx.Now()
		d.Attempts, d.Status = d.Attempts+1, status
		if failure == nil {
			d.State, d.Error, d.NextAt, d.EndedAt = collateral.DeliveryDelivered, "", nil, &now
			w.FailingSince = nil
			return nil
		}
		r.Log.Warn("a webhook was not delivered", "webhook", w.ID, "host", w.Host(), "delivery", d.ID, "attempt", d.Attempts, "status", status, "error", failure)
		return r.noteFailure(ctx, tx, w, d, failure)
	})
}

// noteAttempt changes a delivery and its webhook by f, as they are now. Should they be gone, or should the delivery have
// ended meanwhile, f is not called.
func (r *Registry) noteAttempt(ctx context.Context, of *collateral.Delivery, f func(*store.Store, *collateral.Webhook, *collateral.Delivery) error) error {
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		w, err := tx.LockWebhook(ctx, of.WebhookID)
		if err != nil {
			return err
		}
		d, err := tx.Delivery(ctx, of.ID)
		if err != nil || d.State != collateral.DeliveryWaiting {
			return err
		}
		if err := f(tx, w, d); err != nil {
			return err
		}
		if err := tx.SaveWebhook(ctx, w); err != nil {
			return err
		}
		return tx.SaveDelivery(ctx, d)
	})
	if collateral.KindOf(err) == collateral.NotFound {
		return nil
	}
	return err
}

// noteFailure says what follows from a failed attempt: another one, or the end of the delivery, and of the webhook when it
// failed for long.
func (r *Registry) noteFailure(ctx context.Context, tx *store.Store, w *collateral.Webhook, d *collateral.Delivery, failure error) error {
	now := tx.Now()
	if w.FailingSince == nil {
		w.FailingSince = &now
	}
	why := sentence(failure)
	pause, again := collateral.DeliveryPause(d.Attempts)
	switch {
	case d.Status == http.StatusGone && w.Active:
		giveUp(d, now, why)
		return r.switchOff(ctx, tx, w, collateral.OffGone)
	case now.Sub(*w.FailingSince) >= collateral.MaxFailing && w.Active:
		giveUp(d, now, why)
		return r.switchOff(ctx, tx, w, collateral.OffFailing)
	case !again || !w.Active || errors.Is(failure, webhook.ErrNotAllowed):
		giveUp(d, now, why)
		return nil
	}
	pause += rand.N(pause/10 + 1) // so that what failed together does not come back together
	next := now.Add(pause).Truncate(time.Microsecond)
	d.Error, d.NextAt = shortened(why), &next
	return tx.EnqueueIn(ctx, pause, JobWebhook, d.ID)
}

func giveUp(d *collateral.Delivery, at time.Time, why string) {
	d.State, d.Error, d.NextAt, d.EndedAt = collateral.DeliveryGivenUp, shortened(why), nil, &at
}

// shortened bounds the text of a failure.
func shortened(text string) string {
	if len(text) > collateral.MaxDeliveryError {
		text = strings.ToValidUTF8(text[:collateral.MaxDeliveryError-len("…")], "") + "…"
	}
	return text
}

// maxTold bounds how many admins are told.
const maxTold = 100

// switchOff ends a webhook that takes nothing, and tells admins.
func (r *Registry) switchOff(ctx context.Context, tx *store.Store, w *collateral.Webhook, because collateral.WebhookOff) error {
	w.Active, w.Off = false, because
	admins, _, err := tx.Users(ctx, collateral.UserFilter{Role: collateral.Admin, Active: new(true)}, collateral.Paging{Limit: maxTold})
	if err != nil {
		return err
	}
	var notices []collateral.Notice
	for _, u := range admins {
		notices = append(notices, collateral.Notice{UserID: u.ID, Kind: collateral.NoticeWebhookOff})
	}
	if err := r.tell(ctx, tx, notices...); err != nil {
		return err
	}
	return auditWebhook(ctx, tx, collateral.Actor{}, "webhook.switched_off", w.ID, string(because))
}
