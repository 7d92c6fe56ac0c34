package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

func TestJobCounts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		began := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		now := began
		s.Now = func() time.Time { return now }
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		claim := func(kind string) store.Job {
			t.Helper()
			jobs, err := s.ClaimJobs(t.Context(), []string{kind}, 1, time.Minute)
			if err != nil || len(jobs) != 1 {
				t.Fatalf("claiming %s: got %d jobs, error %v", kind, len(jobs), err)
			}
			return jobs[0]
		}
		enqueue := func(kind string) { t.Helper(); must(s.Enqueue(t.Context(), kind, s.NewID())) }

		enqueue("index")
		now = began.Add(time.Minute)
		enqueue("index")
		must(s.EnqueueIn(t.Context(), time.Hour, "index", s.NewID()))
		enqueue("failing")
		must(s.RetryJob(t.Context(), claim("failing"), now.Add(time.Hour), errors.New("no")))
		enqueue("hopeless")
		must(s.BuryJob(t.Context(), claim("hopeless"), errors.New("no")))
		enqueue("working")
		claim("working")

		got, err := s.JobCounts(context.Background())
		must(err)
		slices.SortFunc(got, func(a, b store.JobCount) int { return strings.Compare(a.Kind+a.State, b.Kind+b.State) })
		later := began.Add(time.Minute)
		want := []store.JobCount{
			{"failing", "retrying", 1, later}, {"hopeless", "dead", 1, later}, {"index", "later", 1, later}, {"index", "ready", 2, began}, {"working", "running", 1, later},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("got (-want +got):\n%s", diff)
		}
	})
}
