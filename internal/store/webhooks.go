package store

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// webhookRow is a row of webhooks.
type webhookRow struct {
	ID           uuid.UUID
	URL          string
	Events       string // separated by commas
	Note         string
	Active       bool
	OffBecause   string
	Secret       string
	OldSecret    string
	OldUntil     *time.Time
	FailingSince *time.Time
	CreatedBy    uuid.UUID
	CreatedAt    time.Time
}

func (r webhookRow) webhook(now time.Time) collateral.Webhook {
	var events []collateral.WebhookEvent
	for name := range strings.SplitSeq(r.Events, ",") {
		events = append(events, collateral.WebhookEvent(name))
	}
	if r.OldUntil != nil && !r.OldUntil.After(now) {
		r.OldUntil = nil
	}
	return collateral.Webhook{
		ID: r.ID, URL: r.URL, Events: events, Note: r.Note, Active: r.Active, Off: collateral.WebhookOff(r.OffBecause),
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, FailingSince: r.FailingSince, OldSecretUntil: r.OldUntil,
	}
}

func joinEvents(events []collateral.WebhookEvent) string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = string(e)
	}
	return strings.Join(names, ",")
}

// Webhooks returns every webhook, the newest first.
func (s *Store) Webhooks(ctx context.Context) ([]collateral.Webhook, error) {
	var rows []webhookRow
	// Ids are UUIDv7: their order is the order of creation.
	if err := s.reader(ctx).Raw("SELECT * FROM webhooks ORDER BY id DESC").Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	webhooks, now := make([]collateral.Webhook, len(rows)), s.Now()
	for i, r := range rows {
		webhooks[i] = r.webhook(now)
	}
	return webhooks, nil
}

// Webhook returns a webhook; NotFound when there is none with the id.
func (s *Store) Webhook(ctx context.Context, id uuid.UUID) (*collateral.Webhook, error) {
	row, err := s.webhookWhere(ctx, "", id)
	if err != nil {
		return nil, err
	}
	w := row.webhook(s.Now())
	return &w, nil
}

// WebhookSecrets returns the secrets that sign now, the newest first.
func (s *Store) WebhookSecrets(ctx context.Context, id uuid.UUID) ([]string, error) {
	row, err := s.webhookWhere(ctx, "", id)
	if err != nil {
		return nil, err
	}
	secrets := []string{row.Secret}
	if row.OldUntil != nil && row.OldUntil.After(s.Now()) {
		secrets = append(secrets, row.OldSecret)
	}
	return secrets, nil
}

// LockWebhook returns a webhook and keeps others from changing and deleting it until the transaction ends. It holds up nobody
// who writes down what the webhook is told. Whoever changes deliveries of the webhook locks it first.
func (s *Store) LockWebhook(ctx context.Context, id uuid.UUID) (*collateral.Webhook, error) {
	lock := ""
	if s.Dialect() == Postgres {
		lock = " FOR NO KEY UPDATE"
	}
	row, err := s.webhookWhere(ctx, lock, id)
	if err != nil {
		return nil, err
	}
	w := row.webhook(s.Now())
	return &w, nil
}

func (s *Store) webhookWhere(ctx context.Context, lock string, id uuid.UUID) (*webhookRow, error) {
	var rows []webhookRow
	if err := s.reader(ctx).Raw("SELECT * FROM webhooks WHERE id = ?"+lock, id).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	if len(rows) == 0 {
		return nil, collateral.Errorf(collateral.NotFound, "There is no such webhook. Somebody may have deleted it.")
	}
	return &rows[0], nil
}

// AddWebhook stores a new webhook with its secret.
func (s *Store) AddWebhook(ctx context.Context, w *collateral.Webhook, secret string) error {
	return translate(s.writer(ctx).Exec(`INSERT INTO webhooks (id, url, events, note, active, off_because, secret, created_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.ID, w.URL, joinEvents(w.Events), w.Note, w.Active, string(w.Off), secret, w.CreatedBy, w.CreatedAt).Error)
}

// SaveWebhook stores what may change of a webhook, but for its secrets.
func (s *Store) SaveWebhook(ctx context.Context, w *collateral.Webhook) error {
	return translate(s.writer(ctx).Exec("UPDATE webhooks SET url = ?, events = ?, note = ?, active = ?, off_because = ?, failing_since = ? WHERE id = ?",
		w.URL, joinEvents(w.Events), w.Note, w.Active, string(w.Off), w.FailingSince, w.ID).Error)
}

// RotateSecret gives a webhook a new secret. The one before it signs too until the time given; one before that no more.
func (s *Store) RotateSecret(ctx context.Context, id uuid.UUID, secret string, until time.Time) error {
	return translate(s.writer(ctx).Exec("UPDATE webhooks SET old_secret = secret, old_until = ?, secret = ? WHERE id = ?", until, secret, id).Error)
}

// DeleteWebhook removes a webhook that the transaction has locked, and its deliveries.
func (s *Store) DeleteWebhook(ctx context.Context, id uuid.UUID) error {
	if s.Dialect() == Postgres {
		// Those who are about to add deliveries come first, so that theirs are deleted too.
		if err := s.writer(ctx).Exec("SELECT id FROM webhooks WHERE id = ? FOR UPDATE", id).Error; err != nil {
			return translate(err)
		}
	}
	if err := s.writer(ctx).Exec("DELETE FROM webhook_deliveries WHERE webhook_id = ?", id).Error; err != nil {
		return translate(err)
	}
	return translate(s.writer(ctx).Exec("DELETE FROM webhooks WHERE id = ?", id).Error)
}

// WebhooksTold returns the active webhooks that are told of an event, and keeps them from being deleted until the transaction
// ends.
func (s *Store) WebhooksTold(ctx context.Context, event collateral.WebhookEvent) ([]uuid.UUID, error) {
	query := "SELECT id FROM webhooks WHERE active AND ',' || events || ',' LIKE ? ORDER BY id"
	if s.Dialect() == Postgres {
		query += " FOR KEY SHARE"
	}
	var ids []uuid.UUID
	err := s.writer(ctx).Raw(query, "%,"+string(event)+",%").Scan(&ids).Error
	return ids, translate(err)
}
