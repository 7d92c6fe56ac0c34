package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// deliveryRow is a row of webhook_deliveries.
type deliveryRow struct {
	ID        uuid.UUID
	WebhookID uuid.UUID
	Event     string
	Body      string
	At        time.Time
	State     string
	Attempts  int
	Status    int
	Error     string
	NextAt    *time.Time
	EndedAt   *time.Time
}

func (deliveryRow) TableName() string { return "webhook_deliveries" }

func (r deliveryRow) delivery() collateral.Delivery {
	return collateral.Delivery{
		ID: r.ID, WebhookID: r.WebhookID, Event: collateral.WebhookEvent(r.Event), Body: r.Body, At: r.At, State: collateral.DeliveryState(r.State),
		Attempts: r.Attempts, Status: r.Status, Error: r.Error, NextAt: r.NextAt, EndedAt: r.EndedAt,
	}
}

// AddDelivery stores a delivery that waits for its first attempt.
func (s *Store) AddDelivery(ctx context.Context, d *collateral.Delivery) error {
	return translate(s.writer(ctx).Exec("INSERT INTO webhook_deliveries (id, webhook_id, event, body, at, state, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		d.ID, d.WebhookID, string(d.Event), d.Body, d.At, string(d.State), d.NextAt).Error)
}

// Delivery returns a delivery; NotFound when there is none with the id.
func (s *Store) Delivery(ctx context.Context, id uuid.UUID) (*collateral.Delivery, error) {
	var rows []deliveryRow
	if err := s.reader(ctx).Raw("SELECT * FROM webhook_deliveries WHERE id = ?", id).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	if len(rows) == 0 {
		return nil, collateral.Errorf(collateral.NotFound, "There is no such delivery, or it was deleted since.")
	}
	d := rows[0].delivery()
	return &d, nil
}

// Deliveries returns one page of a webhook's deliveries, the newest first, and the next page's cursor.
func (s *Store) Deliveries(ctx context.Context, webhook uuid.UUID, paging collateral.Paging) ([]collateral.Delivery, string, error) {
	list := "deliveries/" + webhook.String()
	after, err := paging.AfterID(list)
	if err != nil {
		return nil, "", err
	}
	query := s.reader(ctx).Where("webhook_id = ?", webhook)
	if after != uuid.Nil {
		query = query.Where("id < ?", after)
	}
	var rows []deliveryRow
	if err := query.Order("id DESC").Limit(paging.Limit + 1).Find(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	rows, next := pageOf(rows, paging.Limit, func(r deliveryRow) string { return collateral.Cursor(list, r.ID.String()) })
	deliveries := make([]collateral.Delivery, len(rows))
	for i, r := range rows {
		deliveries[i] = r.delivery()
	}
	return deliveries, next, nil
}

// SaveDelivery stores what became of a delivery.
func (s *Store) SaveDelivery(ctx context.Context, d *collateral.Delivery) error {
	return translate(s.writer(ctx).Exec("UPDATE webhook_deliveries SET state = ?, attempts = ?, status = ?, error = ?, next_at = ?, ended_at = ? WHERE id = ?",
		string(d.State), d.Attempts, d.Status, d.Error, d.NextAt, d.EndedAt, d.ID).Error)
}

// ForgetDeliveries deletes deliveries of events before the given time.
func (s *Store) ForgetDeliveries(ctx context.Context, before time.Time) error {
	return s.deleteBefore(ctx, before, "DELETE FROM webhook_deliveries WHERE at < ?")
}
