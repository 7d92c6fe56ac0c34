package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// TestReplicasAreOne asks one server after the other: what one was told, all know.
func TestReplicasAreOne(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, storetest.URL(t, store.Postgres), 3)
	r.idleOnesHear()
	r.openingsCountOnce()
	r.sessionsEndEverywhere()
	r.failuresAddUp()
}

func (r *replicas) idleOnesHear() {
	t := r.t
	t.Helper()
	waitUntil(t, "nothing is left to do", func() bool {
		return r.number("select count(*) from jobs where kind not like 'chore:%'") == 0
	})
	s := r.open()
	t.Cleanup(func() { _ = s.Close() })
	began := time.Now()
	if err := s.Enqueue(t.Context(), "index", uuid.MustParse(r.piece)); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the job is done", func() bool { return r.number("select count(*) from jobs where kind = 'index'") == 0 })
	t.Logf("a job that another process enqueued was done after %s", time.Since(began).Round(time.Millisecond))
}

// openingsCountOnce opens a piece at each server: that is one use within half an hour.
func (r *replicas) openingsCountOnce() {
	t := r.t
	t.Helper()
	for _, one := range r.all {
		if status, answer, err := r.sendTo(one, r.rep, http.MethodGet, "/assets/"+r.piece+"/content", "", nil); err != nil || status != http.StatusOK {
			t.Errorf("got %d %s, error %v, want 200", status, answer, err)
		}
	}
	waitUntil(t, "the opening is counted", func() bool { return r.number("select count(*) from usage_events") > 0 })
	<-time.After(time.Second) // in which each server writes what it has
	if n := r.number("select count(*) from usage_events"); n != 1 {
		t.Errorf("got %d openings, want 1", n)
	}
}

func (r *replicas) sessionsEndEverywhere() {
	t := r.t
	t.Helper()
	status, answer, err := r.signIn(r.all[0], "correct horse battery")
	var session struct{ Token string }
	if err != nil || status != http.StatusCreated || json.Unmarshal(answer, &session) != nil {
		t.Fatalf("signing in: got %d %s, error %v, want 201", status, answer, err)
	}
	for i, want := range []int{http.StatusOK, http.StatusNoContent, http.StatusUnauthorized} {
		method, path := http.MethodGet, "/me"
		if i == 1 {
			method, path = http.MethodDelete, "/sessions/current"
		}
		if status, answer, err := r.sendTo(r.all[i], session.Token, method, path, "", nil); err != nil || status != want {
			t.Errorf("%s %s at server %d: got %d %s, error %v, want %d", method, path, i, status, answer, err, want)
		}
	}
}

// failuresAddUp tries wrong passwords at one server after the other: ten are heard, the next one is not, nor is the right one.
func (r *replicas) failuresAddUp() {
	t := r.t
	t.Helper()
	for i := range 11 {
		want := http.StatusUnauthorized
		if i == 10 {
			want = http.StatusTooManyRequests
		}
		if status, answer, err := r.signIn(r.all[i%len(r.all)], fmt.Sprintf("wrong password %d", i)); err != nil || status != want {
			t.Errorf("attempt %d: got %d %s, error %v, want %d", i+1, status, answer, err, want)
		}
	}
	if status, answer, err := r.signIn(r.all[0], "correct horse battery"); err != nil || status != http.StatusTooManyRequests {
		t.Errorf("the right password: got %d %s, error %v, want 429", status, answer, err)
	}
}

func (r *replicas) signIn(at *replica, password string) (int, []byte, error) {
	return r.sendTo(at, "", http.MethodPost, "/sessions", "application/json", r.json(map[string]any{"email": "rita@example.com", "password": password}))
}

// A second server with an index of its own on the same database would find a part of what is published, and so would the
// first one from then on.
func TestSecondIndexIsRefused(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, store.Postgres)
	first := startServer(t, "--data", t.TempDir(), "--database-url", url)
	out, err := run(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--database-url", url)
	if err == nil || !strings.Contains(out, "--search-url") || strings.Contains(out, url) {
		t.Errorf("the second server: got error %v and\n%swant a refusal that says what to do", err, out)
	}
	startServer(t, "--data", t.TempDir(), "--database-url", url, "--second-index", "accept")
	first.signal(t, syscall.SIGKILL)
	first.wait(t)
	startServer(t, "--data", t.TempDir(), "--database-url", url)
}

// While it drains, a server says that it is not ready, and serves all the same, one last request on each connection.
func TestDraining(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--data", t.TempDir(), "--drain", "5s")
	s.signal(t, syscall.SIGTERM)
	waitUntil(t, "/readyz says no", func() bool {
		status, _ := get(t, s.url+"/readyz")
		return status == http.StatusServiceUnavailable
	})
	res, err := http.Get(s.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || !res.Close {
		t.Errorf("got %d, connection to be closed %t, want 200 and true", res.StatusCode, res.Close)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("got exit code %d, want 0\n%s", code, s.stderr)
	}
}
