package store

import "context"

// SchemaVersion returns the number of the newest migration that the database has seen; 0 when it is empty.
func (s *Store) SchemaVersion(ctx context.Context) (int, error) {
	exists := "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'"
	if s.Dialect() == Postgres {
		exists = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'"
	}
	var n int
	if err := s.reader(ctx).Raw(exists).Scan(&n).Error; err != nil || n == 0 {
		return 0, translate(err)
	}
	var version int
	err := s.reader(ctx).Raw("SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&version).Error
	return version, translate(err)
}
