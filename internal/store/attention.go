package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// ShownVersion is what a page of a visitor shows.
type ShownVersion struct {
	AssetID uuid.UUID
	Pages   int // of its preview, by pictures or by text; 0 without one
}

// ShownVersion returns what bears on looking at a version; nil for none.
func (s *Store) ShownVersion(ctx context.Context, version uuid.UUID) (*ShownVersion, error) {
	var rows []ShownVersion
	err := s.reader(ctx).Raw(`SELECT v.asset_id, coalesce(nullif(p.pages, 0), (SELECT count(*) FROM version_pages t WHERE t.version_id = v.id)) AS pages
		FROM versions v LEFT JOIN previews p ON p.sha256 = v.sha256 WHERE v.id = ?`, version).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	return &rows[0], nil
}

// AddLook adds to how long a visit looked at a version. The visit is locked.
func (s *Store) AddLook(ctx context.Context, visit uuid.UUID, l collateral.Look) error {
	rows := [][]any{{visit, l.AssetID, l.VersionID, 0, l.Visible.Milliseconds(), l.Of}}
	for page, visible := range l.Pages {
		rows = append(rows, []any{visit, l.AssetID, l.VersionID, page, visible.Milliseconds(), 0})
	}
	return translate(s.insertMany(ctx, "attention", []column{
		{"visit_id", "uuid"}, {"asset_id", "uuid"}, {"version_id", "uuid"}, {"page", "integer"}, {"visible_ms", "bigint"}, {"pages", "integer"},
	}, rows, "ON CONFLICT (visit_id, asset_id, version_id, page) DO UPDATE SET visible_ms = attention.visible_ms + excluded.visible_ms, pages = excluded.pages"))
}

// LooksOf returns how long each of the visits looked at what, by visit, pieces in the order of their ids.
func (s *Store) LooksOf(ctx context.Context, visits ...uuid.UUID) (map[uuid.UUID][]collateral.Look, error) {
	var rows []struct {
		VisitID, AssetID, VersionID uuid.UUID
		Page, Pages                 int
		VisibleMS                   int64
	}
	err := s.reader(ctx).Raw("SELECT visit_id, asset_id, version_id, page, pages, visible_ms FROM attention WHERE "+s.among("visit_id", "?")+
		" ORDER BY visit_id, asset_id, version_id, page", s.idSet(visits)).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	looks := make(map[uuid.UUID][]collateral.Look)
	for _, r := range rows {
		visible, all := time.Duration(r.VisibleMS)*time.Millisecond, looks[r.VisitID]
		if r.Page == 0 { // comes before the pages
			looks[r.VisitID] = append(all, collateral.Look{AssetID: r.AssetID, VersionID: r.VersionID, Visible: visible, Of: r.Pages, Pages: map[int]time.Duration{}})
		} else if len(all) > 0 {
			all[len(all)-1].Pages[r.Page] = visible
		}
	}
	return looks, nil
}

// AddEngagement notes that a visit is engaged with a piece, and reports whether that was not known before.
func (s *Store) AddEngagement(ctx context.Context, visit, asset uuid.UUID, at time.Time) (bool, error) {
	return found(s.writer(ctx).Exec("INSERT INTO engagements (visit_id, asset_id, engaged_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", visit, asset, at))
}

// DeleteEngagements takes back what AddEngagement noted of a visit, and returns the pieces.
func (s *Store) DeleteEngagements(ctx context.Context, visit uuid.UUID) ([]uuid.UUID, error) {
	var assets []uuid.UUID
	err := s.writer(ctx).Raw("DELETE FROM engagements WHERE visit_id = ? RETURNING asset_id", visit).Scan(&assets).Error
	return assets, translate(err)
}
