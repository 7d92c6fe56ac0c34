package store

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// assetFrom joins each asset to where it stands: nv is its newest version, p what is published of it, pv the version of
// that, and a.last_published the number of the version that was published last.
const assetFrom = `
FROM (
	SELECT assets.*, (
		SELECT v.n FROM publication_log l JOIN versions v ON v.id = l.version_id
		WHERE l.asset_id = assets.id AND l.event <> 'ended' ORDER BY l.seq DESC LIMIT 1
	) AS last_published
	FROM assets
) a
LEFT JOIN versions nv ON nv.asset_id = a.id AND nv.n = (SELECT max(m.n) FROM versions m WHERE m.asset_id = a.id)
LEFT JOIN publications p ON p.asset_id = a.id AND p.ended_at IS NULL
LEFT JOIN versions pv ON pv.id = p.version_id`

// assetState is collateral.Standing.State in SQL, for filtering; a test holds the two together.
const assetState = `CASE
	WHEN p.asset_id IS NOT NULL THEN 'published'
	WHEN nv.id IS NULL THEN 'draft'
	WHEN a.last_published IS NOT NULL AND (nv.n <= a.last_published OR nv.state = 'draft') THEN 'withdrawn'
	WHEN nv.state = 'submitted' THEN 'in_review'
	ELSE nv.state
END`

// standingRow is one row of assetFrom.
type standingRow struct {
	Row           assetRow `gorm:"embedded"`
	LastPublished *int
	NewestID      uuid.NullUUID
	PVersionID    uuid.NullUUID
	PVersionN     int
	PApprovalID   uuid.UUID
	PStageID      uuid.UUID
	PAudience     string
	PublishedAt   time.Time
	PublishedBy   uuid.UUID
}

// asset is the asset with its publication, without its newest version.
func (r standingRow) asset() *collateral.Asset {
	a := r.Row.asset()
	if r.LastPublished != nil {
		a.LastPublished = *r.LastPublished
	}
	if r.PVersionID.Valid {
		a.Publication = &collateral.Publication{
			AssetID: a.ID, VersionID: r.PVersionID.UUID, VersionN: r.PVersionN, ApprovalID: r.PApprovalID,
			StageID: r.PStageID, Audience: collateral.Audience(r.PAudience), PublishedAt: r.PublishedAt, PublishedBy: r.PublishedBy,
		}
	}
	return a
}

const assetColumns = `a.id, a.title, a.summary, a.type, a.audience, a.language, a.review_by, a.cost_amount, a.cost_currency,
	a.owner_id, a.first_published_on, a.revision, a.created_at, a.updated_at, a.submitted_at, a.last_published,
	nv.id AS newest_id, p.version_id AS p_version_id, pv.n AS p_version_n, p.approval_id AS p_approval_id,
	p.stage_id AS p_stage_id, pv.audience AS p_audience, p.published_at, p.published_by`

// visible is the Scope as a condition on assetFrom.
func visible(scope collateral.Scope) (string, []any) {
	if scope.All {
		return "1 = 1", nil
	}
	condition := `(p.asset_id IS NOT NULL OR a.owner_id = ?
		OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = ?)`
	args := []any{scope.UserID, scope.UserID}
	if scope.UnderReview {
		condition += ` OR EXISTS (SELECT 1 FROM versions v WHERE v.asset_id = a.id AND v.submitted_at IS NOT NULL)`
	}
	return condition + ")", args
}

// Asset returns one asset with its tags and its standing, if the scope covers it.
func (s *Store) Asset(ctx context.Context, scope collateral.Scope, id uuid.UUID) (*collateral.Asset, error) {
	assets, err := s.assetsWhere(ctx, scope, "a.id = ?", []any{id}, "")
	if err != nil {
		return nil, err
	}
	if len(assets) == 0 {
		return nil, noAsset()
	}
	return assets[0], nil
}

// Makes reports whether the person owns the asset or is one of its co-authors.
func (s *Store) Makes(ctx context.Context, person, asset uuid.UUID) (bool, error) {
	var n int
	err := s.reader(ctx).Raw(`SELECT count(*) FROM assets a WHERE a.id = ?
		AND (a.owner_id = ? OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = ?))`, asset, person, person).Scan(&n).Error
	return n > 0, translate(err)
}

// AssetsByID returns the assets that the scope covers, in the order of the ids; others are left out.
func (s *Store) AssetsByID(ctx context.Context, scope collateral.Scope, ids []uuid.UUID) ([]*collateral.Asset, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	assets, err := s.assetsWhere(ctx, scope, "a.id IN ?", []any{ids}, "")
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]*collateral.Asset, len(assets))
	for _, a := range assets {
		byID[a.ID] = a
	}
	ordered := make([]*collateral.Asset, 0, len(assets))
	for _, id := range ids {
		if a, ok := byID[id]; ok {
			ordered = append(ordered, a)
		}
	}
	return ordered, nil
}

