package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// KeptRow is a piece on a person's shelf, and what it was called when it was put there.
type KeptRow struct {
	AssetID uuid.UUID
	Title   string
	AddedAt time.Time
}

// Favourites returns the person's favourites, the newest first.
func (s *Store) Favourites(ctx context.Context, user uuid.UUID) ([]KeptRow, error) {
	var rows []KeptRow
	err := s.reader(ctx).Raw("SELECT asset_id, title, added_at FROM favourites WHERE user_id = ? ORDER BY added_at DESC, asset_id DESC", user).Scan(&rows).Error
	return rows, translate(err)
}

// FavouritesAmong returns which of the assets are favourites of the person.
func (s *Store) FavouritesAmong(ctx context.Context, user uuid.UUID, assets []uuid.UUID) (map[uuid.UUID]bool, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT asset_id FROM favourites WHERE user_id = ? AND "+s.among("asset_id", "?"), user, s.idSet(assets)).Scan(&ids).Error
	if err != nil {
		return nil, translate(err)
	}
	among := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		among[id] = true
	}
	return among, nil
}

// AddFavourite makes the piece a favourite of the person. One that is one already stays where it is.
func (s *Store) AddFavourite(ctx context.Context, user uuid.UUID, k KeptRow) error {
	return translate(s.writer(ctx).Exec(`INSERT INTO favourites (user_id, asset_id, title, added_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id, asset_id) DO UPDATE SET title = excluded.title`, user, k.AssetID, k.Title, k.AddedAt).Error)
}

// RemoveFavourite forgets a favourite. One that is none is left alone.
func (s *Store) RemoveFavourite(ctx context.Context, user, asset uuid.UUID) error {
	return translate(s.writer(ctx).Exec("DELETE FROM favourites WHERE user_id = ? AND asset_id = ?", user, asset).Error)
}
