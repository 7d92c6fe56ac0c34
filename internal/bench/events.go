package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// eventPieces is how many pieces there are uses of.
const eventPieces = 1000

// batchEvents is how many events one call may bring.
const batchEvents = 1000

// events measures reporting uses, one by one and in batches.
func (b *bench) events(ctx context.Context) (rows []row, err error) {
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		if !b.has(dialect) {
			rows = append(rows, skipped(dialect, noPostgres))
			continue
		}
		more, err := b.eventsOn(ctx, dialect)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func (b *bench) eventsOn(ctx context.Context, dialect string) (rows []row, err error) {
	l, err := b.newLibrary(ctx, dialect, eventPieces)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database)) }()
	s, err := b.serve(ctx, l)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	for _, measure := range []func(context.Context, *library, *server) (row, error){b.singleEvents, b.eventBatches} {
		r, err := measure(ctx, l, s)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// singleEvents has many reps report one use at a time. The same requests with a kind that does not exist are read, checked
// and answered as the others are, and write nothing.
func (b *bench) singleEvents(ctx context.Context, l *library, s *server) (r row, err error) {
	var clients []*client
	for _, rep := range l.reps {
		c, err := s.connect(ctx, rep.token)
		if err != nil {
			return r, err
		}
		defer c.close()
		clients = append(clients, c)
	}
	report := func(n int, kind string) func() (timing, error) {
		return func() (timing, error) {
			return s.loadOn(ctx, n, b.scale.round, func(client, n int) error {
				return clients[client].report(event(kind, l.assets[(client*31+n)%len(l.assets)]))
			})
		}
	}
	written, empty, err := inTurns(b.scale.rounds, report(manyClients, "view"), report(manyClients, "none"))
	if err != nil {
		return r, err
	}
	alone, err := report(1, "view")()
	return row{
		what: fmt.Sprintf("single events on %s, %d clients", l.dialect, manyClients),
		measured: fmt.Sprintf("%.0f a second, p99 %s, %s of processor each; without the write %.0f; 1 client, so a commit for each, %.0f",
			written.rate(), short(written.percentile(99)), short(written.cpuEach()), empty.rate(), alone.rate()),
		checks: []check{atLeast(0.6, written.rate()/empty.rate(), "of the rate without the write")},
		limit:  "reading what bears on each event, and its rows; the sync is shared by what waits together",
	}, err
}

// eventBatches has one client report as many uses at a time as it may, beside putting such rows into the same table by the
// quickest way the database has, in a commit as durable.
func (b *bench) eventBatches(ctx context.Context, l *library, s *server) (r row, err error) {
	c, err := s.connect(ctx, l.reps[0].token)
	if err != nil {
		return r, err
	}
	defer c.close()
	least, beside := 0.25, "COPY"
	if l.dialect == store.SQLite {
		least, beside = 0.5, "plain batched inserts"
		if err := l.change(ctx, "PRAGMA synchronous = FULL"); err != nil {
			return r, err
		}
	}
	random := rand.New(rand.NewPCG(6, 6))
	zipf := rand.NewZipf(random, 1.1, 10, uint64(len(l.assets)-1)) // few pieces are used much
	recorded, plain, err := inTurns(b.scale.batches, func() (timing, error) {
		batch := make([]string, batchEvents)
		for i := range batch {
			batch[i] = event("view", l.assets[zipf.Uint64()])
		}
		body := strings.Join(batch, ",")
		return timed(func() error { return c.report(body) })
	}, func() (timing, error) {
		rows := make([][]any, batchEvents)
		now := time.Now().UTC().Truncate(time.Microsecond)
		for i := range rows {
			rows[i] = []any{uuid.Must(uuid.NewV7()), "view", l.assets[zipf.Uint64()], l.assets[0], l.reps[0].id, now, now, true}
		}
		return timed(func() error {
			return l.insert(ctx, "usage_events", "id kind asset_id version_id user_id occurred_at recorded_at qualifies", rows)
		})
	})
	each := func(t timing) float64 { return batchEvents * t.rate() }
	return row{
		what:     fmt.Sprintf("batches of %d events on %s", batchEvents, l.dialect),
		measured: fmt.Sprintf("%.0f events a second; %s %.0f", each(recorded), beside, each(plain)),
		checks:   []check{atLeast(least, recorded.rate()/plain.rate(), "of "+beside)},
		limit:    "judging each event, and raising the totals of each piece; plain rows need neither",
	}, err
}

func timed(do func() error) (timing, error) {
	began := time.Now()
	err := do()
	took := time.Since(began)
	return timing{took: []time.Duration{took}, elapsed: took}, err
}

// event writes a use that happened just now.
func event(kind string, asset uuid.UUID) string {
	return fmt.Sprintf(`{"id":%q,"kind":%q,"asset_id":%q,"occurred_at":%q}`,
		uuid.Must(uuid.NewV7()), kind, asset, time.Now().UTC().Format(time.RFC3339Nano))
}

func (c *client) report(events string) error {
	return c.want(http.StatusOK, http.MethodPost, basePath+"/usage/events", "application/json", []byte(`{"events":[`+events+`]}`))
}
