package web

import (
	"context"

	"github.com/google/uuid"
)

// names returns the names of people by id. Who no longer exists has none.
func (s *site) names(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]string, error) {
	users, err := s.access.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[uuid.UUID]string, len(users))
	for id, u := range users {
		names[id] = u.Name
	}
	return names, nil
}
