package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/jobs"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// patience is for a machine that is busy with other tests, and a disk that is slow to sync.
const patience = 3 * time.Minute

func TestRunnerWorksWhatIsCommitted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		done := make(chan uuid.UUID, 1)
		r := newRunner(s, func(_ context.Context, key uuid.UUID) error {
			done <- key
			return nil
		})
		r.Poll = time.Hour // so that it is the commit that wakes it
		start(t, r)

		key := uuid.New()
		enqueue(t, s, key)
		if got := receive(t, done); got != key {
			t.Errorf("got key %s, want %s", got, key)
		}
		idle(t, r)
	})
}

func TestRunnerTriesAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var attempts atomic.Int32
		r := newRunner(s, func(context.Context, uuid.UUID) error {
			switch attempts.Add(1) {
			case 1:
				return errors.New("not yet")
			case 2:
				panic("a fault of this job alone")
			}
			return nil
		})
		enqueue(t, s, uuid.New())
		drain(t, r)
		if got := attempts.Load(); got != 3 {
			t.Errorf("got %d attempts, want 3", got)
		}
	})
}

func TestRunnerGivesUp(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		hopeless, fine := uuid.New(), uuid.New()
		var worked atomic.Bool
		r := newRunner(s, func(_ context.Context, key uuid.UUID) error {
			if key == hopeless {
				return errors.New("it never works")
			}
			worked.Store(true)
			return nil
		})
		r.Backoff = func(int) time.Duration { return 0 }
		enqueue(t, s, hopeless)
		enqueue(t, s, fine)
		drain(t, r)
		dead, err := s.DeadJobs(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(dead) != 1 || dead[0].Key != hopeless || dead[0].LastError != "it never works" {
			t.Errorf("got dead jobs %+v, want the hopeless one with its error", dead)
		}
		if !worked.Load() {
			t.Error("the other job was not done")
		}
	})
}

// A full disk may stay full, and a part away, for longer than all the attempts of a job.
func TestRunnerPutsOffWhatFindsNoRoom(t *testing.T) {
	t.Parallel()
	testPutsOff(t, collateral.NoRoom())
}

func TestRunnerPutsOffWhatFindsNobody(t *testing.T) {
	t.Parallel()
	testPutsOff(t, collateral.Errorf(collateral.Unavailable, "Search is away."))
}

func testPutsOff(t *testing.T, cause error) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const fails = 30 // more than the attempts that a job has
		var tried, worked atomic.Int32
		r := newRunner(s, func(context.Context, uuid.UUID) error {
			if tried.Add(1) <= fails {
				return fmt.Errorf("writing: %w", cause)
			}
			worked.Add(1)
			return nil
		})
		r.Workers, r.Rest = 1, time.Millisecond
		enqueue(t, s, uuid.New())
		enqueue(t, s, uuid.New())
		drain(t, r)
		if got := worked.Load(); got != 2 {
			t.Errorf("got %d jobs done when there was room again, want 2", got)
		}
		if dead, err := s.DeadJobs(t.Context(), 10); err != nil || len(dead) > 0 {
			t.Errorf("got dead jobs %+v, error %v, want none", dead, err)
		}
	})
}

// What is refused for good is not tried again.
func TestRunnerGivesUpWhatIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var tried atomic.Int32
		r := newRunner(s, func(context.Context, uuid.UUID) error {
			tried.Add(1)
			return fmt.Errorf("indexing: %w", collateral.Errorf(collateral.Invalid, "The piece is refused."))
		})
		enqueue(t, s, uuid.New())
		drain(t, r)
		dead, err := s.DeadJobs(t.Context(), 10)
		if err != nil || len(dead) != 1 || dead[0].LastError != "indexing: The piece is refused." || tried.Load() != 1 {
			t.Errorf("got dead jobs %+v after %d attempts, error %v, want one after one", dead, tried.Load(), err)
		}
	})
}

