package store

import (
	"context"

	"github.com/google/uuid"
)

// WantsMail reports whether a person wants notices mailed. Who said nothing does.
func (s *Store) WantsMail(ctx context.Context, user uuid.UUID) (bool, error) {
	var said []bool
	err := s.reader(ctx).Raw("SELECT wanted FROM mail_choices WHERE user_id = ?", user).Scan(&said).Error
	return len(said) == 0 || said[0], translate(err)
}

// SetWantsMail keeps whether a person wants notices mailed.
func (s *Store) SetWantsMail(ctx context.Context, user uuid.UUID, wanted bool) error {
	return translate(s.writer(ctx).Exec(`INSERT INTO mail_choices (user_id, wanted) VALUES (?, ?)
		ON CONFLICT (user_id) DO UPDATE SET wanted = excluded.wanted`, user, wanted).Error)
}
