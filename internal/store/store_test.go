package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/migrations"
)

type migrationFile struct{ name, text string }

func migrationFiles(t *testing.T, dialect string) (files []migrationFile) {
	t.Helper()
	entries, err := fs.ReadDir(migrations.FS, dialect)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(migrations.FS, dialect+"/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, migrationFile{e.Name(), string(text)})
	}
	return files
}

func TestMigrationsAreNamedAlikeAndWithoutGaps(t *testing.T) {
	t.Parallel()
	lite, pg := migrationFiles(t, store.SQLite), migrationFiles(t, store.Postgres)
	if len(lite) != len(pg) {
		t.Fatalf("got %d migrations for SQLite and %d for PostgreSQL, want as many", len(lite), len(pg))
	}
	for i := range lite {
		if lite[i].name != pg[i].name {
			t.Errorf("migration %d is %s for SQLite and %s for PostgreSQL", i+1, lite[i].name, pg[i].name)
		}
		if number := "000" + string(rune('1'+i)); i < 9 && !strings.HasPrefix(lite[i].name, number+"_") {
			t.Errorf("got %s, want number %s", lite[i].name, number)
		}
	}
}

func TestBothSchemasHaveTheSameColumns(t *testing.T) {
	t.Parallel()
	lite := connect(t, session{dialect: store.SQLite}, storetest.URL(t, store.SQLite))
	pg := connect(t, session{dialect: store.Postgres}, storetest.URL(t, store.Postgres))
	fromLite := lines(t, lite, `select m.name || '.' || c.name || case when c."notnull" then ' not null' else '' end || case when c.dflt_value is not null then ' default' else '' end
		from sqlite_schema as m, pragma_table_xinfo(m.name) as c
		where m.type = 'table' and m.name not like 'sqlite_%' and m.name <> 'goose_db_version' and c.name <> 'seq' order by m.name, c.cid`)
	fromPG := lines(t, pg, `select table_name || '.' || column_name || case when is_nullable = 'NO' then ' not null' else '' end || case when column_default is not null then ' default' else '' end
		from information_schema.columns
		where table_schema = 'public' and table_name <> 'goose_db_version' and column_name <> 'seq' order by table_name, ordinal_position`)
	if diff := cmp.Diff(fromLite, fromPG); diff != "" {
		t.Errorf("columns (-sqlite +postgres):\n%s", diff)
	}
	if len(fromLite) < 100 {
		t.Errorf("got %d columns, want the whole schema", len(fromLite))
	}
}

func TestMigrateAnEmptySchema(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			s := openURL(t, storetest.EmptyURL(t, dialect))
			for range 2 { // the second finds nothing to do
				if err := s.Migrate(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func openURL(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("opening %s: %v", url, err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestMigratorsMeet has several programs find an empty schema at the same moment, as `user add` does beside `serve`.
func TestMigratorsMeet(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			url := storetest.EmptyURL(t, dialect)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					s, err := store.Open(t.Context(), url)
					if err != nil {
						t.Errorf("opening: %v", err)
						return
					}
					if err := errors.Join(s.Migrate(t.Context()), s.Close()); err != nil {
						t.Errorf("migrating: %v", err)
					}
				})
			}
			wg.Wait()
			c := connect(t, session{dialect: dialect}, url)
			if n := count(t, c, "select count(*) - count(distinct version_id) from goose_db_version"); n != 0 {
				t.Errorf("%d migrations were recorded twice", n)
			}
			if n := count(t, c, "select count(*) from stages"); n != 6 {
				t.Errorf("got %d stages, want the six of a new registry", n)
			}
		})
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, dialect)
			run(t, connect(t, session{dialect: dialect}, url), "insert into goose_db_version (version_id, is_applied) values (9999, true)")
			err := openURL(t, url).Migrate(t.Context())
			if got := collateral.KindOf(err); got != collateral.Conflict {
				t.Fatalf("got error %v of kind %d, want a conflict", err, got)
			}
			if !strings.Contains(err.Error(), "newer version of this program") {
				t.Errorf("got %q, want a sentence that says what is wrong", err)
			}
		})
	}
}

