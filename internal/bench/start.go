package main

import (
	"context"
	"fmt"
	"time"
)

// starts is how often a start is timed.
const starts = 5

// starting measures how soon a server with many pieces is ready, and the memory that it has to itself before anybody asks.
func (b *bench) starting(ctx context.Context) (rows []row, err error) {
	n := b.scale.libraries[len(b.scale.libraries)-1]
	l, err := b.searched(ctx, n)
	if err != nil {
		return nil, err
	}
	var ready timing
	for range starts - 1 {
		s, err := b.serve(ctx, l)
		if err != nil {
			return nil, err
		}
		ready.took = append(ready.took, s.ready)
		if err := s.stop(); err != nil {
			return nil, err
		}
	}
	s, err := b.serve(ctx, l)
	if err != nil {
		return nil, err
	}
	ready.took = append(ready.took, s.ready)
	if err := pause(ctx, b.scale.settle); err != nil {
		return nil, err
	}
	anonymous, err := s.memory("RssAnon")
	if err != nil {
		return nil, err
	}
	const mebi = 1 << 20
	return []row{{
		what: fmt.Sprintf("from start to ready, %d pieces", n), measured: spread(ready),
		checks: []check{atMost(1, ready.percentile(50).Seconds(), " s", "p50")},
		limit:  "reading the index once to see that it is whole",
	}, {
		what:     fmt.Sprintf("memory of its own, %s after the start, before the first search", short(b.scale.settle.Round(time.Millisecond))),
		measured: fmt.Sprintf("%.1f MiB", float64(anonymous)/mebi),
		checks:   []check{atMost(100, float64(anonymous)/mebi, " MiB", "anonymous")},
		limit:    "the contract, the statements and what the start left to be collected",
	}}, s.stop()
}
