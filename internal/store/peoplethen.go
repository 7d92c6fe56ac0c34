package store

import (
	"context"
	_ "embed" // the report's SQL
	"fmt"
	"time"

	"github.com/google/uuid"
)

//go:embed people_then.sql
var peopleThenSQL string

// PersonThen is a person as they stood at a time.
type PersonThen struct {
	ID       uuid.UUID
	Name     string // of today
	Team     string // of today; empty for none
	Active   bool
	Approver bool
	Rep      bool
}

// PeopleThen returns everybody as they stood at a time, in no order. An account that was deactivated, or activated, without an entry in the
// audit log always was as it is today.
func (s *Store) PeopleThen(ctx context.Context, at time.Time) ([]PersonThen, error) {
	var people []PersonThen
	if err := s.reader(ctx).Raw(peopleThenSQL, map[string]any{"at": at}).Scan(&people).Error; err != nil {
		return nil, fmt.Errorf("reading who was active at %s: %w", at, translate(err))
	}
	return people, nil
}
