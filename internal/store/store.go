// Package store keeps everything but the files themselves in a database, SQLite or PostgreSQL. It knows tables,
// transactions and what the database refuses; it knows no rule of the field beyond that, no actor's rights, and nothing
// of blobs or of the search index.
package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// The dialects a Store speaks.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	Now   func() time.Time // UTC, in microseconds: what both databases keep
	NewID func() uuid.UUID // version 7, so that new rows land at the end of an index

	engine   engine
	read     *gorm.DB
	write    *gorm.DB
	inTx     bool
	patience time.Duration // for the beginning, and for the end, of a transaction; 0 for no limit

	watcher     Watcher            // nil when nobody watches
	knownCards  *known[signedCard] // of every transaction, like knownStages
	knownStages *known[[]uuid.UUID]
	enqueued    *announcements // tell this process's runners that jobs were committed
	asked       *bool          // inside a transaction: whether it enqueued a job
	past        *pastTotals    // between reports
}

// engine is what differs between the two databases outside of SQL.
type engine interface {
	dialect() string
	open(ctx context.Context, config *gorm.Config) (read, write *gorm.DB, err error)
	migrate(ctx context.Context) error
}

// Open opens the database that the address names: a path to a file (also file:PATH or sqlite:PATH), which is made when
// it is not there, or postgres://... It leaves the schema alone: see Migrate. A statement takes the time it takes: what
// serves others uses OpenWithin.
func Open(ctx context.Context, databaseURL string) (*Store, error) {
	return OpenWithin(ctx, databaseURL, Limits{Conns: DefaultConns})
}

// OpenWithin is Open with limits on what is asked of a PostgreSQL server.
func OpenWithin(ctx context.Context, databaseURL string, limits Limits) (*Store, error) {
	e, err := engineFor(databaseURL, limits)
	if err != nil {
		return nil, err
	}
	s := &Store{Now: now, NewID: newID, engine: e, patience: limits.client(), knownCards: newSignedCards(), knownStages: newSignedStages(), enqueued: &announcements{listeners: make(map[chan struct{}]bool)}, past: new(pastTotals)}
	s.read, s.write, err = e.open(ctx, &gorm.Config{
		Logger:                   logger.Discard, // callers log what they cannot handle
		NowFunc:                  func() time.Time { return s.Now() },
		SkipDefaultTransaction:   true,
		DisableNestedTransaction: true,
		DisableAutomaticPing:     true,
		TranslateError:           true,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the %s database: %w", e.dialect(), translate(err))
	}
	return s, nil
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Dialect returns SQLite or Postgres.
func (s *Store) Dialect() string { return s.engine.dialect() }

// Migrate brings an empty or older schema up to date. It may run beside a server and beside other migrations of the
// same database. A schema that a newer program made is refused with a Conflict and left as it is.
func (s *Store) Migrate(ctx context.Context) error { return s.engine.migrate(ctx) }

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return translate(s.reader(ctx).Exec("select 1").Error)
}

// Size is how many bytes the database takes, on SQLite without what was written in the last moments.
func (s *Store) Size(ctx context.Context) (int64, error) {
	query := "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
	if s.Dialect() == Postgres {
		query = "SELECT pg_database_size(current_database())"
	}
	var bytes int64
	err := s.reader(ctx).Raw(query).Scan(&bytes).Error
	return bytes, translate(err)
}

// Close ends all connections, and waits for statements that still run.
func (s *Store) Close() error {
	err := closePool(s.write)
	if s.read != s.write {
		err = errors.Join(err, closePool(s.read))
	}
	return err
}

func closePool(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// reader is where a method reads: the transaction it is called in, else the pool for reading.
func (s *Store) reader(ctx context.Context) *gorm.DB { return s.read.WithContext(ctx) }

// writer is where a method writes: the transaction it is called in, else the pool for writing.
func (s *Store) writer(ctx context.Context) *gorm.DB { return s.write.WithContext(ctx) }

// txAttempts bounds how often a transaction is run that PostgreSQL broke off in favour of another one.
const txAttempts = 5

// Tx runs f in one transaction, on a Store whose methods all take part in it. An error or a panic of f rolls back. When
// the database breaks the transaction off in favour of another one, f is run again: it must have no effect outside of tx.
func (s *Store) Tx(ctx context.Context, f func(tx *Store) error) error {
	if s.inTx {
		return errors.New("store: a transaction was asked for inside a transaction")
	}
	for attempt := 1; ; attempt++ {
		asked, began := false, time.Now()
		err := s.transaction(ctx, func(db *gorm.DB) error {
			tx := *s
			tx.read, tx.write, tx.inTx, tx.asked = db, db, true, &asked
			return f(&tx)
		})
		s.watchTransaction(ctx, began, err)
		if err == nil && asked {
			s.announceJobs()
		}
		if attempt == txAttempts || !brokenOff(err) {
			return translateMixed(err)
		}
		pause := time.Duration(1+rand.IntN(10*attempt)) * time.Millisecond
		select {
		case <-ctx.Done():
			return translateMixed(err)
		case <-time.After(pause):
		}
	}
}

// found reports whether a statement met a row.
func found(db *gorm.DB) (bool, error) { return db.RowsAffected > 0, translate(db.Error) }