// While a disk is full its work rests, and other work goes on.
func TestWorkRestsWhileThereIsNoRoom(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var tried atomic.Int32
		other := make(chan uuid.UUID, 1)
		r := newRunner(s, func(context.Context, uuid.UUID) error {
			tried.Add(1)
			return collateral.NoRoom()
		})
		r.Handlers["other"] = func(_ context.Context, key uuid.UUID) error {
			other <- key
			return nil
		}
		r.Workers, r.Rest = 1, time.Hour
		for range 5 {
			enqueue(t, s, uuid.New())
		}
		start(t, r)
		for deadline := time.Now().Add(patience); tried.Load() == 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		if err := s.Enqueue(t.Context(), "other", uuid.New()); err != nil {
			t.Fatal(err)
		}
		receive(t, other)
		if got := tried.Load(); got != 1 {
			t.Errorf("got %d jobs that tried, want 1", got)
		}
	})
}

func TestRunnersShareWork(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 1000
		var mu sync.Mutex
		times := map[uuid.UUID]int{}
		handler := func(_ context.Context, key uuid.UUID) error {
			mu.Lock()
			defer mu.Unlock()
			times[key]++
			return nil
		}
		err := s.Tx(t.Context(), func(tx *store.Store) error {
			for range n {
				if err := tx.Enqueue(t.Context(), "work", uuid.New()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}

		var last *jobs.Runner
		for range 4 {
			last = newRunner(s, handler)
			last.Workers = 8
			last.Poll = time.Second // they find work by themselves; looking for it costs each a turn to write
			start(t, last)
		}
		idle(t, last)
		mu.Lock()
		defer mu.Unlock()
		if len(times) != n {
			t.Errorf("got %d jobs done, want %d", len(times), n)
		}
		for key, count := range times {
			if count != 1 {
				t.Errorf("job %s was done %d times, want once", key, count)
			}
		}
	})
}

// Whoever asks for work while it is done wants it done again, since the running job may have loaded the rows before;
// and never twice at the same time.
func TestSameWorkNeverOverlaps(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var running, done atomic.Int32
		began, goOn := make(chan struct{}, 1), make(chan struct{})
		handler := func(context.Context, uuid.UUID) error {
			if running.Add(1) > 1 {
				t.Error("the same work ran twice at the same time")
			}
			if done.Add(1) == 1 {
				began <- struct{}{}
				<-goOn
			}
			running.Add(-1)
			return nil
		}
		first, second := newRunner(s, handler), newRunner(s, handler)
		start(t, first)
		start(t, second)

		key := uuid.New()
		enqueue(t, s, key)
		receive(t, began)
		for range 5 {
			enqueue(t, s, key)
		}
		time.Sleep(5 * first.Poll) // a chance to do it wrong
		close(goOn)
		idle(t, first)
		if got := done.Load(); got != 2 {
			t.Errorf("got the work done %d times, want 2: once more for all that was asked meanwhile", got)
		}
	})
}

func TestRunnerTakesOverFromTheDead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := uuid.New()
		enqueue(t, s, key)
		// A process that claims and is never heard of again.
		if got, err := s.ClaimJobs(t.Context(), []string{"work"}, 1, time.Millisecond); err != nil || len(got) != 1 {
			t.Fatalf("got %d jobs, error %v, want 1", len(got), err)
		}
		done := make(chan uuid.UUID, 1)
		r := newRunner(s, func(_ context.Context, key uuid.UUID) error {
			done <- key
			return nil
		})
		start(t, r)
		if got := receive(t, done); got != key {
			t.Errorf("got key %s, want %s", got, key)
		}
		idle(t, r)
	})
}

func TestLongJobKeepsItsLease(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var times atomic.Int32
		r := newRunner(s, func(ctx context.Context, _ uuid.UUID) error {
			times.Add(1)
			select {
			case <-time.After(5 * time.Second):
			case <-ctx.Done():
			}
			return ctx.Err()
		})
		r.Lease = 2 * time.Second
		enqueue(t, s, uuid.New())
		start(t, r)
		drain(t, r) // a second runner, which would take it over
		if got := times.Load(); got != 1 {
			t.Errorf("got %d attempts, want 1", got)
		}
	})
}

