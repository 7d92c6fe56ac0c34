package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// movedFrom are the ways to move: from the one database to the other, and to the same.
var movedFrom = []struct{ from, to string }{
	{store.SQLite, store.Postgres}, {store.Postgres, store.SQLite}, {store.SQLite, store.SQLite}, {store.Postgres, store.Postgres},
}

// movedRows are the rows of all tables.
type movedRows map[string][]map[string]any

// readRows reads everything that is moved.
func readRows(t *testing.T, s *store.Store) movedRows {
	t.Helper()
	all := make(movedRows)
	err := s.Snapshot(t.Context(), func(snapshot *store.Store) error {
		tables, err := snapshot.MovedTables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			all[table.Name] = nil
			if err := snapshot.MovedRows(t.Context(), table, func(row []any) error {
				named := make(map[string]any, len(row))
				for i, c := range table.Columns {
					named[c.Name] = row[i]
				}
				all[table.Name] = append(all[table.Name], named)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("reading the rows: %v", err)
	}
	return all
}

func loadRows(ctx context.Context, s *store.Store, all movedRows) error {
	return s.Load(ctx, func(tx *store.Store) error {
		tables, err := tx.MovedTables(ctx)
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows := make([][]any, len(all[table.Name]))
			for i, named := range all[table.Name] {
				for _, c := range table.Columns {
					rows[i] = append(rows[i], named[c.Name])
				}
			}
			if err := tx.LoadRows(ctx, table, 1, rows); err != nil {
				return err
			}
		}
		return nil
	}, func(*store.Store) error { return nil })
}

// loadedURL is the address of a database that the world was loaded into from another one.
func loadedURL(t *testing.T, from, to string) string {
	t.Helper()
	url := storetest.URL(t, to)
	s := openURL(t, url)
	if err := loadRows(t.Context(), s, readRows(t, openURL(t, worldURL(t, from)))); err != nil {
		t.Fatalf("loading the world from %s: %v", from, err)
	}
	return url
}

// TestEveryTableMovesOrStays holds the list of what is moved to the schema.
func TestEveryTableMovesOrStays(t *testing.T) {
	t.Parallel()
	stay := []string{"goose_db_version", "jobs", "link_attempts", "preview_pages", "previews", "sessions", "sign_in_failures", "webhook_deliveries"}
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, dialect)
			c, s := connect(t, session{dialect: dialect}, url), openURL(t, url)
			columns := `select m.name || '.' || c.name from sqlite_schema as m, pragma_table_xinfo(m.name) as c
				where m.type = 'table' and m.name not like 'sqlite_%' and c.hidden < 2`
			if dialect == store.Postgres {
				columns = `select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and is_generated = 'NEVER'`
			}
			var want, got []string
			for _, column := range lines(t, c, columns) {
				if table, _, _ := strings.Cut(column, "."); !slices.Contains(stay, table) {
					want = append(want, column)
				}
			}
			tables, err := s.MovedTables(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, table := range tables {
				for _, c := range table.Columns {
					got = append(got, table.Name+"."+c.Name)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("columns that are moved (-schema +moved):\n%s", diff)
			}

			run(t, c, "create table forgotten (id text not null primary key)")
			if _, err := s.MovedTables(t.Context()); err == nil || !strings.Contains(err.Error(), "forgotten") {
				t.Errorf("with a table that nobody thought of: got error %v, want one that names it", err)
			}
		})
	}
}

// TestLoadTakesEverything moves the world and compares every value, and what numbers itself goes on.
func TestLoadTakesEverything(t *testing.T) {
	t.Parallel()
	for _, way := range movedFrom {
		t.Run(way.from+" to "+way.to, func(t *testing.T) {
			t.Parallel()
			want := readRows(t, openURL(t, worldURL(t, way.from)))
			url := storetest.URL(t, way.to)
			s, c := openURL(t, url), connect(t, session{dialect: way.to}, url)
			gate := lines(t, c, triggerList(way.to))
			if err := loadRows(t.Context(), s, want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, readRows(t, s)); diff != "" {
				t.Errorf("rows (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(gate, lines(t, c, triggerList(way.to))); diff != "" || len(gate) < 50 {
				t.Errorf("%d triggers (-before +after):\n%s", len(gate), diff)
			}
			for _, table := range []string{"publication_log", "audit_log"} {
				last := count(t, c, "select max(seq) from "+table)
				if table == "publication_log" {
					run(t, c, `update publications set ended_at = {@09}, ended_by = {ann} where asset_id = {deck}; delete from publications where asset_id = {deck}`)
				} else {
					run(t, c, `insert into audit_log (at, action) values ({@09}, 'test')`)
				}
				// PostgreSQL takes a number that the gate then replaces by the next one.
				if next := count(t, c, "select max(seq) from "+table); next <= last || next > last+2 {
					t.Errorf("the next row of %s: got number %d after %d", table, next, last)
				}
			}
		})
	}
}

func triggerList(dialect string) string {
	if dialect == store.Postgres {
		return `select c.relname || ' ' || t.tgname || ' ' || t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
			from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal order by t.oid`
	}
	return `select tbl_name || ' ' || name || ' ' || sql from sqlite_schema where type = 'trigger' order by rowid`
}

// TestGateRefusesAfterALoad has the gate stand as it stood.
func TestGateRefusesAfterALoad(t *testing.T) {
	t.Parallel()
	for _, s := range sessions {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			from := map[string]string{store.SQLite: store.Postgres, store.Postgres: store.SQLite}[s.dialect]
			url := loadedURL(t, from, s.dialect)
			if s.dialect == store.Postgres {
				run(t, connect(t, session{dialect: s.dialect}, url), notTheOwner)
			}
			attackAll(t, connect(t, s, url), s)
		})
	}
}

// TestLoadRefusesAFilledDatabase leaves alone what it would mix with.
func TestLoadRefusesAFilledDatabase(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			s := openURL(t, worldURL(t, dialect))
			before := readRows(t, s)
			err := loadRows(t.Context(), s, before)
			if err == nil || !strings.Contains(err.Error(), "The database is not empty: its table users has rows (8).") {
				t.Errorf("got error %v, want a refusal that names the table", err)
			}
			if diff := cmp.Diff(before, readRows(t, s)); diff != "" {
				t.Errorf("rows (-before +after):\n%s", diff)
			}
		})
	}
}

// TestLoadRefusesWhoDoesNotOwnTheTables says who does.
func TestLoadRefusesWhoDoesNotOwnTheTables(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, store.Postgres)
	c := connect(t, session{dialect: store.Postgres}, url)
	run(t, c, notTheOwner)
	s := openURL(t, withRole(t, url))
	err := loadRows(t.Context(), s, movedRows{})
	if err == nil || !strings.Contains(err.Error(), "The database user collateral_server does not own the table") {
		t.Errorf("got error %v, want a refusal that names the user", err)
	}
}

// TestLoadRefusesCompany does not load beside a server.
func TestLoadRefusesCompany(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, store.Postgres)
	if err := openURL(t, url).Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := loadRows(t.Context(), openURL(t, url), movedRows{})
	if err == nil || !strings.Contains(err.Error(), "is connected to the database: stop it first") {
		t.Errorf("got error %v, want a refusal", err)
	}
}
