package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"collateral/internal/store"
)

// replicaCount is how many servers share one database.
const replicaCount = 3

// replicas measures one server and three on the same PostgreSQL, and three of which one is killed again and again.
func (b *bench) replicas(ctx context.Context) (rows []row, err error) {
	if !b.has(store.Postgres) {
		return []row{skipped("replicas", noPostgres)}, nil
	}
	l, err := b.newLibrary(ctx, store.Postgres, eventPieces)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database)) }()
	r := &replicaSet{b: b, l: l}
	defer func() { err = errors.Join(err, r.stop()) }()

	d := time.Duration(b.scale.rounds) * b.scale.round
	var rates [4]timing
	for i, step := range []struct {
		servers int
		while   func(context.Context) error
	}{
		{1, r.leaveAlone(d)}, {replicaCount, r.leaveAlone(d)}, {replicaCount, r.killEvery(b.scale.killEvery, b.scale.kills)}, {replicaCount, r.leaveAlone(d)},
	} {
		if err := r.grow(ctx, step.servers); err != nil {
			return nil, err
		}
		if rates[i], err = r.under(ctx, step.while); err != nil {
			return nil, err
		}
	}
	var counted int64
	if err := l.QueryRowContext(ctx, "SELECT count(*) FROM usage_events WHERE kind = 'view'").Scan(&counted); err != nil {
		return nil, err
	}
	if acknowledged := r.acknowledged.Load(); counted != acknowledged {
		return nil, fmt.Errorf("%d uses are counted, and %d were acknowledged", counted, acknowledged)
	}
	return []row{{
		what: fmt.Sprintf("uses, reads and searches on %d servers, %d clients", replicaCount, manyClients),
		measured: fmt.Sprintf("%.0f a second, p99 %s; on one server %.0f, p99 %s",
			rates[1].rate(), short(rates[1].percentile(99)), rates[0].rate(), short(rates[0].percentile(99))),
		limit: "processors, which servers, database and clients share here, and the one lock for uses",
	}, {
		what: fmt.Sprintf("the same while a server is killed every %s, and started again", short(b.scale.killEvery)),
		measured: fmt.Sprintf("%.0f a second before, %.0f during %d kills (p99 %s), %.0f after; none of %d requests failed, %d were sent again to another server; %d uses acknowledged, %d counted",
			rates[1].rate(), rates[2].rate(), b.scale.kills, short(rates[2].percentile(99)), rates[3].rate(), r.requests.Load(), r.again.Load(), r.acknowledged.Load(), counted),
		checks: []check{atLeast(0.5, rates[2].rate()/rates[1].rate(), "of the rate before")},
		limit:  "two servers, and the start of the third, which takes processors from them",
	}}, nil
}

// replicaSet is servers on a library's database, each with a whole index of its own.
type replicaSet struct {
	b       *bench
	l       *library
	folders []string

	mu      sync.Mutex
	servers []*server

	requests, again, acknowledged atomic.Int64
}

// grow starts servers until there are n.
func (r *replicaSet) grow(ctx context.Context, n int) error {
	for len(r.servers) < n {
		folder := filepath.Join(r.l.folder, "replica-"+strconv.Itoa(len(r.servers)))
		if err := os.CopyFS(filepath.Join(folder, "index"), os.DirFS(filepath.Join(r.l.folder, "index"))); err != nil {
			return fmt.Errorf("copying the index: %w", err)
		}
		s, err := r.start(ctx, folder)
		if err != nil {
			return err
		}
		r.folders, r.servers = append(r.folders, folder), append(r.servers, s)
	}
	return nil
}

func (r *replicaSet) start(ctx context.Context, folder string) (*server, error) {
	return r.b.start(ctx, folder+"/server.log", r.b.program, "serve", "--listen", "127.0.0.1:0", "--log-level", "error",
		"--data", folder, "--database-url", r.l.address, "--blob-url", filepath.Join(r.l.folder, "blobs"), "--second-index", "accept")
}

