package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"collateral/internal/store"
)

// pages measures the page on which people search: what the search finds, how much the field used it, filters and stages, as
// HTML. The library has a year of uses behind it.
func (b *bench) pages(ctx context.Context) (rows []row, err error) {
	l, err := b.newLibrary(ctx, store.SQLite, b.scale.pieces)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database)) }()
	b.say("adding %d uses", b.scale.history/4)
	if err := newHistory(l).add(ctx, b.scale.history/4, true); err != nil {
		return nil, err
	}
	s, err := b.serve(ctx, l)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.rest(ctx, l, b.scale.round); err != nil {
		return nil, err
	}
	c, err := s.connect(ctx, l.reps[0].token)
	if err != nil {
		return nil, err
	}
	defer c.close()
	for _, k := range kinds() {
		var all timing
		for range b.scale.rounds {
			t, err := s.loadOn(ctx, 1, b.scale.round, func(_, n int) error {
				return c.want(http.StatusOK, http.MethodGet, "/?q="+url.QueryEscape(k.words(n%differing)), "", nil)
			})
			if err != nil {
				return nil, err
			}
			all.add(t)
		}
		rows = append(rows, row{
			what: fmt.Sprintf("%s, %d pieces, %d uses", k.name, len(l.assets), b.scale.history/4),
			measured: fmt.Sprintf("p50 %s, p99 %s, %s of processor each, %d kB",
				short(all.percentile(50)), short(all.percentile(99)), short(all.cpuEach()), c.body.Len()/1000),
			checks: []check{atMost(0.1, all.percentile(95).Seconds(), "s", "p95")},
			limit:  k.limit,
		})
	}
	return rows, nil
}

// rest waits until the server has done what it begins with, which is bringing the index up to date with the uses: until no
// piece waits for that, and it needs hardly any processor for that long.
func (s *server) rest(ctx context.Context, l *library, d time.Duration) error {
	for {
		before, err := s.cpu()
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
		}
		after, err := s.cpu()
		if err != nil {
			return err
		}
		var waiting int
		if err := l.QueryRowContext(ctx, "SELECT count(*) FROM jobs WHERE kind = 'index'").Scan(&waiting); err != nil {
			return err
		}
		if waiting == 0 && after-before < d/20 {
			return nil
		}
	}
}
