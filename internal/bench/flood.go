package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// floods reports uses at the highest rate for as long as the command line says, and looks at the server's memory, at whether
// each use that was acknowledged is counted, and at how long a report takes meanwhile.
func (b *bench) floods(ctx context.Context) (rows []row, err error) {
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		switch {
		case b.flood == 0:
			rows = append(rows, skipped(dialect, "a run without a pause is asked for by -flood 10m"))
			continue
		case !b.has(dialect):
			rows = append(rows, skipped(dialect, noPostgres))
			continue
		}
		more, err := b.floodOn(ctx, dialect)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func (b *bench) floodOn(ctx context.Context, dialect string) (rows []row, err error) {
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
	f := &flood{b: b, l: l, s: s}
	quiet, err := f.timeReports(ctx)
	if err != nil {
		return nil, err
	}
	full, memory, err := f.watched(ctx)
	if err != nil {
		return nil, err
	}
	busy, half, err := f.reportsMeanwhile(ctx, full.rate()/2)
	if err != nil {
		return nil, err
	}
	var counted int
	if err := l.QueryRowContext(ctx, "SELECT count(*) FROM usage_events").Scan(&counted); err != nil {
		return nil, err
	}
	if acknowledged := len(full.took) + len(half.took); counted != acknowledged {
		return nil, fmt.Errorf("%d uses are counted, and %d were acknowledged", counted, acknowledged)
	}
	// What a server has at first is less than what it works with, so the middle is what the end is held against.
	middle, last := memory[len(memory)/2], memory[len(memory)-1]
	return []row{{
		what: fmt.Sprintf("%s, single events at the highest rate for %s, %d clients", dialect, full.elapsed.Round(time.Second), manyClients),
		measured: fmt.Sprintf("%.0f a second, p99 %s; %d MiB of memory after half of it, %d at the end, %d at most; %d uses acknowledged, as many counted",
			full.rate(), short(full.percentile(99)), middle>>20, last>>20, slices.Max(memory)>>20, counted),
		checks: []check{atMost(1.25, float64(last)/float64(middle), "", "times the memory of the middle")},
		limit:  "as above",
	}, {
		what:     fmt.Sprintf("%s, the unused report at half that rate", dialect),
		measured: fmt.Sprintf("%s; quiet: %s; %.0f uses a second meanwhile", spread(busy), spread(quiet), half.rate()),
		checks:   []check{atMost(2, float64(busy.percentile(50))/float64(quiet.percentile(50)), "", "times the quiet p50")},
		limit:    "processors, which reports, uses, clients and database share here",
	}}, nil
}

// flood is one server under uses.
type flood struct {
	b *bench
	l *library
	s *server
}

// every is the time between two looks at the memory.
const every = 10 * time.Second

// watched reports uses as fast as they are answered, and returns the server's memory every ten seconds and at the end.
func (f *flood) watched(ctx context.Context) (t timing, memory []int64, err error) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		t, err = f.uses(ctx, f.b.flood, 0)
	}()
	look := time.NewTicker(every)
	defer look.Stop()
	for running := true; running; {
		select {
		case <-look.C:
		case <-over:
			running = false
		}
		resident, memoryErr := f.s.memory("RssAnon") // without what is mapped of the database, which is the system's cache
		if memoryErr != nil {
			<-over
			return t, nil, errors.Join(err, memoryErr)
		}
		memory = append(memory, resident)
		f.b.say("%s: %d MiB of memory", f.l.dialect, resident>>20)
	}
	return t, memory, err
}

// uses has all clients report uses for that long, each waiting between two so that they come at about that rate together; as fast
// as they are answered for 0.
func (f *flood) uses(ctx context.Context, d time.Duration, rate float64) (timing, error) {
	var clients []*client
	defer func() { closeAll(clients) }()
	for _, rep := range f.l.reps {
		c, err := f.s.connect(ctx, rep.token)
		if err != nil {
			return timing{}, err
		}
		clients = append(clients, c)
	}
	began := time.Now()
	return load(ctx, manyClients, d, func(client, n int) error {
		if rate > 0 {
			due := began.Add(time.Duration(float64(n*manyClients+client) / rate * float64(time.Second)))
			if err := pause(ctx, time.Until(due)); err != nil {
				return err
			}
		}
		return clients[client].report(event("view", f.l.assets[(client*31+n)%len(f.l.assets)]))
	})
}

// reportsMeanwhile asks for the report again and again while uses come in at that rate.
func (f *flood) reportsMeanwhile(ctx context.Context, rate float64) (reports, uses timing, err error) {
	over := make(chan error, 1)
	go func() {
		var err error
		uses, err = f.uses(ctx, max(f.b.flood/10, time.Second), rate)
		over <- err
	}()
	reports, err = f.timeReports(ctx)
	return reports, uses, errors.Join(err, <-over)
}

func (f *flood) timeReports(ctx context.Context) (t timing, err error) {
	c, err := f.s.connect(ctx, f.l.people[collateral.Leader].token)
	if err != nil {
		return t, err
	}
	defer c.close()
	report := func() error {
		return c.want(http.StatusOK, http.MethodGet, basePath+"/reports/unused?limit=50", "", nil)
	}
	if err := report(); err != nil { // the first one reads everything from disk
		return t, err
	}
	for range f.b.scale.reports {
		began := time.Now()
		if err := report(); err != nil {
			return t, err
		}
		t.took = append(t.took, time.Since(began))
	}
	return t, nil
}
