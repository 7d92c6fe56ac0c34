package store

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// assetRow is a row of assets.
type assetRow struct {
	ID               uuid.UUID
	Title            string
	Summary          string
	Type             string
	Audience         string
	Language         string
	ReviewBy         *string
	CostAmount       *string
	CostCurrency     *string
	OwnerID          uuid.UUID
	FirstPublishedOn *string
	Revision         int64
	CreatedAt        time.Time
	UpdatedAt        time.Time
	SubmittedAt      *time.Time
}

func (assetRow) TableName() string { return "assets" }

func newAssetRow(a *collateral.Asset) assetRow {
	row := assetRow{
		ID: a.ID, Title: a.Title, Summary: a.Summary, Type: string(a.Type), Audience: string(a.Audience),
		Language: a.Language, ReviewBy: orNull(a.ReviewBy), OwnerID: a.OwnerID,
		FirstPublishedOn: orNull(a.FirstPublishedOn), Revision: a.Revision,
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, SubmittedAt: a.SubmittedAt,
	}
	if a.Cost != nil {
		row.CostAmount, row.CostCurrency = &a.Cost.Amount, &a.Cost.Currency
	}
	return row
}

func (r assetRow) asset() *collateral.Asset {
	a := &collateral.Asset{
		ID: r.ID, OwnerID: r.OwnerID, FirstPublishedOn: orEmpty(r.FirstPublishedOn), Revision: r.Revision,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, SubmittedAt: r.SubmittedAt,
		Details: collateral.Details{
			Title: r.Title, Summary: r.Summary, Type: collateral.Type(r.Type),
			Audience: collateral.Audience(r.Audience), Language: r.Language, ReviewBy: orEmpty(r.ReviewBy),
		},
	}
	if r.CostAmount != nil && r.CostCurrency != nil {
		a.Cost = &collateral.Cost{Amount: *r.CostAmount, Currency: *r.CostCurrency}
	}
	return a
}

// CreateAsset stores a new asset with its tags and co-authors, at revision 1. The tags' StageID must be set.
func (s *Store) CreateAsset(ctx context.Context, a *collateral.Asset) error {
	a.Revision = 1
	row := newAssetRow(a)
	if err := s.writer(ctx).Create(&row).Error; err != nil {
		return translate(err)
	}
	return s.writeTags(ctx, &collateral.Asset{}, a)
}

// ChangeAsset loads the asset under a lock, lets change alter it, and writes what it altered with the next revision; when
// nothing was altered, the revision stays.
// With a revision, the asset must still be at it; else the change is Stale. It runs inside Tx.
func (s *Store) ChangeAsset(ctx context.Context, id uuid.UUID, revision *int64, change func(*collateral.Asset) error) (*collateral.Asset, error) {
	if err := s.LockAsset(ctx, id); err != nil {
		return nil, err
	}
	before, err := s.Asset(ctx, collateral.Scope{All: true}, id)
	if err != nil {
		return nil, err
	}
	if revision != nil && *revision != before.Revision {
		return nil, collateral.Errorf(collateral.Stale,
			"The piece was changed since you read it: you have revision %d, it is at %d. Read it again and repeat your change.", *revision, before.Revision)
	}
	after := *before
	if err := change(&after); err != nil {
		return nil, err
	}
	if unchanged(before, &after) {
		return before, nil
	}
	after.Revision = before.Revision + 1
	after.UpdatedAt = s.Now()
	row := newAssetRow(&after)
	if err := s.writer(ctx).Model(&assetRow{}).Where("id = ?", id).Select("*").Omit("id", "created_at", "submitted_at", "first_published_on").Updates(&row).Error; err != nil {
		return nil, translate(err)
	}
	if err := s.writeTags(ctx, before, &after); err != nil {
		return nil, err
	}
	return s.Asset(ctx, collateral.Scope{All: true}, id)
}

func unchanged(before, after *collateral.Asset) bool {
	return reflect.DeepEqual(newAssetRow(before), newAssetRow(after)) &&
		slices.Equal(before.Stages, after.Stages) && slices.Equal(before.Coauthors, after.Coauthors) &&
		!slices.ContainsFunc(collateral.Facets(), func(f collateral.Facet) bool {
			return !slices.Equal(before.Facet(f), after.Facet(f))
		})
}

// LockAsset keeps others from changing the asset until the transaction ends. SQLite has one writer at a time anyway.
func (s *Store) LockAsset(ctx context.Context, id uuid.UUID) error {
	query := "SELECT id FROM assets WHERE id = ?"
	if s.Dialect() == Postgres {
		query += " FOR UPDATE"
	}
	var found []uuid.UUID
	if err := s.writer(ctx).Raw(query, id).Scan(&found).Error; err != nil {
		return translate(err)
	}
	if len(found) == 0 {
		return noAsset()
	}
	return nil
}

func noAsset() error {
	return collateral.Errorf(collateral.NotFound, "There is no such piece, or it is not for you to see.")
}

// DeleteAsset removes an asset that was never submitted, with its versions. One whose bytes were purged stays: a purge
// is on record for good. It returns the digests of the versions' bytes, so that the caller can free what nothing else
// uses.
func (s *Store) DeleteAsset(ctx context.Context, id uuid.UUID) ([]string, error) {
	db := s.writer(ctx)
	var purged int
	if err := db.Raw("SELECT count(*) FROM purges WHERE version_id IN (SELECT id FROM versions WHERE asset_id = ?)", id).Scan(&purged).Error; err != nil {
		return nil, translate(err)
	}
	if purged > 0 {
		return nil, collateral.Errorf(collateral.Conflict, "Bytes of this piece were purged by an admin, and that stays on record. The piece cannot be deleted any more.")
	}
	var digests []string
	if err := db.Raw("SELECT DISTINCT sha256 FROM versions WHERE asset_id = ? AND url = ''", id).Scan(&digests).Error; err != nil {
		return nil, translate(err)
	}
	for _, statement := range []string{
		"DELETE FROM version_pages WHERE version_id IN (SELECT id FROM versions WHERE asset_id = ?)",
		"DELETE FROM extractions WHERE version_id IN (SELECT id FROM versions WHERE asset_id = ?)",
		"DELETE FROM version_stages WHERE version_id IN (SELECT id FROM versions WHERE asset_id = ?)",
		"DELETE FROM contributors WHERE version_id IN (SELECT id FROM versions WHERE asset_id = ?)",
		"DELETE FROM versions WHERE asset_id = ?",
		"DELETE FROM asset_stages WHERE asset_id = ?",
		"DELETE FROM asset_facets WHERE asset_id = ?",
		"DELETE FROM coauthors WHERE asset_id = ?",
		"DELETE FROM assets WHERE id = ?",
	} {
		if err := db.Exec(statement, id).Error; err != nil {
			return nil, translate(err)
		}
	}
	return digests, nil
}

// SetFirstPublished keeps the day on which the asset was first published, unless one is known already.
func (s *Store) SetFirstPublished(ctx context.Context, id uuid.UUID, day string) error {
	return translate(s.writer(ctx).Exec("UPDATE assets SET first_published_on = ? WHERE id = ? AND first_published_on IS NULL", day, id).Error)
}
