package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// timing is how long requests took.
type timing struct {
	took    []time.Duration // of each
	elapsed time.Duration   // of all of them
	cpu     time.Duration   // of the server, where that was measured
}

// load has clients ask at the same time, each its next question when the last one is answered, for that long. ask gets the
// client and the number of its question, both from 0.
func load(ctx context.Context, clients int, d time.Duration, ask func(client, n int) error) (timing, error) {
	lanes, faults := make([][]time.Duration, clients), make([]error, clients)
	start := time.Now()
	var done sync.WaitGroup
	for c := range clients {
		done.Go(func() {
			for n := 0; ctx.Err() == nil && (n == 0 || time.Since(start) < d); n++ {
				began := time.Now()
				if faults[c] = ask(c, n); faults[c] != nil {
					return
				}
				lanes[c] = append(lanes[c], time.Since(began))
			}
		})
	}
	done.Wait()
	return timing{took: slices.Concat(lanes...), elapsed: time.Since(start)}, errors.Join(errors.Join(faults...), ctx.Err())
}

// loadOn is load with the server's processor time.
func (s *server) loadOn(ctx context.Context, clients int, d time.Duration, ask func(client, n int) error) (timing, error) {
	before, err := s.cpu()
	if err != nil {
		return timing{}, err
	}
	t, err := load(ctx, clients, d, ask)
	if err != nil {
		return timing{}, err
	}
	after, err := s.cpu()
	t.cpu = after - before
	return t, err
}

// add joins another round of the same load.
func (t *timing) add(more timing) {
	t.took = append(t.took, more.took...)
	t.elapsed += more.elapsed
	t.cpu += more.cpu
}

// rate is requests per second.
func (t *timing) rate() float64 { return float64(len(t.took)) / t.elapsed.Seconds() }

func (t *timing) cpuEach() time.Duration { return t.cpu / time.Duration(max(len(t.took), 1)) }

// percentile returns the time within which p percent of the requests were answered.
func (t *timing) percentile(p int) time.Duration {
	if len(t.took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t.took))
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// inTurns measures both sides of a comparison in turns, so that what else happens on the machine hits both.
func inTurns(rounds int, one, other func() (timing, error)) (a, z timing, err error) {
	for range rounds {
		for _, side := range []struct {
			sum     *timing
			measure func() (timing, error)
		}{{&a, one}, {&z, other}} {
			t, err := side.measure()
			if err != nil {
				return a, z, err
			}
			side.sum.add(t)
		}
	}
	return a, z, nil
}
