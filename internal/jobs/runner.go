// Package jobs claims and runs background work. Jobs are rows of the store, written in the transaction of the change
// they follow; the runner knows none of them by name: whoever starts it hands it the handlers. A job may run more than
// once (a process can be killed between doing and noting it), so handlers load the current rows and are idempotent.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// Handler does the work of one kind about key. An error, or a panic, means another attempt later. When its context
// ends it should return soon: the program is about to end, or another runner has taken the job over.
type Handler func(ctx context.Context, key uuid.UUID) error

// Runner does the jobs of the kinds it has handlers for. Several runners, also in several processes, may share a store;
// their clocks must agree to within a fraction of the lease.
type Runner struct {
	Store    *store.Store
	Handlers map[string]Handler // by kind
	Log      *slog.Logger

	Workers int           // jobs at the same time
	Poll    time.Duration // how often to look for what became due, or was enqueued or let go by another process
	Lease   time.Duration // a job whose runner has not been heard of for so long is taken over
	Grace   time.Duration // how long running jobs may go on when the runner is told to end
	Backoff func(attempt int) time.Duration
	Rest    time.Duration // how long a kind of work rests of which a job found a disk full or a part away

	// Attempting, if set, hears of every attempt before it is made, and returns the context that it is made in. What it
	// returns beside hears how the attempt ended, and its error.
	Attempting func(ctx context.Context, kind string, attempt int) (_ context.Context, ended func(outcome string, failure error))

	// Attempted, if set, hears of every attempt: the kind of work, how it ended, and how long it took.
	Attempted func(kind, outcome string, took time.Duration)
}

// New returns a runner with the usual settings.
func New(s *store.Store, handlers map[string]Handler, log *slog.Logger) *Runner {
	return &Runner{
		Store: s, Handlers: handlers, Log: log,
		Workers: 2, Poll: time.Second, Lease: 20 * time.Second, Grace: 20 * time.Second, Backoff: Backoff,
		Rest: 5 * time.Second,
	}
}

// Run works until ctx ends. Then it claims nothing more, waits for running jobs until the grace time is over, and
// interrupts the rest: those are put back and are due at once. It returns an error when a handler does not even end
// when interrupted.
func (r *Runner) Run(ctx context.Context) error {
	work, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	defer interrupt()

	var running sync.WaitGroup
	r.dispatch(ctx, func(j store.Job, done func(halted bool)) {
		running.Go(func() {
			var halted bool
			defer func() { done(halted) }()
			halted = r.work(work, j)
		})
	})

	ended := make(chan struct{})
	go func() { running.Wait(); close(ended) }()
	if endsWithin(ended, r.Grace) {
		return nil
	}
	interrupt()
	if endsWithin(ended, interruptGrace) {
		return nil
	}
	return fmt.Errorf("jobs are still running %s after they were told to end", r.Grace+interruptGrace)
}

// interruptGrace is how long an interrupted handler gets to return.
const interruptGrace = 5 * time.Second

func endsWithin(ended <-chan struct{}, d time.Duration) bool {
	select {
	case <-ended:
		return true
	case <-time.After(d):
		return false
	}
}

// end is what the dispatcher hears of a job that has ended.
type end struct {
	kind   string
	halted bool // it failed because a disk is full or a part away
}

// dispatch claims jobs for free workers and starts them, until ctx ends.
func (r *Runner) dispatch(ctx context.Context, start func(j store.Job, done func(halted bool))) {
	kinds := newResting(r.kinds())
	ended := make(chan end, r.Workers)
	free := r.Workers
	poll := time.NewTicker(r.Poll)
	defer poll.Stop()

	enqueued, stop := r.Store.JobsEnqueued()
	defer stop()

	healthy, expired := true, true
	for ctx.Err() == nil {
		jobs, err := r.claim(ctx, kinds.awake(time.Now()), free, expired)
		if err != nil && healthy {
			r.Log.Error("jobs cannot be claimed", "error", err)
		}
		healthy = err == nil
		for _, j := range jobs {
			free--
			start(j, func(halted bool) { ended <- end{j.Kind, halted} })
		}
		expired = false
		select {
		case <-ctx.Done():
		case e := <-ended:
			// One claim for all that ended together.
			for _, e := range append(received(ended), e) {
				free++
				if e.halted {
					kinds.rest(e.kind, time.Now().Add(r.Rest))
				}
			}
		case <-enqueued:
		case <-poll.C:
			expired = true
		}
	}
}

// received takes what is in the channel.
func received(from <-chan end) (all []end) {
	for {
		select {
		case e := <-from:
			all = append(all, e)
		default:
			return all
		}
	}
}

// claim takes up to free jobs: first, when asked for, those whose runner is gone, then those that are due.
//
// It does not end with ctx: a claim that is broken off may have been made, and would block its job for a lease.
func (r *Runner) claim(ctx context.Context, kinds []string, free int, expired bool) ([]store.Job, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Lease/2)
	defer cancel()
	var jobs []store.Job
	if expired && free > 0 && len(kinds) > 0 {
		var err error
		if jobs, err = r.Store.TakeOverJobs(ctx, kinds, free, r.Lease); err != nil {
			return nil, err
		}
	}
	if len(jobs) >= free || len(kinds) == 0 {
		return jobs, nil
	}
	due, err := r.Store.ClaimJobs(ctx, kinds, free-len(jobs), r.Lease)
	return append(jobs, due...), err
}

func (r *Runner) kinds() []string { return slices.Sorted(maps.Keys(r.Handlers)) }
