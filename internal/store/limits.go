package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"collateral/internal/collateral"
)

// Limits bounds what a Store takes of a PostgreSQL server, and how long it waits for it. SQLite is part of the process and
// needs none.
type Limits struct {
	Conns     int           // connections at the same time
	Statement time.Duration // that one statement may take, its waiting for locks included; 0 for no limit
}

// DefaultConns lets three servers, and commands beside them, share a PostgreSQL with its 100 connections.
const DefaultConns = 16

const (
	// connectTime bounds the making of a connection, unless the address has another connect_timeout.
	connectTime = 5 * time.Second

	// answerDelay is how much later than the server this side gives a statement up: a server that is alive ends it
	// itself, and the connection can be used again.
	answerDelay = 2 * time.Second
)

// client is how long this side waits for a statement, or for a free connection; 0 for no limit.
func (l Limits) client() time.Duration {
	if l.Statement == 0 {
		return 0
	}
	return l.Statement + answerDelay
}

// apply tells the server. Whoever waits for a lock gives up first, so that it is not the one who holds it that is cut off;
// a session that stands still in the middle of a transaction, as that of a process that hangs does, is ended, and so is
// within a minute one whose machine is gone: others wait for their locks.
func (l Limits) apply(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	for name, seconds := range map[string]int{"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3} {
		config.RuntimeParams[name] = strconv.Itoa(seconds)
	}
	if l.Statement == 0 {
		return
	}
	for name, bound := range map[string]time.Duration{
		"statement_timeout": l.Statement, "lock_timeout": l.Statement / 2, "idle_in_transaction_session_timeout": 2 * l.Statement,
	} {
		config.RuntimeParams[name] = strconv.FormatInt(bound.Milliseconds(), 10)
	}
}

// transaction runs f in a transaction. How long f takes is bounded by its statements; the beginning, with the wait for a
// free connection, and the end have no statement of their own and are bounded here.
func (s *Store) transaction(ctx context.Context, f func(db *gorm.DB) error) error {
	if s.patience == 0 {
		return s.writer(ctx).Transaction(f)
	}
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	tooSlow := fmt.Errorf("a transaction did not begin or end in time: %w", context.DeadlineExceeded)
	late := time.AfterFunc(s.patience, func() { giveUp(tooSlow) })
	defer func() { late.Stop() }()
	err := s.writer(ctx).Transaction(func(db *gorm.DB) error {
		late.Stop()
		err := f(db)
		late.Reset(s.patience)
		return err
	})
	if err != nil && context.Cause(ctx) == tooSlow { //nolint:errorlint // the very one from above
		return fmt.Errorf("%w: %w: %w", collateral.Errorf(collateral.Unavailable, "The database does not answer. Please try again later."), tooSlow, err)
	}
	return err
}
