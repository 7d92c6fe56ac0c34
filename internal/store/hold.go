package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrHeld says that another process holds the name.
var ErrHeld = errors.New("another process holds this")

const (
	holdCheck = time.Second     // how often a hold is looked at
	holdWait  = 5 * time.Second // how long a session may take to be gone whose process is
)

// Hold is a name in the database that one process has at a time, for as long as it lives. When the connection behind it
// breaks, as it does when PostgreSQL restarts, it is taken again; somebody else may be quicker.
type Hold struct {
	stop  context.CancelFunc
	ended chan struct{}

	mu    sync.Mutex
	taken bool // somebody else has it
}

// Hold takes the name until Release. ErrHeld when another process has it. Two servers on one file of SQLite do not hear of
// each other: there Hold does nothing.
func (s *Store) Hold(ctx context.Context, name string) (*Hold, error) {
	h := &Hold{stop: func() {}, ended: make(chan struct{})}
	if s.Dialect() != Postgres {
		close(h.ended)
		return h, nil
	}
	pool, err := s.write.DB()
	if err != nil {
		return nil, err
	}
	conn, err := takeWithin(ctx, pool, name, holdWait)
	if err != nil {
		return nil, err
	}
	keep, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = stop
	go h.keep(keep, pool, name, conn)
	return h, nil
}

// Taken reports whether another process has the name now, because this one lost it together with its connection.
func (h *Hold) Taken() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.taken
}

// Release gives the name up.
func (h *Hold) Release() {
	h.stop()
	<-h.ended
}

// keep looks after the connection that has the name until ctx ends.
func (h *Hold) keep(ctx context.Context, pool *sql.DB, name string, conn *sql.Conn) {
	defer close(h.ended)
	tick := time.NewTicker(holdCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if conn != nil {
				discard(conn)
			}
			return
		case <-tick.C:
		}
		if conn != nil && !alive(ctx, conn) {
			discard(conn)
			conn = nil
		}
		if conn == nil {
			var err error
			conn, err = takeWithin(ctx, pool, name, holdWait)
			h.mu.Lock()
			h.taken = errors.Is(err, ErrHeld)
			h.mu.Unlock()
		}
	}
}

func alive(ctx context.Context, conn *sql.Conn) bool {
	ctx, cancel := context.WithTimeout(ctx, holdWait)
	defer cancel()
	_, err := conn.ExecContext(ctx, "SELECT 1")
	return err == nil
}

// takeWithin takes the name, and waits so long for somebody who may be about to go.
func takeWithin(ctx context.Context, pool *sql.DB, name string, wait time.Duration) (*sql.Conn, error) {
	until := time.Now().Add(wait)
	for {
		conn, err := take(ctx, pool, name)
		if !errors.Is(err, ErrHeld) || time.Now().After(until) {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(holdWait / 20):
		}
	}
}

// take returns the connection that has the name from now on, or ErrHeld.
func take(ctx context.Context, pool *sql.DB, name string) (*sql.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, holdWait)
	defer cancel()
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, translate(err)
	}
	var got bool
	if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name).Scan(&got); err != nil {
		discard(conn)
		return nil, fmt.Errorf("taking %s: %w", name, translate(err))
	}
	if !got {
		_ = conn.Close() // back to the pool
		return nil, ErrHeld
	}
	return conn, nil
}

// discard ends a connection instead of giving it back: its session may have the name.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // what Raw returns is what it was told
	_ = conn.Close()
}
