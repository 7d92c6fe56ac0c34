package cli_test

import (
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store/storetest"
)

// answerWithin is how long a refusal may take while the database does not answer: its timeout, set to a second below, what
// this side waits longer, and what a busy machine adds.
const answerWithin = 15 * time.Second

// TestDatabaseDown stops the database under a server, has it hang, and cuts its connections. Meanwhile the server refuses
// with 503, in time, and acknowledges nothing; afterwards it goes on without a restart, and keeps neither connections nor
// goroutines.
func TestDatabaseDown(t *testing.T) {
	t.Parallel()
	postgres := storetest.NewFaulty(t)
	r := newReplicas(t, postgres.URL, 1, "--database-timeout", "1s", "--database-conns", "6", "--log-level", "error")
	one := r.all[0]
	usual := goroutines(t, one)
	one.start()

	var acknowledged []string
	report := func() int {
		id := uuid.NewString()
		status, _, err := r.reportTo(one, id)
		if err != nil {
			t.Errorf("reporting a use: %v", err)
		}
		if status == http.StatusOK {
			acknowledged = append(acknowledged, id)
		}
		return status
	}
	for _, fault := range []struct {
		name       string
		begin, end func()
	}{
		{"stopped", postgres.Stop, postgres.Start},
		{"paused", postgres.Pause, postgres.Resume},
	} {
		fault.begin()
		refusesInTime(t, r, fault.name)
		if status := report(); status != http.StatusServiceUnavailable {
			t.Errorf("%s: a use was answered with %d, want 503", fault.name, status)
		}
		fault.end()
		waitUntil(t, fault.name+": the server goes on", func() bool { return report() == http.StatusOK })
		r.piecesGetRead(fault.name)
	}
	for range 5 {
		r.number("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
		if status := report(); status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Errorf("connections cut: a use was answered with %d, want 200 or 503", status)
		}
	}
	waitUntil(t, "connections cut: the server goes on", func() bool { return report() == http.StatusOK })
	r.piecesGetRead("connections cut")

	r.figuresAre(acknowledged)
	if n := r.number("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"); n > 6 {
		t.Errorf("got %d connections, want those 6 at most that the server may have", n)
	}
	r.client.CloseIdleConnections()
	if t.Failed() {
		t.Logf("the log of the server:\n%s", one.now().stderr)
	}
	if n := goroutines(t, one); n > usual+10 {
		t.Errorf("got %d goroutines after the faults, want about the %d of a server that had none:\n%s", n, usual, one.now().stderr)
	}
}

// refusesInTime asks for many things at once, more than there are connections.
func refusesInTime(t *testing.T, r *replicas, fault string) {
	t.Helper()
	began := time.Now()
	if status, body := get(t, r.all[0].now().url+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "The database") {
		t.Errorf("%s: /readyz answered %d %s, want 503 and the name of the part", fault, status, body)
	}
	if status, body := get(t, r.all[0].now().url+"/healthz"); status != http.StatusOK {
		t.Errorf("%s: /healthz answered %d %s, want 200", fault, status, body)
	}
	if took := time.Since(began); took > answerWithin/2 {
		t.Errorf("%s: the probes were answered after %s", fault, took)
	}
	var asking sync.WaitGroup
	for range 8 {
		for _, path := range []string{"/me", "/assets", "/search?q=freight", "/assets/" + r.piece + "/content"} {
			asking.Go(func() {
				began := time.Now()
				req, err := http.NewRequest(http.MethodGet, r.all[0].now().url+"/api/v1"+path, http.NoBody)
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Authorization", "Bearer "+r.rep)
				res, err := r.client.Do(req)
				if err != nil {
					t.Errorf("%s: GET %s: %v", fault, path, err)
					return
				}
				defer res.Body.Close()
				if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
					t.Errorf("%s: GET %s: got %d, Retry-After %q, want 503 and when to come again", fault, path, res.StatusCode, res.Header.Get("Retry-After"))
				}
				if took := time.Since(began); took > answerWithin {
					t.Errorf("%s: GET %s was answered after %s, want within %s", fault, path, took, answerWithin)
				}
			})
		}
	}
	asking.Wait()
}

// piecesGetRead looks whether background work goes on.
func (r *replicas) piecesGetRead(fault string) {
	r.t.Helper()
	r.create("After being " + fault)
	waitUntil(r.t, fault+": background work goes on", func() bool {
		return r.number("select count(*) from jobs where kind not like 'chore:%' and run_at < now()") == 0
	})
}

// goroutines ends a server so that it tells of each goroutine, once those that serve nobody have had time to end.
func goroutines(t *testing.T, one *replica) int {
	t.Helper()
	<-time.After(3 * time.Second)
	s := one.now()
	s.signal(t, syscall.SIGQUIT)
	s.wait(t)
	return strings.Count(s.stderr.String(), "\ngoroutine ")
}
