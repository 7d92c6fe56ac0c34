package store

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// versionRow is a row of versions.
type versionRow struct {
	ID          uuid.UUID
	AssetID     uuid.UUID
	N           int
	FileName    string
	MediaType   string
	Size        int64
	SHA256      string `gorm:"column:sha256"`
	URL         string
	Note        string
	UploadedBy  uuid.UUID
	CreatedAt   time.Time
	Audience    *string
	SubmittedAt *time.Time
	State       string
}

func (versionRow) TableName() string { return "versions" }

func (r versionRow) version() *collateral.Version {
	return &collateral.Version{
		ID: r.ID, AssetID: r.AssetID, N: r.N, FileName: r.FileName, MediaType: r.MediaType, Size: r.Size, SHA256: r.SHA256,
		URL: r.URL, Note: r.Note, UploadedBy: r.UploadedBy, CreatedAt: r.CreatedAt, State: collateral.VersionState(r.State),
		SubmittedAt: r.SubmittedAt, Audience: collateral.Audience(orEmpty(r.Audience)),
	}
}

// AddVersion stores a draft version with the next number of its asset, which the caller has locked. Its contributors
// are the uploader and everybody who contributed to earlier versions of the asset with the same bytes: sending them
// again does not unmake their makers. It sets v.N and v.Contributors.
func (s *Store) AddVersion(ctx context.Context, v *collateral.Version) error {
	db := s.writer(ctx)
	var last int
	if err := db.Raw("SELECT coalesce(max(n), 0) FROM versions WHERE asset_id = ?", v.AssetID).Scan(&last).Error; err != nil {
		return translate(err)
	}
	v.N, v.State = last+1, collateral.Draft
	row := versionRow{
		ID: v.ID, AssetID: v.AssetID, N: v.N, FileName: v.FileName, MediaType: v.MediaType, Size: v.Size, SHA256: v.SHA256,
		URL: v.URL, Note: v.Note, UploadedBy: v.UploadedBy, CreatedAt: v.CreatedAt, State: string(v.State),
	}
	if err := db.Create(&row).Error; err != nil {
		return translate(err)
	}
	if err := s.addContributor(ctx, v.ID, v.UploadedBy); err != nil {
		return err
	}
	makers, err := s.makersOf(ctx, v)
	if err != nil {
		return err
	}
	v.Contributors = []uuid.UUID{v.UploadedBy}
	for _, maker := range makers {
		if maker == v.UploadedBy {
			continue
		}
		if err := s.addContributor(ctx, v.ID, maker); err != nil {
			return err
		}
		v.Contributors = append(v.Contributors, maker)
	}
	slices.SortFunc(v.Contributors, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return nil
}

// makersOf returns who contributed to earlier versions of the asset with the same bytes.
func (s *Store) makersOf(ctx context.Context, v *collateral.Version) ([]uuid.UUID, error) {
	var makers []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT DISTINCT c.user_id FROM versions o JOIN contributors c ON c.version_id = o.id
		WHERE o.asset_id = ? AND o.sha256 = ? AND o.n < ?`, v.AssetID, v.SHA256, v.N).Scan(&makers).Error
	return makers, translate(err)
}

func (s *Store) addContributor(ctx context.Context, version, user uuid.UUID) error {
	return translate(s.writer(ctx).Exec(`INSERT INTO contributors (version_id, user_id)
		SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM contributors WHERE version_id = ? AND user_id = ?)`,
		version, user, version, user).Error)
}

// NewestDigest returns the SHA-256 of an asset's newest version; "" while it has none.
func (s *Store) NewestDigest(ctx context.Context, asset uuid.UUID) (string, error) {
	var digest string
	err := s.reader(ctx).Raw("SELECT sha256 FROM versions WHERE asset_id = ? ORDER BY n DESC LIMIT 1", asset).Scan(&digest).Error
	return digest, translate(err)
}

// Version returns version n of an asset.
func (s *Store) Version(ctx context.Context, asset uuid.UUID, n int) (*collateral.Version, error) {
	var ids []uuid.UUID
	if err := s.reader(ctx).Raw("SELECT id FROM versions WHERE asset_id = ? AND n = ?", asset, n).Scan(&ids).Error; err != nil {
		return nil, translate(err)
	}
	if len(ids) == 0 {
		return nil, collateral.Errorf(collateral.NotFound, "The piece has no version %d.", n)
	}
	return s.VersionByID(ctx, ids[0])
}

// VersionByID returns one version.
func (s *Store) VersionByID(ctx context.Context, id uuid.UUID) (*collateral.Version, error) {
	versions, err := s.versionsByID(ctx, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	v := versions[id]
	if v == nil {
		return nil, collateral.Errorf(collateral.NotFound, "There is no such version.")
	}
	return v, nil
}

// Versions returns one page of an asset's versions, the newest first, and the next page's cursor; without drafts if
// asked so.
func (s *Store) Versions(ctx context.Context, asset uuid.UUID, withDrafts bool, paging collateral.Paging) ([]*collateral.Version, string, error) {
	list := "versions/" + asset.String()
	before, err := paging.AfterNumber(list, math.MaxInt32)
	if err != nil {
		return nil, "", err
	}
	var ids []uuid.UUID
	err = s.reader(ctx).Raw("SELECT id FROM versions WHERE asset_id = ? AND n < ? AND (state <> 'draft' OR ?) ORDER BY n DESC LIMIT ?", asset, before, withDrafts, paging.Limit+1).Scan(&ids).Error
	if err != nil {
		return nil, "", translate(err)
	}
	byID, err := s.versionsByID(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	versions := make([]*collateral.Version, 0, len(ids))
	for _, id := range ids {
		if v := byID[id]; v != nil { // else the piece was deleted a moment ago
			versions = append(versions, v)
		}
	}
	versions, next := pageOf(versions, paging.Limit, func(v *collateral.Version) string {
		return collateral.Cursor(list, strconv.Itoa(v.N))
	})
	return versions, next, nil
}

// ApprovedVersion returns the newest version that Sales signed, or nil.
func (s *Store) ApprovedVersion(ctx context.Context, asset uuid.UUID) (*collateral.Version, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT id FROM versions WHERE asset_id = ? AND state = 'approved' ORDER BY n DESC LIMIT 1", asset).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, translate(err)
	}
	return s.VersionByID(ctx, ids[0])
}

// ApprovedBefore returns the last version before number n that Sales signed, or nil.
func (s *Store) ApprovedBefore(ctx context.Context, asset uuid.UUID, n int) (*collateral.Version, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT id FROM versions WHERE asset_id = ? AND n < ? AND state = 'approved' ORDER BY n DESC LIMIT 1", asset, n).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, translate(err)
	}
	return s.VersionByID(ctx, ids[0])
}

// SubmittedVersion returns the asset's version that is under review, or nil. There is one at most.
func (s *Store) SubmittedVersion(ctx context.Context, asset uuid.UUID) (*collateral.Version, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT id FROM versions WHERE asset_id = ? AND state = 'submitted' ORDER BY n DESC LIMIT 1", asset).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, translate(err)
	}
	return s.VersionByID(ctx, ids[0])
}

// VersionsByID returns those of the versions that there are, by id.
func (s *Store) VersionsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*collateral.Version, error) {
	return s.versionsByID(ctx, ids)
}

// versionsByID loads versions with tags, contributors and whether they were purged.
func (s *Store) versionsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*collateral.Version, error) {
	versions := make(map[uuid.UUID]*collateral.Version, len(ids))
	if len(ids) == 0 {
		return versions, nil
	}
	db := s.reader(ctx)
	var rows []versionRow
	if err := db.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	for _, r := range rows {
		versions[r.ID] = r.version()
	}
	var contributors []struct{ VersionID, UserID uuid.UUID }
	if err := db.Raw("SELECT version_id, user_id FROM contributors WHERE version_id IN ? ORDER BY user_id", ids).Scan(&contributors).Error; err != nil {
		return nil, translate(err)
	}
	for _, c := range contributors {
		v := versions[c.VersionID]
		v.Contributors = append(v.Contributors, c.UserID)
	}
	var purged []uuid.UUID
	if err := db.Raw("SELECT version_id FROM purges WHERE version_id IN ?", ids).Scan(&purged).Error; err != nil {
		return nil, translate(err)
	}
	for _, id := range purged {
		versions[id].Purged = true
	}
	return versions, s.fillVersionTags(ctx, versions, ids)
}

// fillVersionTags loads the tags that versions were submitted with, as the stages stand today: a stage that was merged
// shows as the one that took its place, once.
func (s *Store) fillVersionTags(ctx context.Context, versions map[uuid.UUID]*collateral.Version, ids []uuid.UUID) error {
	var tags []struct {
		VersionID   uuid.UUID
		StageID     uuid.UUID
		Key         string
		RoleInStage string
		IsPrimary   bool
	}
	err := s.reader(ctx).Raw(`SELECT t.version_id, s.id AS stage_id, s.key, t.role_in_stage, t.is_primary
		FROM version_stages t JOIN stages tagged ON tagged.id = t.stage_id
		JOIN stages s ON s.id = coalesce(tagged.merged_into, tagged.id)
		WHERE t.version_id IN ? ORDER BY t.is_primary DESC, s.position, s.key, t.stage_id`, ids).Scan(&tags).Error
	if err != nil {
		return translate(err)
	}
	seen := map[[2]uuid.UUID]bool{}
	for _, t := range tags {
		if key := [2]uuid.UUID{t.VersionID, t.StageID}; !seen[key] {
			seen[key] = true
			v := versions[t.VersionID]
			v.Stages = append(v.Stages, collateral.StageTag{StageID: t.StageID, Stage: t.Key, Role: t.RoleInStage, Primary: t.IsPrimary})
		}
	}
	return nil
}
