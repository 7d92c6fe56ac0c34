package cli_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// TestScripts runs testdata/script: what people type, and what they see.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: raceSettings})
}

// TestDatabaseScripts runs testdata/database on each database, each script on an empty one in $DATABASE_URL.
func TestDatabaseScripts(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("testdata/database/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("got %d scripts, error %v, want some", len(scripts), err)
	}
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		for _, script := range scripts {
			t.Run(dialect+"/"+strings.TrimSuffix(filepath.Base(script), ".txtar"), func(t *testing.T) {
				t.Parallel()
				url := storetest.EmptyURL(t, dialect)
				testscript.Run(t, testscript.Params{
					Files: []string{script},
					Setup: func(env *testscript.Env) error {
						env.Setenv("DATABASE_URL", url)
						return raceSettings(env)
					},
					Cmds: map[string]func(*testscript.TestScript, bool, []string){"newer-schema": newerSchema},
				})
			})
		}
	}
}

// raceSettings hands on what the race detector was told: a script's environment is its own.
func raceSettings(env *testscript.Env) error {
	env.Setenv("GORACE", os.Getenv("GORACE"))
	return nil
}

// newerSchema writes into $DATABASE_URL that a migration was run which this program does not know.
func newerSchema(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: newer-schema")
	}
	url := ts.Getenv("DATABASE_URL")
	driver := "sqlite"
	if strings.HasPrefix(url, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, url)
	ts.Check(err)
	_, err = db.Exec("insert into goose_db_version (version_id, is_applied) values (9999, true)")
	ts.Check(errors.Join(err, db.Close()))
}
