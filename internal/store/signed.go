package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// SignedVersion is a version that Sales signed.
type SignedVersion struct {
	VersionID   uuid.UUID
	N           int
	Note        string
	SignerID    uuid.UUID
	SignedAt    time.Time
	PublishedAt *time.Time // first; nil when it never was
}

// SignedVersions returns the asset's versions that Sales signed, the newest first.
func (s *Store) SignedVersions(ctx context.Context, asset uuid.UUID) ([]SignedVersion, error) {
	var signed []SignedVersion
	err := s.reader(ctx).Raw(`SELECT v.id AS version_id, v.n, v.note, a.signer_id, a.signed_at, l.at AS published_at
		FROM versions v JOIN approvals a ON a.version_id = v.id
		LEFT JOIN publication_log l ON l.seq = (
			SELECT min(f.seq) FROM publication_log f WHERE f.asset_id = v.asset_id AND f.version_id = v.id AND f.event <> 'ended')
		WHERE v.asset_id = ? ORDER BY v.n DESC`, asset).Scan(&signed).Error
	return signed, translate(err)
}
