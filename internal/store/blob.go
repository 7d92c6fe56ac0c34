package store

import "context"

// LockBlob orders transactions that begin or cease to use the same bytes. SQLite has one writer at a time anyway.
func (s *Store) LockBlob(ctx context.Context, sha256 string) error {
	if s.Dialect() != Postgres {
		return nil
	}
	return translate(s.writer(ctx).Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", sha256).Error)
}

// BlobInUse reports whether an unpurged version has these bytes.
func (s *Store) BlobInUse(ctx context.Context, sha256 string) (bool, error) {
	var n int64
	err := s.reader(ctx).Raw(`SELECT count(*) FROM versions v
		WHERE v.sha256 = ? AND v.url = '' AND NOT EXISTS (SELECT 1 FROM purges p WHERE p.version_id = v.id)`, sha256).Scan(&n).Error
	return n > 0, translate(err)
}
