package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// PublishedRevisions names the state of published assets, as far as the search shows it: the asset's row, what is published
// of it and since when, and when its text was read. Two equal names are the same state. Without ids, those of all.
func (s *Store) PublishedRevisions(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]string, error) {
	query := `SELECT p.asset_id, p.version_id, p.published_at, a.revision, e.updated_at AS read_at
		FROM publications p JOIN assets a ON a.id = p.asset_id LEFT JOIN extractions e ON e.version_id = p.version_id
		WHERE p.ended_at IS NULL`
	var args []any
	if len(ids) > 0 {
		query += " AND " + s.among("p.asset_id", "?")
		args = append(args, s.idSet(ids))
	}
	var rows []struct {
		AssetID     uuid.UUID
		VersionID   uuid.UUID
		PublishedAt time.Time
		Revision    int64
		ReadAt      *time.Time
	}
	if err := s.reader(ctx).Raw(query, args...).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	revisions := make(map[uuid.UUID]string, len(rows))
	for _, r := range rows {
		read := int64(0)
		if r.ReadAt != nil {
			read = r.ReadAt.UnixMicro()
		}
		revisions[r.AssetID] = fmt.Sprintf("%d.%s.%d.%d", r.Revision, r.VersionID, r.PublishedAt.UnixMicro(), read)
	}
	return revisions, nil
}
