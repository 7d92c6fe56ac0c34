package cli_test

import (
	"fmt"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// jobDone finds what a server says of a job that it has done.
var jobDone = regexp.MustCompile(`msg="job done" kind=(\S+) key=(\S+) attempt=(\d+)`)

// TestJobsOfReplicas has three servers share many jobs, and kills one of them: each job is done by one server, at the
// first attempt, but for those that were being done then.
func TestJobsOfReplicas(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, storetest.URL(t, store.Postgres), 3, "--log-level", "debug", "--workers", "1")
	const files = 60
	piece := r.create("Survey")
	var uploading sync.WaitGroup
	for lane := range 4 {
		uploading.Go(func() {
			for i := lane; i < files; i += 4 {
				if status, answer, err := r.upload(piece, fmt.Sprintf("Survey %d of depots", i)); err != nil || status != 201 {
					t.Errorf("uploading: got %d %s, error %v, want 201", status, answer, err)
				}
			}
		})
	}
	uploading.Wait()
	open := func() int64 { return r.number("select count(*) from jobs where kind = 'extract'") }
	waitUntil(t, "a third is done", func() bool { return open() < files*2/3 })
	held := r.number("select count(*) from jobs where kind = 'extract' and state = 'running'")
	dead := r.all[0]
	dead.now().signal(t, syscall.SIGKILL)
	dead.now().wait(t)
	waitUntil(t, "all is done", func() bool { return open() == 0 })

	if n := r.number("select count(*) from extractions where state = 'done'"); n < files {
		t.Errorf("got %d texts, want one of each of %d files", n, files)
	}
	done := make(map[string]int) // by job
	var repeated int64
	for i, one := range r.all {
		share := 0
		for _, job := range jobDone.FindAllStringSubmatch(one.now().stderr.String(), -1) {
			if job[1] != "extract" {
				continue
			}
			share++
			if done[job[2]]++; done[job[2]] > 1 || job[3] != "1" {
				repeated++
			}
		}
		if share == 0 {
			t.Errorf("replica %d did no job, want a share of each", i)
		}
	}
	r.choresOnce()
	if repeated > held {
		t.Errorf("%d jobs were done again, want those %d at most that were being done when a server was killed", repeated, held)
	}
}

// choresOnce wants each chore to wait for its next time once, however many servers asked for it.
func (r *replicas) choresOnce() {
	r.t.Helper()
	waitUntil(r.t, "the chores are done", func() bool {
		return r.number("select count(*) from jobs where kind like 'chore:%' and (state <> 'ready' or run_at < now())") == 0
	})
	if n, kinds := r.number("select count(*) from jobs where kind like 'chore:%'"), r.number("select count(distinct kind) from jobs where kind like 'chore:%'"); n != kinds || n == 0 {
		r.t.Errorf("got %d chores of %d kinds that wait for their next time, want one of each", n, kinds)
	}
}

func waitUntil(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); <-time.After(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
