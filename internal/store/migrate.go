package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"collateral/internal/collateral"
	"collateral/migrations"
)

// refuseNewer refuses a schema that has migrations this program does not know.
func refuseNewer(ctx context.Context, p *goose.Provider) error {
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of the schema: %w", err)
	}
	if have > know {
		return collateral.Errorf(collateral.Conflict,
			"The database was made by a newer version of this program (schema %d, known up to %d). Start that version, or restore a backup from before.", have, know)
	}
	return nil
}

// migratingConns is one that holds the lock and runs the migrations, and one that looks at the version.
const migratingConns = 2

func (e postgresEngine) migrate(ctx context.Context) error {
	pool, err := e.pool(Limits{Conns: migratingConns}) // a migration takes the time it takes
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	const period, tries = 1, 300 // asks for the lock every second, for five minutes
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(period, tries))
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations.FS, Postgres)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, pool, files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if err := refuseNewer(ctx, p); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

// migratingDSN names the file for a connection with foreign keys off, since rebuilding a table must be able to drop the
// old one.
func (e sqliteEngine) migratingDSN() string { return e.dsn("_foreign_keys=0&_txlock=immediate") }

// migrate works on a connection of its own; foreign keys are checked before each migration commits.
func (e sqliteEngine) migrate(ctx context.Context) error {
	db, err := sql.Open(sqliteDriver, e.migratingDSN())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	versions, err := database.NewStore(database.DialectSQLite3, goose.DefaultTablename)
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations.FS, SQLite)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectCustom, db, files,
		goose.WithStore(checkedVersions{versions}), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if err := refuseNewer(ctx, p); err != nil {
		return err
	}
	return upBesideOthers(ctx, p)
}

// upBesideOthers migrates while another process may do the same. Each migration is one transaction, so the slower of two
// fails on what the faster has done, changes nothing, and looks again.
func upBesideOthers(ctx context.Context, p *goose.Provider) error {
	for {
		before, err := p.GetDBVersion(ctx)
		if err != nil {
			return fmt.Errorf("reading the version of the schema: %w", err)
		}
		_, failed := p.Up(ctx)
		if failed == nil {
			return nil
		}
		after, err := p.GetDBVersion(ctx)
		if err != nil || after == before {
			return errors.Join(fmt.Errorf("migrating: %w", failed), err)
		}
	}
}

// checkedVersions records a migration only if nobody else did and every foreign key still points somewhere. goose calls
// it at the end of the migration's transaction, so a refusal undoes the migration.
type checkedVersions struct{ database.Store }

func (v checkedVersions) Insert(ctx context.Context, db database.DBTxConn, req database.InsertRequest) error {
	if _, err := v.GetMigration(ctx, db, req.Version); !errors.Is(err, database.ErrVersionNotFound) {
		return errors.Join(fmt.Errorf("migration %d was run by another process", req.Version), err)
	}
	var table, parent string
	err := db.QueryRowContext(ctx, `select "table", parent from pragma_foreign_key_check limit 1`).Scan(&table, &parent)
	switch {
	case err == nil:
		return fmt.Errorf("migration %d leaves rows in %s that refer to nothing in %s", req.Version, table, parent)
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("checking the foreign keys: %w", err)
	}
	return v.Store.Insert(ctx, db, req)
}
