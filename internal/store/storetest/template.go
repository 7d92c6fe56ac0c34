package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"collateral/internal/store"
	"collateral/migrations"
)

// sqliteTemplate migrates one file a test binary; tests get copies of its bytes.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "collateral-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// postgresTemplate makes sure that the server has a migrated database to copy, named for the migrations, and returns its
// name. Test binaries that share a server share it.
var postgresTemplate = sync.OnceValues(func() (string, error) {
	server, err := postgresServer()
	if err != nil {
		return "", err
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	name, err := templateName()
	if err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(hashtext('collateral storetest'))"); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRow(ctx, "select exists (select 1 from pg_database where datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	making := "collateral_making_" + randomName()
	if _, err := conn.Exec(ctx, "create database "+making+" template template0"); err != nil {
		return "", err
	}
	if err := migrate(withDatabase(server, making)); err != nil {
		_, dropped := conn.Exec(ctx, "drop database "+making)
		return "", errors.Join(err, dropped)
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("alter database %s rename to %s", making, name))
	return name, err
})

func migrate(databaseURL string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, databaseURL)
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
}

// templateName changes with every change of a migration.
func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.FS, store.Postgres, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(migrations.FS, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s %d %s", path, len(content), content)
		return err
	})
	return fmt.Sprintf("collateral_template_%x", sum.Sum(nil)[:8]), err
}

func template(t testing.TB) string {
	t.Helper()
	server(t)
	name, err := postgresTemplate()
	if err != nil {
		t.Fatalf("making a migrated PostgreSQL database: %v", err)
	}
	return name
}

// newDatabase makes a database that is dropped when the test ends, and returns its address.
func newDatabase(t testing.TB, options string) string {
	t.Helper()
	server := server(t)
	name := "collateral_test_" + randomName()
	command(t, server, "create database "+name+" "+options)
	t.Cleanup(func() { command(t, server, "drop database "+name+" with (force)") })
	return withDatabase(server, name)
}

func command(t testing.TB, server, sql string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connecting to PostgreSQL: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func randomName() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // pgx says what is wrong with it
	}
	u.Path = "/" + name
	return u.String()
}
