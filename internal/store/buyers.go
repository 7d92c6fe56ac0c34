package store

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// PublishedPiece is what is published of a piece.
type PublishedPiece struct {
	Title   string
	Type    collateral.Type
	Version *collateral.Version // without its tags and makers
}

// PublishedPieces returns what is published of the assets and not purged, by asset. It asks nobody's scope.
func (s *Store) PublishedPieces(ctx context.Context, assets []uuid.UUID) (map[uuid.UUID]PublishedPiece, error) {
	var rows []struct {
		Title string
		Type  collateral.Type
		Row   versionRow `gorm:"embedded"`
	}
	err := s.reader(ctx).Raw(`SELECT a.title, a.type, v.* FROM publications p JOIN assets a ON a.id = p.asset_id JOIN versions v ON v.id = p.version_id
		WHERE p.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM purges g WHERE g.version_id = v.id) AND `+s.among("p.asset_id", "?"), s.idSet(assets)).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	pieces := make(map[uuid.UUID]PublishedPiece, len(rows))
	for _, r := range rows {
		pieces[r.Row.AssetID] = PublishedPiece{Title: r.Title, Type: r.Type, Version: r.Row.version()}
	}
	return pieces, nil
}
