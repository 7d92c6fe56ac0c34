package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// settleTimeout bounds the noting of a job's outcome, which goes on when the program is ending.
const settleTimeout = 10 * time.Second

// work makes one attempt at a claimed job, notes its outcome, and reports whether it failed because a disk is full or a part
// behind the registry away. Such attempts do not count, because that may last longer than all that a job has; what a part
// refuses for good is not tried again.
func (r *Runner) work(ctx context.Context, j store.Job) (halted bool) {
	started := time.Now()
	during, ended := r.begin(ctx, j)
	failure := r.attempt(during, j)
	took := time.Since(started)
	log := r.Log.With("kind", j.Kind, "key", j.Key, "attempt", j.Attempt, "took", took)

	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	var err error
	outcome := "failed"
	switch {
	case failure == nil:
		outcome = "done"
		log.DebugContext(during, "job done")
		err = r.Store.FinishJob(settle, j)
	case ctx.Err() != nil:
		outcome = "interrupted"
		log.InfoContext(during, "job interrupted")
		err = r.Store.RetryJob(settle, j, r.Store.Now(), failure)
	case mustWait(failure):
		halted, outcome = true, "put off"
		log.WarnContext(during, "job put off: there is no room left for what it writes, or a part it needs does not answer", "error", failure, "again_in", r.Rest)
		err = r.Store.PutOffJob(settle, j, r.Store.Now().Add(r.Rest), failure)
	case j.IsLastAttempt() || collateral.KindOf(failure) == collateral.Invalid:
		outcome = "given up"
		log.ErrorContext(during, "job given up", "error", failure)
		err = r.Store.BuryJob(settle, j, failure)
	default:
		wait := r.Backoff(j.Attempt)
		log.WarnContext(during, "job failed", "error", failure, "again_in", wait)
		err = r.Store.RetryJob(settle, j, r.Store.Now().Add(wait), failure)
	}
	ended(outcome, failure)
	if r.Attempted != nil {
		r.Attempted(j.Kind, outcome, took)
	}
	if errors.Is(err, store.ErrLeaseLost) {
		log.Warn("job was taken over meanwhile")
	} else if err != nil {
		// Nothing is lost: the lease runs out and the job is taken over.
		log.Error("job's outcome cannot be noted", "error", err)
	}
	return halted
}

// begin tells of an attempt that is about to be made.
func (r *Runner) begin(ctx context.Context, j store.Job) (_ context.Context, ended func(outcome string, failure error)) {
	if r.Attempting == nil {
		return ctx, func(string, error) {}
	}
	return r.Attempting(ctx, j.Kind, j.Attempt)
}

// mustWait tells whether a job failed for a reason that is none of its own and that passes.
func mustWait(failure error) bool {
	kind := collateral.KindOf(failure)
	return kind == collateral.Full || kind == collateral.Unavailable
}

// attempt runs the handler under a lease that is renewed as long as it runs. A panic is an error of this job alone.
func (r *Runner) attempt(ctx context.Context, j store.Job) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go r.keepLease(ctx, j, cancel)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.Handlers[j.Kind](ctx, j.Key)
}

// keepLease renews the job's lease until ctx ends. When the lease is lost, or could not be renewed for its whole
// length, it interrupts the handler: another runner may have started.
func (r *Runner) keepLease(ctx context.Context, j store.Job, interrupt context.CancelCauseFunc) {
	renewed := time.Now()
	tick := time.NewTicker(r.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		began := time.Now()
		err := r.Store.RenewJob(ctx, j, r.Lease)
		switch {
		case err == nil:
			renewed = began
		case errors.Is(err, store.ErrLeaseLost) || time.Since(renewed) >= r.Lease:
			interrupt(store.ErrLeaseLost)
			return
		}
	}
}