func TestLostLeaseInterrupts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		began, interrupted := make(chan struct{}, 1), make(chan error, 1)
		var times atomic.Int32
		r := newRunner(s, func(ctx context.Context, _ uuid.UUID) error {
			if times.Add(1) > 1 {
				return nil
			}
			began <- struct{}{}
			<-ctx.Done()
			interrupted <- context.Cause(ctx)
			return ctx.Err()
		})
		r.Lease = 3 * time.Second
		r.Poll = time.Hour // it must not take over from itself
		enqueue(t, s, uuid.New())
		start(t, r)
		receive(t, began)

		// Another runner whose clock is ahead believes the lease has run out.
		now := s.Now
		ahead := *s
		ahead.Now = func() time.Time { return now().Add(time.Hour) }
		taken, err := ahead.TakeOverJobs(t.Context(), []string{"work"}, 1, time.Hour)
		if err != nil || len(taken) != 1 {
			t.Fatalf("got %d jobs taken over, error %v, want 1", len(taken), err)
		}
		if cause := receive(t, interrupted); !errors.Is(cause, store.ErrLeaseLost) {
			t.Errorf("got cause %v, want %v", cause, store.ErrLeaseLost)
		}
		if err := s.FinishJob(t.Context(), taken[0]); err != nil {
			t.Errorf("the new holder cannot finish: %v", err)
		}
	})
}

func TestRunLetsJobsFinish(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		began, goOn := make(chan struct{}), make(chan struct{})
		r := newRunner(s, func(ctx context.Context, _ uuid.UUID) error {
			close(began)
			<-goOn
			return ctx.Err()
		})
		enqueue(t, s, uuid.New())
		stop := start(t, r)
		receive(t, began)
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		select {
		case err := <-ended:
			t.Fatalf("Run ended while a job was running: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		enqueue(t, s, uuid.New()) // not claimed any more: began would be closed twice
		close(goOn)
		if err := receive(t, ended); err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if late, err := s.ClaimJobs(t.Context(), []string{"work"}, 2, time.Minute); err != nil || len(late) != 1 {
			t.Errorf("got %d jobs waiting, error %v, want the one that came too late", len(late), err)
		}
	})
}

func TestRunInterruptsWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		began := make(chan struct{}, 1)
		r := newRunner(s, func(ctx context.Context, _ uuid.UUID) error {
			began <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		})
		r.Grace = 10 * time.Millisecond
		enqueue(t, s, uuid.New())
		stop := start(t, r)
		receive(t, began)
		if err := stop(); err != nil {
			t.Errorf("got error %v, want none", err)
		}
		// It is due again at once, and not only when its lease has run out.
		if got, err := s.ClaimJobs(t.Context(), []string{"work"}, 1, time.Minute); err != nil || len(got) != 1 {
			t.Errorf("got %d jobs, error %v, want the interrupted one", len(got), err)
		}
	})
}

func newRunner(s *store.Store, h jobs.Handler) *jobs.Runner {
	r := jobs.New(s, map[string]jobs.Handler{"work": h}, slog.New(slog.DiscardHandler))
	r.Poll = 10 * time.Millisecond
	r.Backoff = func(int) time.Duration { return time.Millisecond }
	return r
}

// start runs the runner until the test ends, or the function it returns is called.
func start(t *testing.T, r *jobs.Runner) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("stopping the runner: %v", err)
		}
	})
	return stop
}

func enqueue(t *testing.T, s *store.Store, key uuid.UUID) {
	t.Helper()
	err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.Enqueue(t.Context(), "work", key) })
	if err != nil {
		t.Fatalf("enqueueing: %v", err)
	}
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		t.Fatal("nothing happened in time")
		panic("unreachable")
	}
}

func idle(t *testing.T, r *jobs.Runner) { t.Helper(); within(t, r.Idle) }

func drain(t *testing.T, r *jobs.Runner) { t.Helper(); within(t, r.Drain) }

func within(t *testing.T, wait func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := wait(ctx); err != nil {
		t.Fatal(err)
	}
}