func (r *replicaSet) stop() error {
	var all error
	for _, s := range r.servers {
		all = errors.Join(all, s.stop())
	}
	return all
}

func (r *replicaSet) leaveAlone(d time.Duration) func(context.Context) error {
	return func(ctx context.Context) error { return pause(ctx, d) }
}

// killEvery kills one server after the other without a warning, and starts it again.
func (r *replicaSet) killEvery(d time.Duration, kills int) func(context.Context) error {
	return func(ctx context.Context) error {
		for n := range kills {
			i := n % len(r.servers)
			r.mu.Lock()
			victim := r.servers[i]
			r.mu.Unlock()
			if err := victim.cmd.Process.Signal(syscall.SIGKILL); err != nil {
				return err
			}
			_ = victim.cmd.Wait() // it was killed
			began := time.Now()
			s, err := r.start(ctx, r.folders[i])
			if err != nil {
				return err
			}
			r.mu.Lock()
			r.servers[i] = s
			r.mu.Unlock()
			if err := pause(ctx, d-time.Since(began)); err != nil {
				return err
			}
		}
		return nil
	}
}

// under measures load for as long as while takes.
func (r *replicaSet) under(ctx context.Context, while func(context.Context) error) (timing, error) {
	loaded, enough := context.WithCancel(ctx)
	defer enough()
	var failed error
	var ending sync.WaitGroup
	ending.Go(func() {
		failed = while(ctx)
		enough()
	})
	clients := make([]*balanced, manyClients)
	for i := range clients {
		clients[i] = &balanced{r: r, token: r.l.reps[i].token, to: make(map[*server]*client), next: i}
		defer clients[i].close()
	}
	t, err := load(loaded, manyClients, time.Hour, func(client, n int) error { return clients[client].ask(ctx, n) })
	ending.Wait()
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		err = nil // that was enough
	}
	return t, errors.Join(failed, err)
}

// balanced is a person behind a balancer, which sends each request to the next server, and to another one when that is gone:
// reads, and uses, which have ids, may be sent again.
type balanced struct {
	r     *replicaSet
	token string
	to    map[*server]*client
	next  int
}

func (c *balanced) close() {
	for _, open := range c.to {
		open.close()
	}
}

// ask reports a use, reads a piece or searches, in turn.
func (c *balanced) ask(ctx context.Context, n int) error {
	asset := c.r.l.assets[(c.next*31+n)%len(c.r.l.assets)]
	c.r.requests.Add(1)
	switch n % 3 {
	case 0:
		use := `{"events":[` + event("view", asset) + `]}`
		if err := c.send(ctx, http.MethodPost, "/usage/events", "application/json", []byte(use)); err != nil {
			return err
		}
		c.r.acknowledged.Add(1)
		return nil
	case 1:
		return c.send(ctx, http.MethodGet, "/assets/"+asset.String(), "", nil)
	default:
		return c.send(ctx, http.MethodGet, "/search?q="+word(n%500), "", nil)
	}
}

func (c *balanced) send(ctx context.Context, method, path, contentType string, body []byte) error {
	var err error
	for began := time.Now(); time.Since(began) < startup; {
		c.next++
		c.r.mu.Lock()
		s := c.r.servers[c.next%len(c.r.servers)]
		c.r.mu.Unlock()
		if err = c.sendTo(ctx, s, method, path, contentType, body); err == nil {
			return nil
		}
		c.r.again.Add(1)
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("no server answers: %w", err)
}

func (c *balanced) sendTo(ctx context.Context, s *server, method, path, contentType string, body []byte) error {
	open, ok := c.to[s]
	if !ok {
		var err error
		if open, err = s.connect(ctx, c.token); err != nil {
			return err
		}
		c.to[s] = open
	}
	err := open.want(http.StatusOK, method, basePath+path, contentType, body)
	if err != nil {
		open.close()
		delete(c.to, s)
	}
	return err
}
