package registry

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/webhook"
)

// SendsWebhooks reports whether this server tells other systems of anything.
func (r *Registry) SendsWebhooks() bool { return r.Hooks != nil }

// Webhooks returns every webhook, the newest first. For admins, as all that is about webhooks.
func (r *Registry) Webhooks(ctx context.Context, actor collateral.Actor) ([]collateral.Webhook, error) {
	if err := keepsWebhooks(actor); err != nil {
		return nil, err
	}
	return r.Store.Webhooks(ctx)
}

// Webhook returns a webhook.
func (r *Registry) Webhook(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Webhook, error) {
	if err := keepsWebhooks(actor); err != nil {
		return nil, err
	}
	return r.Store.Webhook(ctx, id)
}

// AddWebhook keeps a new webhook, which is told of events from now on, and returns the secret that signs them. It is shown
// this once.
func (r *Registry) AddWebhook(ctx context.Context, actor collateral.Actor, wanted collateral.NewWebhook) (*collateral.Webhook, string, error) {
	if err := keepsWebhooks(actor); err != nil {
		return nil, "", err
	}
	wanted = wanted.Normal()
	if err := r.checkWebhook(wanted); err != nil {
		return nil, "", err
	}
	secret := webhook.NewSecret()
	var added *collateral.Webhook
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		all, err := tx.Webhooks(ctx)
		if err != nil {
			return err
		}
		if len(all) >= collateral.MaxWebhooks {
			return collateral.Errorf(collateral.Conflict, "There are %d webhooks, and no more are kept. Delete one that nobody needs.", len(all))
		}
		added = &collateral.Webhook{
			ID: tx.NewID(), URL: wanted.URL, Events: wanted.Events, Note: wanted.Note, Active: true, CreatedBy: actor.UserID, CreatedAt: tx.Now(),
		}
		if err := tx.AddWebhook(ctx, added, secret); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, actor, "webhook.created", added.ID, added.Host())
	})
	return added, secret, err
}

// ChangeWebhook changes parts of a webhook. One that is switched on again begins anew: what it failed before is forgotten,
// and what happened meanwhile is not told.
func (r *Registry) ChangeWebhook(ctx context.Context, actor collateral.Actor, id uuid.UUID, change collateral.WebhookChange) (*collateral.Webhook, error) {
	var changed *collateral.Webhook
	err := r.onWebhook(ctx, actor, id, func(tx *store.Store, w *collateral.Webhook) error {
		changed = w
		parts := apply(w, change)
		if len(parts) == 0 {
			return nil
		}
		if change.URL != nil || change.Events != nil || change.Note != nil {
			if err := r.checkWebhook(collateral.NewWebhook{URL: w.URL, Events: w.Events, Note: w.Note}); err != nil {
				return err
			}
		}
		if err := tx.SaveWebhook(ctx, w); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, actor, "webhook.changed", id, strings.Join(parts, ", "))
	})
	return changed, err
}

// apply changes w and returns what is different then.
func apply(w *collateral.Webhook, change collateral.WebhookChange) (parts []string) {
	wanted := collateral.NewWebhook{URL: w.URL, Events: w.Events, Note: w.Note}
	if change.URL != nil {
		wanted.URL = *change.URL
		parts = append(parts, "url")
	}
	if change.Events != nil {
		wanted.Events = *change.Events
		parts = append(parts, "events")
	}
	if change.Note != nil {
		wanted.Note = *change.Note
		parts = append(parts, "note")
	}
	wanted = wanted.Normal()
	w.URL, w.Events, w.Note = wanted.URL, wanted.Events, wanted.Note
	switch {
	case change.Active == nil || *change.Active == w.Active:
	case *change.Active:
		w.Active, w.Off, w.FailingSince = true, "", nil
		parts = append(parts, "switched on")
	default:
		w.Active, w.Off = false, collateral.OffByAdmin
		parts = append(parts, "switched off")
	}
	return parts
}

// RotateWebhookSecret gives a webhook a new secret and returns it, this once. The one before it signs beside it for
// SecretOverlap.
func (r *Registry) RotateWebhookSecret(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Webhook, string, error) {
	secret := webhook.NewSecret()
	var rotated *collateral.Webhook
	err := r.onWebhook(ctx, actor, id, func(tx *store.Store, w *collateral.Webhook) error {
		until := tx.Now().Add(collateral.SecretOverlap)
		rotated, w.OldSecretUntil = w, &until
		if err := tx.RotateSecret(ctx, id, secret, until); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, actor, "webhook.secret_rotated", id, "")
	})
	return rotated, secret, err
}

// DeleteWebhook forgets a webhook and its log. What waits is not told any more.
func (r *Registry) DeleteWebhook(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	return r.onWebhook(ctx, actor, id, func(tx *store.Store, w *collateral.Webhook) error {
		if err := tx.DeleteWebhook(ctx, id); err != nil {
			return err
		}
		return auditWebhook(ctx, tx, actor, "webhook.deleted", id, w.Host())
	})
}

// onWebhook runs f in a transaction on a webhook that nobody else changes until the end.
func (r *Registry) onWebhook(ctx context.Context, actor collateral.Actor, id uuid.UUID, f func(tx *store.Store, w *collateral.Webhook) error) error {
	if err := keepsWebhooks(actor); err != nil {
		return err
	}
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		w, err := tx.LockWebhook(ctx, id)
		if err != nil {
			return err
		}
		return f(tx, w)
	})
}

// checkWebhook refuses what cannot be told, or not by this server.
func (r *Registry) checkWebhook(wanted collateral.NewWebhook) error {
	if err := wanted.Check(); err != nil {
		return err
	}
	if r.Hooks == nil {
		return sendsNoWebhooks()
	}
	if err := r.Hooks.Check(wanted.URL); err != nil {
		return collateral.Fault("/url", "%s.", sentence(err))
	}
	return nil
}

// sentence is the text of an error that a webhook may tell an admin.
func sentence(err error) string {
	text := strings.TrimPrefix(err.Error(), webhook.ErrNotAllowed.Error()+": ")
	if errors.Is(err, webhook.ErrNotAllowed) {
		return "Posts may not go there: " + text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func sendsNoWebhooks() error {
	return collateral.Errorf(collateral.Conflict, "This server sends no webhooks. Whoever runs it says with --webhook-hosts where they may go.")
}

func keepsWebhooks(actor collateral.Actor) error {
	if !actor.Is(collateral.Admin) {
		return collateral.Errorf(collateral.Forbidden, "Only admins keep webhooks.")
	}
	return nil
}

func auditWebhook(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, id uuid.UUID, detail string) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "webhook", SubjectID: id.String(), Detail: detail})
}
