package store

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// SetExtraction stores what became of reading a version's text, replacing what was there, with the text by page.
// A version that is gone meanwhile is left alone.
func (s *Store) SetExtraction(ctx context.Context, e collateral.Extraction, pages []string) error {
	db := s.writer(ctx)
	stored, err := found(db.Exec(`INSERT INTO extractions (version_id, state, reason, engine, pages, updated_at)
		SELECT v.id, ?, ?, ?, ?, ? FROM versions v
		WHERE v.id = ? AND NOT EXISTS (SELECT 1 FROM purges p WHERE p.version_id = v.id)
		ON CONFLICT (version_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, engine = excluded.engine,
			pages = excluded.pages, updated_at = excluded.updated_at`,
		string(e.State), e.Reason, e.Engine, len(pages), s.Now(), e.VersionID))
	if err != nil || !stored {
		return err
	}
	if err := db.Exec("DELETE FROM version_pages WHERE version_id = ?", e.VersionID).Error; err != nil {
		return translate(err)
	}
	type pageRow struct {
		VersionID uuid.UUID
		Page      int
		Text      string
	}
	rows := make([]pageRow, 0, len(pages))
	for i, text := range pages {
		if text != "" {
			rows = append(rows, pageRow{VersionID: e.VersionID, Page: i + 1, Text: text})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return translate(db.Table("version_pages").CreateInBatches(&rows, 200).Error)
}

// Extractions returns what became of reading the versions' texts; versions without an entry are missing.
func (s *Store) Extractions(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]collateral.Extraction, error) {
	out := make(map[uuid.UUID]collateral.Extraction, len(versions))
	if len(versions) == 0 {
		return out, nil
	}
	var rows []collateral.Extraction
	err := s.reader(ctx).Raw("SELECT version_id, state, reason, engine, pages FROM extractions WHERE version_id IN ?", versions).Scan(&rows).Error
	for _, r := range rows {
		out[r.VersionID] = r
	}
	return out, translate(err)
}

// PendingExtractions returns the versions whose text waits to be read.
func (s *Store) PendingExtractions(ctx context.Context) ([]uuid.UUID, error) {
	var versions []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT version_id FROM extractions e WHERE state = 'pending'
		AND NOT EXISTS (SELECT 1 FROM purges p WHERE p.version_id = e.version_id) ORDER BY version_id`).Scan(&versions).Error
	return versions, translate(err)
}

// VersionPages returns the text of a version by page; Pages[0] is page 1, and a page without text is empty.
func (s *Store) VersionPages(ctx context.Context, version uuid.UUID) ([]string, error) {
	var rows []struct {
		Page int
		Text string
	}
	err := s.reader(ctx).Raw("SELECT page, text FROM version_pages WHERE version_id = ? ORDER BY page", version).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	pages := make([]string, rows[len(rows)-1].Page)
	for _, r := range rows {
		pages[r.Page-1] = r.Text
	}
	return pages, nil
}
