package store

import (
	"context"
	"time"

	"collateral/internal/collateral"
)

// Preview returns what is known of how the file with the digest looks: the pages that have or get a picture. It is nil when
// nobody looked yet, and has no pages when no pictures can be made.
func (s *Store) Preview(ctx context.Context, sha256 string) (*collateral.Preview, error) {
	var rows []struct{ Total, Page, Width, Height int }
	err := s.reader(ctx).Raw(`SELECT p.pages AS total, coalesce(g.page, 0) AS page, coalesce(g.width, 0) AS width, coalesce(g.height, 0) AS height
		FROM previews p LEFT JOIN preview_pages g ON g.sha256 = p.sha256 WHERE p.sha256 = ? ORDER BY g.page`, sha256).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	known := &collateral.Preview{Total: rows[0].Total, Pictures: rows[0].Total > 0}
	for _, r := range rows {
		if r.Page > 0 {
			known.Pages = append(known.Pages, collateral.PreviewPage{N: r.Page, Width: r.Width, Height: r.Height})
		}
	}
	return known, nil
}

// PutPreview stores how many pages a file has and how large their pictures are. What is there already stays.
func (s *Store) PutPreview(ctx context.Context, sha256 string, p collateral.Preview) error {
	db := s.writer(ctx)
	if err := db.Exec("INSERT INTO previews (sha256, pages, made_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", sha256, p.Total, s.Now()).Error; err != nil {
		return translate(err)
	}
	for _, page := range p.Pages {
		err := db.Exec("INSERT INTO preview_pages (sha256, page, width, height) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			sha256, page.N, page.Width, page.Height).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

// PreviewPicture returns the picture of a page; nil when it was not made yet.
func (s *Store) PreviewPicture(ctx context.Context, sha256 string, page int) ([]byte, error) {
	var pictures [][]byte
	err := s.reader(ctx).Raw("SELECT picture FROM preview_pages WHERE sha256 = ? AND page = ? AND picture IS NOT NULL", sha256, page).Scan(&pictures).Error
	if err != nil || len(pictures) == 0 {
		return nil, translate(err)
	}
	return pictures[0], nil
}

// PutPreviewPicture stores the picture of a page that PutPreview told of. Of a file that is gone meanwhile nothing is stored.
func (s *Store) PutPreviewPicture(ctx context.Context, sha256 string, page int, picture []byte) error {
	return translate(s.writer(ctx).Exec("UPDATE preview_pages SET picture = ? WHERE sha256 = ? AND page = ?", picture, sha256, page).Error)
}

// DeletePreview drops everything that is known of how a file looks. Call it in a transaction.
func (s *Store) DeletePreview(ctx context.Context, sha256 string) error {
	return s.deletePreviews(ctx, "sha256 = ?", sha256)
}

// ForgetPreviews drops what was made before a moment. It is made again when somebody looks. Call it in a transaction.
func (s *Store) ForgetPreviews(ctx context.Context, before time.Time) error {
	return s.deletePreviews(ctx, "made_at < ?", before)
}

func (s *Store) deletePreviews(ctx context.Context, which string, value any) error {
	db := s.writer(ctx)
	err := db.Exec("DELETE FROM preview_pages WHERE sha256 IN (SELECT sha256 FROM previews WHERE "+which+")", value).Error
	if err == nil {
		err = db.Exec("DELETE FROM previews WHERE "+which, value).Error
	}
	return translate(err)
}