// AssetFilter narrows a list of assets. Values of one field are alternatives; an empty field does not narrow.
type AssetFilter struct {
	States []collateral.State
	Stages []string // keys; of what is published where something is, else of the next version
	Types  []collateral.Type
	Owners []uuid.UUID
	Makers []uuid.UUID // owners and co-authors
	// Renewed is whether a version newer than the published one is under way; nil does not narrow.
	Renewed *bool
}

// Assets returns one page of the assets that the scope covers, the newest first, and the next page's cursor.
func (s *Store) Assets(ctx context.Context, scope collateral.Scope, filter AssetFilter, paging collateral.Paging) ([]*collateral.Asset, string, error) {
	conditions, args := filter.where()
	after, err := paging.AfterID("assets")
	if err != nil {
		return nil, "", err
	}
	if after != uuid.Nil {
		conditions, args = append(conditions, "a.id < ?"), append(args, after)
	}
	// Ids are UUIDv7: their order is the order of creation.
	tail := "ORDER BY a.id DESC LIMIT ?"
	assets, err := s.assetsWhere(ctx, scope, strings.Join(conditions, " AND "), append(args, paging.Limit+1), tail)
	if err != nil {
		return nil, "", err
	}
	assets, next := pageOf(assets, paging.Limit, func(a *collateral.Asset) string {
		return collateral.Cursor("assets", a.ID.String())
	})
	return assets, next, nil
}

func (f AssetFilter) where() ([]string, []any) {
	conditions, args := []string{"1 = 1"}, []any{}
	if len(f.States) > 0 {
		conditions, args = append(conditions, "("+assetState+") IN ?"), append(args, f.States)
	}
	if len(f.Types) > 0 {
		conditions, args = append(conditions, "a.type IN ?"), append(args, f.Types)
	}
	if len(f.Owners) > 0 {
		conditions, args = append(conditions, "a.owner_id IN ?"), append(args, f.Owners)
	}
	if f.Renewed != nil {
		conditions, args = append(conditions, "coalesce(nv.n > pv.n, ?) = ?"), append(args, false, *f.Renewed)
	}
	if len(f.Makers) > 0 {
		conditions = append(conditions, "(a.owner_id IN ? OR EXISTS (SELECT 1 FROM coauthors made WHERE made.asset_id = a.id AND made.user_id IN ?))")
		args = append(args, f.Makers, f.Makers)
	}
	if len(f.Stages) > 0 {
		conditions = append(conditions, `EXISTS (
			SELECT 1 FROM stages t JOIN stages named ON named.key IN ? AND coalesce(named.merged_into, named.id) = coalesce(t.merged_into, t.id)
			WHERE (p.version_id IS NOT NULL AND t.id IN (SELECT vs.stage_id FROM version_stages vs WHERE vs.version_id = p.version_id))
			   OR (p.version_id IS NULL AND t.id IN (SELECT ast.stage_id FROM asset_stages ast WHERE ast.asset_id = a.id)))`)
		args = append(args, f.Stages)
	}
	return conditions, args
}

// assetsWhere loads assets with tags and standing.
func (s *Store) assetsWhere(ctx context.Context, scope collateral.Scope, condition string, args []any, tail string) ([]*collateral.Asset, error) {
	seen, seenArgs := visible(scope)
	query := "SELECT " + assetColumns + assetFrom + " WHERE " + seen + " AND " + condition + " " + tail
	var rows []standingRow
	if err := s.reader(ctx).Raw(query, append(seenArgs, args...)...).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	var newest []uuid.UUID
	for _, r := range rows {
		if r.NewestID.Valid {
			newest = append(newest, r.NewestID.UUID)
		}
	}
	versions, err := s.versionsByID(ctx, newest)
	if err != nil {
		return nil, err
	}
	assets := make([]*collateral.Asset, len(rows))
	for i, r := range rows {
		a := r.asset()
		a.Newest = versions[r.NewestID.UUID]
		assets[i] = a
	}
	return assets, s.fillTags(ctx, assets)
}

// pageOf cuts the one item that was read beyond the page and makes the cursor of the next page, or "".
func pageOf[T any](items []T, limit int, cursor func(last T) string) ([]T, string) {
	if len(items) <= limit {
		return items, ""
	}
	items = items[:limit]
	return items, cursor(items[limit-1])
}
