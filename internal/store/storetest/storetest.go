// Package storetest opens fresh, migrated stores for tests, on every database at hand. It knows nothing of what is
// stored: fixtures belong to the tests.
//
// SQLite is always at hand. PostgreSQL is the server that TEST_DATABASE_URL names, where the tests make databases of
// their own, else a throw-away cluster from the programs on this machine; without either its tests are skipped, and fail
// when CI is set.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"collateral/internal/store"
)

// Each runs f as a parallel subtest on each database, each time on a fresh, migrated store.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			f(t, Open(t, dialect))
		})
	}
}

// Open opens a fresh, migrated store that is closed when the test ends. It skips the test when there is no such database.
func Open(t testing.TB, dialect string) *store.Store {
	t.Helper()
	return open(t, URL(t, dialect))
}

// URL makes a fresh, migrated database for a test that opens it in another process, and returns its address.
func URL(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == store.Postgres {
		return newDatabase(t, "template "+template(t))
	}
	path := filepath.Join(t.TempDir(), "collateral.db")
	migrated, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("making a migrated SQLite file: %v", err)
	}
	if err := os.WriteFile(path, migrated, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// EmptyURL makes a database without a schema and returns its address.
func EmptyURL(t testing.TB, dialect string) string {
	t.Helper()
	if dialect == store.Postgres {
		return newDatabase(t, "template template0")
	}
	return filepath.Join(t.TempDir(), "collateral.db")
}

func open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

// Connect opens a connection to a PostgreSQL database for a test that looks into it, until the test ends.
func Connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connecting to PostgreSQL: %v", err)
	}
	t.Cleanup(func() { _ = c.Close(ctx) })
	return c
}
