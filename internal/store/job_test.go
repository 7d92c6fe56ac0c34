package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

const lease = time.Minute

func TestEnqueueBelongsToItsTransaction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		one, stopOne := s.JobsEnqueued()
		defer stopOne()
		other, stopOther := s.JobsEnqueued()
		defer stopOther()
		refused := errors.New("refused")
		err := s.Tx(ctx, func(tx *store.Store) error {
			if err := tx.Enqueue(ctx, "index", uuid.New()); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatalf("got error %v, want %v", err, refused)
		}
		if announced(one) {
			t.Error("a transaction that was rolled back woke the runner")
		}
		if got := claim(t, s, 10); len(got) != 0 {
			t.Errorf("got jobs %v after a rollback, want none", got)
		}

		key := uuid.New()
		err = s.Tx(ctx, func(tx *store.Store) error {
			if err := tx.Enqueue(ctx, "index", key); err != nil {
				return err
			}
			if announced(one) {
				t.Error("the runner was woken before the commit")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !announced(one) || !announced(other) {
			t.Error("the commit did not wake the runner")
		}
		if got := claim(t, s, 10); len(got) != 1 || got[0].Key != key || got[0].Kind != "index" || got[0].Attempt != 1 {
			t.Errorf("got jobs %+v, want one about %s, attempt 1", got, key)
		}
	})
}

func TestEnqueueTwiceIsOneJobUntilItRuns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := uuid.New()
		enqueue(t, s, key)
		enqueue(t, s, key)
		first := claimOne(t, s)
		if got := claim(t, s, 10); len(got) != 0 {
			t.Fatalf("got jobs %+v beside the running one, want none", got)
		}

		enqueue(t, s, key)
		if got := claim(t, s, 10); len(got) != 0 {
			t.Errorf("got %+v while the same work runs, want none: two must never run at once", got)
		}
		if err := s.FinishJob(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		second := claimOne(t, s)
		if second.ID == first.ID || second.Key != key {
			t.Errorf("got job %+v, want another one about the same key: the change came after the first had begun", second)
		}
	})
}

func TestClaimTakesKnownKindsThatAreDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for range 3 {
			enqueue(t, s, uuid.New())
		}
		if err := s.Enqueue(ctx, "unheard-of", uuid.New()); err != nil {
			t.Fatal(err)
		}
		if got := claim(t, s, 2); len(got) != 2 {
			t.Errorf("got %d jobs, want the limit of 2", len(got))
		}
		if got := claim(t, s, 10); len(got) != 1 {
			t.Errorf("got %d jobs, want the last one of a known kind", len(got))
		}
	})
}

func TestRetryWaits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := stopClock(s)
		enqueue(t, s, uuid.New())
		j := claimOne(t, s)
		if err := s.RetryJob(t.Context(), j, s.Now().Add(time.Hour), errors.New("no\x00t now \xff")); err != nil {
			t.Fatal(err)
		}
		if got := claim(t, s, 1); len(got) != 0 {
			t.Fatalf("got %+v before it is due, want none", got)
		}
		clock.advance(time.Hour)
		if got := claimOne(t, s); got.ID != j.ID || got.Attempt != 2 {
			t.Errorf("got %+v, want job %s, attempt 2", got, j.ID)
		}
	})
}

func TestEnqueueMakesAWaitingRetryDue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := uuid.New()
		enqueue(t, s, key)
		j := claimOne(t, s)
		if err := s.RetryJob(t.Context(), j, s.Now().Add(time.Hour), errors.New("not now")); err != nil {
			t.Fatal(err)
		}
		enqueue(t, s, key)
		again := claimOne(t, s)
		if again.ID != j.ID || again.Attempt != 2 {
			t.Errorf("got %+v, want job %s, attempt 2", again, j.ID)
		}
		if again.MaxAttempts != j.MaxAttempts+1 {
			t.Errorf("got %d attempts at most, want all %d of them once more", again.MaxAttempts, j.MaxAttempts)
		}
	})
}

func TestOpenJobs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		key := uuid.New()
		open := func(kind string, key uuid.UUID) bool {
			t.Helper()
			is, err := s.HasOpenJob(t.Context(), kind, key)
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		if open("index", key) {
			t.Error("a job is open that nobody asked for")
		}
		enqueue(t, s, key)
		if !open("index", key) || open("index", uuid.New()) || open("extract", key) {
			t.Error("want one job open, of that kind about that key")
		}
		j := claimOne(t, s)
		if !open("index", key) {
			t.Error("a job that runs is not open")
		}
		if err := s.BuryJob(t.Context(), j, errors.New("failed")); err != nil {
			t.Fatal(err)
		}
		if open("index", key) {
			t.Error("a job that was given up is open")
		}
	})
}

func TestRetryGivesWayToYoungerJob(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := stopClock(s)
		key := uuid.New()
		enqueue(t, s, key)
		j := claimOne(t, s)
		enqueue(t, s, key)
		if err := s.RetryJob(t.Context(), j, s.Now().Add(time.Hour), errors.New("failed")); err != nil {
			t.Fatal(err)
		}
		younger := claimOne(t, s)
		if younger.ID == j.ID {
			t.Errorf("got the failed job, want the one that was asked for meanwhile")
		}
		if err := s.FinishJob(t.Context(), younger); err != nil {
			t.Fatal(err)
		}
		clock.advance(2 * time.Hour)
		if got := claim(t, s, 10); len(got) != 0 {
			t.Errorf("got %+v later, want none: the failed job is gone", got)
		}
	})
}

func TestTakeOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		clock := stopClock(s)
		enqueue(t, s, uuid.New())
		gone := claimOne(t, s)

		clock.advance(lease / 2)
		if err := s.RenewJob(ctx, gone, lease); err != nil {
			t.Fatal(err)
		}
		clock.advance(lease - time.Second)
		if got := takeOver(t, s); len(got) != 0 {
			t.Fatalf("got %+v taken over under a renewed lease, want none", got)
		}

		clock.advance(2 * time.Second)
		got := takeOver(t, s)
		if len(got) != 1 || got[0].ID != gone.ID || got[0].Attempt != 2 {
			t.Fatalf("got %+v taken over, want job %s, attempt 2", got, gone.ID)
		}
		for name, late := range map[string]error{
			"renewing":  s.RenewJob(ctx, gone, lease),
			"finishing": s.FinishJob(ctx, gone),
			"retrying":  s.RetryJob(ctx, gone, s.Now(), errors.New("late")),
			"burying":   s.BuryJob(ctx, gone, errors.New("late")),
		} {
			if !errors.Is(late, store.ErrLeaseLost) {
				t.Errorf("%s by the former holder: got %v, want %v", name, late, store.ErrLeaseLost)
			}
		}
		if err := s.FinishJob(ctx, got[0]); err != nil {
			t.Errorf("finishing by the new holder: %v", err)
		}
	})
}

func TestTakeOverBuriesTheLastAttempt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := stopClock(s)
		enqueue(t, s, uuid.New())
		j := claimOne(t, s)
		for !j.IsLastAttempt() {
			clock.advance(lease + time.Second)
			taken := takeOver(t, s)
			if len(taken) != 1 {
				t.Fatalf("after attempt %d: got %d jobs taken over, want 1", j.Attempt, len(taken))
			}
			j = taken[0]
		}
		clock.advance(lease + time.Second)
		if got := takeOver(t, s); len(got) != 0 {
			t.Errorf("got %+v taken over after the last attempt, want none", got)
		}
		if dead := deadJobs(t, s); len(dead) != 1 || dead[0].Attempt != j.MaxAttempts {
			t.Errorf("got dead jobs %+v, want one with %d attempts", dead, j.MaxAttempts)
		}
	})
}

func TestDeadJobStaysUntilTheWorkSucceeds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		key := uuid.New()
		enqueue(t, s, key)
		if err := s.BuryJob(ctx, claimOne(t, s), errors.New(strings.Repeat("é", 3000))); err != nil {
			t.Fatal(err)
		}
		dead := deadJobs(t, s)
		if len(dead) != 1 || dead[0].Key != key || !strings.HasPrefix(dead[0].LastError, "ééé") || len(dead[0].LastError) > 2000 {
			t.Fatalf("got dead jobs %+v, want one about %s with the beginning of its error", dead, key)
		}
		if got := claim(t, s, 1); len(got) != 0 {
			t.Fatalf("got dead job %+v claimed", got)
		}

		enqueue(t, s, key)
		if err := s.FinishJob(ctx, claimOne(t, s)); err != nil {
			t.Fatal(err)
		}
		if dead := deadJobs(t, s); len(dead) != 0 {
			t.Errorf("got dead jobs %+v after the work succeeded, want none", dead)
		}
	})
}

// A change that is not committed yet must not be overtaken by a job that loads the rows without it.
func TestJobIsNotClaimedWhileAChangeAsksForIt(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, "postgres") // SQLite has one writer at a time
	ctx := t.Context()
	key := uuid.New()
	enqueue(t, s, key)

	asked, commit := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- s.Tx(ctx, func(tx *store.Store) error {
			err := tx.Enqueue(ctx, "index", key)
			close(asked)
			<-commit
			return err
		})
	}()
	<-asked
	if got := claim(t, s, 1); len(got) != 0 {
		t.Errorf("got %+v claimed before the change was committed, want none", got)
	}
	close(commit)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	claimOne(t, s)
}

func enqueue(t *testing.T, s *store.Store, key uuid.UUID) {
	t.Helper()
	err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.Enqueue(t.Context(), "index", key) })
	if err != nil {
		t.Fatalf("enqueueing: %v", err)
	}
}

func claim(t *testing.T, s *store.Store, limit int) []store.Job {
	t.Helper()
	jobs, err := s.ClaimJobs(t.Context(), []string{"extract", "index"}, limit, lease)
	if err != nil {
		t.Fatalf("claiming: %v", err)
	}
	return jobs
}

func claimOne(t *testing.T, s *store.Store) store.Job {
	t.Helper()
	jobs := claim(t, s, 1)
	if len(jobs) != 1 {
		t.Fatalf("got %d jobs, want 1", len(jobs))
	}
	return jobs[0]
}

func takeOver(t *testing.T, s *store.Store) []store.Job {
	t.Helper()
	jobs, err := s.TakeOverJobs(t.Context(), []string{"index"}, 10, lease)
	if err != nil {
		t.Fatalf("taking over: %v", err)
	}
	return jobs
}

func deadJobs(t *testing.T, s *store.Store) []store.DeadJob {
	t.Helper()
	jobs, err := s.DeadJobs(t.Context(), 10)
	if err != nil {
		t.Fatalf("listing dead jobs: %v", err)
	}
	return jobs
}

func announced(heard <-chan struct{}) bool {
	select {
	case <-heard:
		return true
	default:
		return false
	}
}

// clock stands still until it is advanced.
type clock struct{ now time.Time }

func stopClock(s *store.Store) *clock {
	c := &clock{now: s.Now()}
	s.Now = func() time.Time { return c.now }
	return c
}

func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }

// The context of a runner that ends must not leave rows behind that nobody holds.
func TestClaimThatIsBrokenOffTakesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		enqueue(t, s, uuid.New())
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.ClaimJobs(over, []string{"index"}, 1, lease); err == nil {
			t.Error("got no error for a context that is over")
		}
		claimOne(t, s)
	})
}
