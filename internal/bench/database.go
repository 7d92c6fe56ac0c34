package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver

	"collateral/internal/store"
)

// database is a registry's database, written to beside the program: a library of 100,000 pieces would take hours to upload.
type database struct {
	*sql.DB
	dialect string
	address string // as the program takes it
}

// newDatabase makes an empty database with the program's schema; on PostgreSQL it is dropped by drop.
func (b *bench) newDatabase(ctx context.Context, dialect, folder string) (*database, error) {
	d := &database{dialect: dialect, address: filepath.Join(folder, "collateral.db")}
	driver, dsn := "sqlite", "file:"+d.address+"?_busy_timeout=60000&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-64000)&_foreign_keys=1&_txlock=immediate"
	if dialect == store.Postgres {
		var err error
		if d.address, err = b.newPostgres(ctx); err != nil {
			return nil, err
		}
		driver, dsn = "pgx", d.address
	}
	s, err := store.Open(ctx, d.address)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.Migrate(ctx), s.Close()); err != nil {
		return nil, err
	}
	if d.DB, err = sql.Open(driver, dsn); err != nil {
		return nil, err
	}
	d.SetMaxOpenConns(1)
	return d, nil
}

func (b *bench) newPostgres(ctx context.Context) (string, error) {
	at, err := url.Parse(b.postgres)
	if err != nil {
		return "", fmt.Errorf("reading the address of PostgreSQL: %w", err)
	}
	at.Path = "/collateral_bench_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	return at.String(), b.onPostgres(ctx, "CREATE DATABASE "+at.Path[1:])
}

func (b *bench) onPostgres(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, b.postgres)
	if err != nil {
		return fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// drop closes the database; SQLite's file goes with the folder.
func (b *bench) drop(ctx context.Context, d *database) error {
	err := d.Close()
	if d.dialect == store.Postgres {
		at, parseErr := url.Parse(d.address)
		if parseErr != nil {
			return parseErr
		}
		err = errors.Join(err, b.onPostgres(ctx, "DROP DATABASE "+at.Path[1:]+" WITH (FORCE)"))
	}
	return err
}

// insert adds rows in one transaction, by the quickest way there is.
func (d *database) insert(ctx context.Context, table, columns string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	insert := d.insertRows
	if d.dialect == store.Postgres {
		insert = d.copyRows
	}
	if err := insert(ctx, table, strings.Fields(columns), rows); err != nil {
		return fmt.Errorf("filling %s: %w", table, err)
	}
	return nil
}

func (d *database) insertRows(ctx context.Context, table string, columns []string, rows [][]any) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // without effect after the commit
	statement, err := tx.PrepareContext(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+
		") VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")")
	if err != nil {
		return err
	}
	defer func() { _ = statement.Close() }() // it goes with the transaction
	for _, row := range rows {
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = sqliteValue(v)
		}
		if _, err := statement.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// sqliteValue gives ids and times their form in an SQLite database.
func sqliteValue(v any) any {
	switch v := v.(type) {
	case uuid.UUID:
		return v.String()
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05.000000+00:00")
	}
	return v
}

func (d *database) copyRows(ctx context.Context, table string, columns []string, rows [][]any) error {
	conn, err := d.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	return conn.Raw(func(c any) error {
		pg, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection to PostgreSQL is a %T", c)
		}
		_, err := pg.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		return err
	})
}

// settle has the database take stock of what was filled in, as it would in time by itself.
func (d *database) settle(ctx context.Context) error {
	statement := "PRAGMA wal_checkpoint(TRUNCATE)"
	if d.dialect == store.Postgres {
		statement = "ANALYZE"
	}
	_, err := d.ExecContext(ctx, statement)
	return err
}
