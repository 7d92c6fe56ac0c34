package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Publish makes the approved version what is published of its asset, under its primary stage. The database refuses
// what Sales did not sign.
func (s *Store) Publish(ctx context.Context, v *collateral.Version, approval uuid.UUID, by uuid.UUID, at time.Time) error {
	db := s.writer(ctx)
	changed, err := found(db.Exec(`UPDATE publications SET version_id = ?, approval_id = ?, published_at = ?, published_by = ?,
			stage_id = (SELECT stage_id FROM version_stages WHERE version_id = ? AND is_primary = ?)
		WHERE asset_id = ?`, v.ID, approval, at, by, v.ID, true, v.AssetID))
	if err != nil || changed {
		return err
	}
	return translate(db.Exec(`INSERT INTO publications (asset_id, version_id, approval_id, stage_id, published_at, published_by)
		VALUES (?, ?, ?, (SELECT stage_id FROM version_stages WHERE version_id = ? AND is_primary = ?), ?, ?)`,
		v.AssetID, v.ID, approval, v.ID, true, at, by).Error)
}

// Withdraw ends the asset's publication.
func (s *Store) Withdraw(ctx context.Context, asset, by uuid.UUID, at time.Time) error {
	db := s.writer(ctx)
	if err := db.Exec("UPDATE publications SET ended_at = ?, ended_by = ? WHERE asset_id = ?", at, by, asset).Error; err != nil {
		return translate(err)
	}
	return translate(db.Exec("DELETE FROM publications WHERE asset_id = ?", asset).Error)
}

// Purge marks a version's bytes as gone and removes the text that was extracted from them.
func (s *Store) Purge(ctx context.Context, version, by uuid.UUID, at time.Time) error {
	db := s.writer(ctx)
	if err := db.Exec(`INSERT INTO purges (version_id, at, "by") VALUES (?, ?, ?)`, version, at, by).Error; err != nil {
		return translate(err)
	}
	if err := db.Exec("DELETE FROM version_pages WHERE version_id = ?", version).Error; err != nil {
		return translate(err)
	}
	return translate(db.Exec("DELETE FROM extractions WHERE version_id = ?", version).Error)
}

// PublishedVersion returns the version that is published of an asset that the scope covers, without its tags and makers:
// what it takes to serve its content. NotFound says whether it is the asset or its publication that is missing.
func (s *Store) PublishedVersion(ctx context.Context, scope collateral.Scope, asset uuid.UUID) (*collateral.Version, error) {
	seen, args := visible(scope)
	var rows []struct {
		Row       versionRow `gorm:"embedded"`
		Published bool
		Purged    bool
	}
	err := s.reader(ctx).Raw("SELECT pv.*, pv.id IS NOT NULL AS published, EXISTS (SELECT 1 FROM purges g WHERE g.version_id = pv.id) AS purged "+
		"FROM assets a LEFT JOIN publications p ON p.asset_id = a.id AND p.ended_at IS NULL LEFT JOIN versions pv ON pv.id = p.version_id "+
		"WHERE "+seen+" AND a.id = ?", append(args, asset)...).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	switch {
	case len(rows) == 0:
		return nil, noAsset()
	case !rows[0].Published:
		return nil, collateral.Errorf(collateral.NotFound, "Nothing is published of this piece.")
	}
	v := rows[0].Row.version()
	v.Purged = rows[0].Purged
	return v, nil
}

// PublishedIDs returns the ids of all published assets.
func (s *Store) PublishedIDs(ctx context.Context) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT asset_id FROM publications WHERE ended_at IS NULL ORDER BY asset_id").Scan(&ids).Error
	return ids, translate(err)
}

// SameBytes returns the other assets that have a version with these bytes, as far as the scope covers them.
func (s *Store) SameBytes(ctx context.Context, scope collateral.Scope, sha256 string, except uuid.UUID) ([]*collateral.Asset, error) {
	return s.assetsWhere(ctx, scope, "a.id <> ? AND a.id IN (SELECT v.asset_id FROM versions v WHERE v.sha256 = ?)",
		[]any{except, sha256}, "ORDER BY a.id LIMIT 5")
}

// PublishedStages returns the tags of what is published of the assets, by asset.
func (s *Store) PublishedStages(ctx context.Context, assets []*collateral.Asset) (map[uuid.UUID][]collateral.StageTag, error) {
	versions := make(map[uuid.UUID]*collateral.Version, len(assets))
	var ids []uuid.UUID
	for _, a := range assets {
		if a.Publication != nil {
			versions[a.Publication.VersionID] = &collateral.Version{AssetID: a.ID}
			ids = append(ids, a.Publication.VersionID)
		}
	}
	tags := make(map[uuid.UUID][]collateral.StageTag, len(ids))
	if len(ids) == 0 {
		return tags, nil
	}
	if err := s.fillVersionTags(ctx, versions, ids); err != nil {
		return nil, err
	}
	for _, v := range versions {
		tags[v.AssetID] = v.Stages
	}
	return tags, nil
}
