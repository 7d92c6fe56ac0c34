package store

import (
	"context"

	"github.com/google/uuid"
)

// WaitingBatch is a batch of which pieces are under review.
type WaitingBatch struct {
	ID      uuid.UUID
	Name    string
	Waiting int
}

// WaitingBatches returns the batches of which pieces are under review, by name.
func (s *Store) WaitingBatches(ctx context.Context, filter WaitingFilter) ([]WaitingBatch, error) {
	condition, args := filter.where()
	var batches []WaitingBatch
	err := s.reader(ctx).Raw(`SELECT b.id, b.name, count(*) AS waiting FROM batches b JOIN batch_items i ON i.batch_id = b.id
		WHERE i.asset_id IN (SELECT v.asset_id`+waitingFrom+condition+`) GROUP BY b.id, b.name ORDER BY b.name, b.id`, args...).Scan(&batches).Error
	return batches, translate(err)
}
