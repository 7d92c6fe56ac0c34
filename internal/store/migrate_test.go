package store

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/pressly/goose/v3/database"
)

// TestAMigrationThatLosesParentsIsUndone stands on the migrating connection, where foreign keys are off.
func TestAMigrationThatLosesParentsIsUndone(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open(sqliteDriver, s.engine.(sqliteEngine).migratingDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	versions, err := database.NewStore(database.DialectSQLite3, "goose_db_version")
	if err != nil {
		t.Fatal(err)
	}
	checked := checkedVersions{versions}
	insert := func(statement string, version int64) error {
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		if _, err := tx.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: foreign keys are on where tables are rebuilt: %v", statement, err)
		}
		return checked.Insert(t.Context(), tx, database.InsertRequest{Version: version})
	}
	const orphan = "insert into stage_questions (stage_id, position, text) values ('gone', 1, 'Who?')"
	if err := insert(orphan, 9999); err == nil || !strings.Contains(err.Error(), "stage_questions") {
		t.Errorf("got error %v, want one that names the rows without a parent", err)
	}
	if err := insert("create table fine (id integer)", 9999); err != nil {
		t.Errorf("a migration that keeps all parents: %v", err)
	}
	if err := insert("create table fine (id integer)", 1); err == nil {
		t.Error("a migration was recorded a second time")
	}
}