// TestTheServerNeedNotOwnTheTables starts as one that may only read and write rows.
func TestTheServerNeedNotOwnTheTables(t *testing.T) {
	t.Parallel()
	url := worldURL(t, store.Postgres)
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	s := openURL(t, url+separator+"options=-c%20role%3Dcollateral_server")
	if err := s.Migrate(t.Context()); err != nil {
		t.Errorf("starting on a schema that is up to date: %v", err)
	}
	if err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.Enqueue(t.Context(), "index", tx.NewID()) }); err != nil {
		t.Errorf("writing: %v", err)
	}
}

func TestOpenTakesAddressesInEveryForm(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for form, file := range map[string]string{
		filepath.Join(folder, "new", "plain.db"):        filepath.Join(folder, "new", "plain.db"),
		"file:" + filepath.Join(folder, "a.db"):         filepath.Join(folder, "a.db"),
		"file://" + filepath.Join(folder, "b.db"):       filepath.Join(folder, "b.db"),
		"sqlite:" + filepath.Join(folder, "c.db"):       filepath.Join(folder, "c.db"),
		filepath.Join(folder, "100% odd? name #1 &.db"): filepath.Join(folder, "100% odd? name #1 &.db"),
	} {
		openURL(t, form)
		info, err := os.Stat(file)
		if err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s: got mode %o, want 600: it holds password hashes", form, got)
		}
	}
	for _, form := range []string{"", ":memory:", "mysql://root@localhost/x"} {
		if _, err := store.Open(t.Context(), form); collateral.KindOf(err) != collateral.Invalid {
			t.Errorf("%q: got error %v, want it refused as invalid", form, err)
		}
	}
}

// TestTheSchemaAsksForNoNewSQLite keeps the file readable for an admin's own shell, of SQLite 3.40 or later.
func TestTheSchemaAsksForNoNewSQLite(t *testing.T) {
	t.Parallel()
	for _, file := range migrationFiles(t, store.SQLite) {
		text := strings.ToLower(file.text)
		for _, newer := range []string{"jsonb", "octet_length(", "concat(", "timediff(", "unixepoch('subsec", "string_agg(", "iif("} {
			if strings.Contains(text, newer) {
				t.Errorf("%s uses %s, which SQLite 3.40 does not know", file.name, newer)
			}
		}
	}
}

func TestTx(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		enqueue := func(tx *store.Store) error { return tx.Enqueue(ctx, "index", tx.NewID()) }
		waiting := func() int { return len(claim(t, s, 10)) }

		refused := errors.New("refused")
		if err := s.Tx(ctx, func(tx *store.Store) error { return errors.Join(enqueue(tx), refused) }); !errors.Is(err, refused) {
			t.Errorf("got error %v, want that of the function", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Tx(ctx, func(tx *store.Store) error {
				_ = enqueue(tx)
				panic("in the middle")
			})
		}()
		if n := waiting(); n != 0 {
			t.Errorf("got %d jobs after an error and a panic, want none", n)
		}
		err := s.Tx(ctx, func(tx *store.Store) error {
			return tx.Tx(ctx, func(*store.Store) error { return nil })
		})
		if err == nil {
			t.Error("a transaction inside a transaction was allowed")
		}
		if err := s.Tx(ctx, enqueue); err != nil {
			t.Fatal(err)
		}
		if n := waiting(); n != 1 {
			t.Errorf("got %d jobs after the commit, want 1", n)
		}
	})
}

func TestNowAndNewID(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	now := s.Now()
	if now.Location() != time.UTC || now.Nanosecond()%1000 != 0 {
		t.Errorf("got %v, want UTC in microseconds", now)
	}
	if v := s.NewID().Version(); v != 7 {
		t.Errorf("got a UUID of version %d, want 7", v)
	}
}

func TestPostgresAcknowledgesWhatIsOnDisk(t *testing.T) {
	t.Parallel()
	db := store.Pool(storetest.Open(t, store.Postgres))
	var got string
	if err := db.QueryRowContext(t.Context(), "show synchronous_commit").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got != "on" {
		t.Errorf("got synchronous_commit %s, want on", got)
	}
}
