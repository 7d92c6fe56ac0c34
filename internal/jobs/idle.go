package jobs

import (
	"context"
	"fmt"
	"time"
)

// idlePoll is how often Idle looks.
const idlePoll = 10 * time.Millisecond

// Idle returns when no job of the runner's kinds waits or runs, in any process; a job that waits for another attempt is
// waited for. It does no work itself.
func (r *Runner) Idle(ctx context.Context) error {
	for {
		open, err := r.Store.HasOpenJobs(ctx, r.kinds())
		if err != nil {
			return fmt.Errorf("looking for open jobs: %w", err)
		}
		if !open {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("jobs are still open: %w", ctx.Err())
		case <-time.After(idlePoll):
		}
	}
}

// Drain works until nothing is left to do: Run until Idle.
func (r *Runner) Drain(ctx context.Context) error {
	run, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- r.Run(run) }()

	err := r.Idle(ctx)
	stop()
	if runErr := <-ended; err == nil {
		err = runErr
	}
	return err
}
