package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// postgresEngine is one pool on a PostgreSQL server.
type postgresEngine struct {
	url    string
	limits Limits
}

var _ engine = postgresEngine{}

const (
	applicationName = "collateral " // what the connections of this program are called begins so
	postgresIdle    = 5 * time.Minute
)

func (postgresEngine) dialect() string { return Postgres }

func (e postgresEngine) open(ctx context.Context, config *gorm.Config) (read, write *gorm.DB, err error) {
	pool, err := e.pool(e.limits)
	if err != nil {
		return nil, nil, err
	}
	config.DefaultContextTimeout = e.limits.client()
	if err := pool.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(translate(err), pool.Close())
	}
	db, err := gorm.Open(newPostgresDialector(pool), config)
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return db, db, nil
}

func (e postgresEngine) pool(limits Limits) (*sql.DB, error) {
	config, err := pgx.ParseConfig(e.url)
	if err != nil {
		return nil, fmt.Errorf("reading the address: %w", err)
	}
	limits.apply(config)
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["synchronous_commit"] = "on" // what was acknowledged survives a loss of power
	config.RuntimeParams["jit"] = "off"               // compiling a report takes longer than running it
	if config.RuntimeParams["application_name"] == "" {
		// It differs from process to process, so that an import can tell whether it is alone.
		config.RuntimeParams["application_name"] = applicationName + uuid.NewString()[:8]
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(readTimesInUTC))
	pool.SetMaxOpenConns(limits.Conns)
	pool.SetMaxIdleConns(limits.Conns)
	pool.SetConnMaxIdleTime(postgresIdle)
	return pool, nil
}

func readTimesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// postgresDialector is GORM's, but for the errors and the log.
type postgresDialector struct{ *postgres.Dialector }

var _ gorm.ErrorTranslator = postgresDialector{}

func newPostgresDialector(pool *sql.DB) postgresDialector {
	return postgresDialector{&postgres.Dialector{Config: &postgres.Config{Conn: pool}}}
}

// Explain is for the log; see plainSQL.
func (postgresDialector) Explain(query string, _ ...any) string { return plainSQL(query) }

func (postgresDialector) Translate(err error) error { return translate(err) }
