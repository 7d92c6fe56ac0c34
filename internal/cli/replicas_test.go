package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store/storetest"
)

// load is people at work on replicas: they read, search, upload and report uses, all the time.
type load struct {
	r       *replicas
	strict  bool // every request has to succeed; otherwise reports are sent again until they do
	ended   chan struct{}
	workers sync.WaitGroup

	requests atomic.Int64
	mu       sync.Mutex
	events   []string          // ids of acknowledged uses
	files    map[string]string // path of an acknowledged upload to its content
}

func newLoad(r *replicas, strict bool) *load {
	l := &load{r: r, strict: strict, ended: make(chan struct{}), files: make(map[string]string)}
	own := r.create("Draft deck")
	for range 2 {
		l.repeat(l.reportUses)
	}
	l.repeat(l.read("/assets?limit=20"))
	l.repeat(l.read("/assets/" + r.piece + "/content"))
	l.repeat(func() { l.read("/search?q=" + "freight"[:1+rand.IntN(7)])() })
	l.repeat(func() { l.upload(own) })
	return l
}

// repeat has one person do the same until the load ends, with a breath in between.
func (l *load) repeat(do func()) {
	l.workers.Go(func() {
		for {
			select {
			case <-l.ended:
				return
			case <-time.After(5 * time.Millisecond):
				do()
			}
		}
	})
}

// end waits until everybody has finished.
func (l *load) end() {
	close(l.ended)
	l.workers.Wait()
}

// failed notes that a request had no good answer.
func (l *load) failed(what string, status int, answer []byte, err error) {
	if l.strict {
		l.r.t.Errorf("%s: got %d %s, error %v, want success", what, status, answer, err)
	}
}

func (l *load) read(path string) func() {
	return func() {
		status, answer, err := l.r.send(l.r.rep, http.MethodGet, path, "", nil)
		if err != nil || status != http.StatusOK {
			l.failed("GET "+path, status, answer, err)
			return
		}
		l.requests.Add(1)
	}
}

func (l *load) reportUses() {
	ids := make([]string, 1+rand.IntN(5))
	for i := range ids {
		ids[i] = uuid.NewString()
	}
	for {
		status, answer, err := l.r.report(ids...)
		var outcome struct{ Accepted, Duplicates int }
		if err == nil && status == http.StatusOK {
			err = json.Unmarshal(answer, &outcome)
		}
		if err == nil && outcome.Accepted+outcome.Duplicates == len(ids) {
			break
		}
		l.failed("reporting uses", status, answer, err)
		if l.strict {
			return
		}
		<-time.After(50 * time.Millisecond)
	}
	l.requests.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, ids...)
}

func (l *load) upload(asset string) {
	content := "Draft " + uuid.NewString()
	status, answer, err := l.r.upload(asset, content)
	if err != nil || status != http.StatusCreated {
		l.failed("uploading", status, answer, err)
		return
	}
	var version struct{ N int }
	if err := json.Unmarshal(answer, &version); err != nil {
		l.r.t.Errorf("reading %s: %v", answer, err)
	}
	l.requests.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.files["/assets/"+asset+"/versions/"+strconv.Itoa(version.N)+"/content"] = content
}

// rate measures the requests per second that succeed.
func (l *load) rate(while func()) string {
	before, began := l.requests.Load(), time.Now()
	while()
	return fmt.Sprintf("%.0f a second", float64(l.requests.Load()-before)/time.Since(began).Seconds())
}

// nothingIsLost looks for everything that was acknowledged.
func (l *load) nothingIsLost() {
	l.r.t.Helper()
	l.r.figuresAre(l.events)
	for path, content := range l.files {
		if got := l.r.must(l.r.marketer, http.MethodGet, path, nil, http.StatusOK); string(got) != content {
			l.r.t.Errorf("GET %s: got %q, want %q", path, got, content)
		}
	}
	if len(l.events) == 0 || len(l.files) == 0 {
		l.r.t.Errorf("got %d uses and %d uploads, want some", len(l.events), len(l.files))
	}
}

// TestRollingRestart starts three servers at once on an empty database, and restarts each in turn under load.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	postgres := storetest.NewFaulty(t)
	r := newReplicas(t, postgres.URL, 3, "--drain", "3s", "--log-level", "warn")
	l := newLoad(r, true)
	usual := l.rate(func() { <-time.After(2 * time.Second) })
	during := l.rate(func() {
		for i, one := range r.all {
			old := one.now()
			old.signal(t, syscall.SIGTERM)
			if code := old.wait(t); code != 0 {
				t.Errorf("replica %d: got exit code %d, want 0\n%s", i, code, old.stderr)
			}
			one.start()
		}
	})
	l.end()
	for _, one := range r.all {
		one.now().signal(t, syscall.SIGTERM) // so that what nobody waits for is written
		one.now().wait(t)
	}
	for _, one := range r.all {
		one.start()
	}
	l.nothingIsLost()
	r.logsAreQuiet("level=ERROR")
	noDeadlocks(t, postgres)
	t.Logf("%d requests, %d uses, %d uploads; %s, and %s while replicas were restarted", l.requests.Load(), len(l.events), len(l.files), usual, during)
}

// TestKilledReplicas kills one server after the other under load, without a warning. Clients send their uses again, with
// the same ids, until they are acknowledged.
func TestKilledReplicas(t *testing.T) {
	t.Parallel()
	postgres := storetest.NewFaulty(t)
	r := newReplicas(t, postgres.URL, 3, "--log-level", "warn")
	l := newLoad(r, false)
	usual := l.rate(func() { <-time.After(2 * time.Second) })
	during := l.rate(func() {
		for range 2 {
			for _, one := range r.all {
				<-time.After(time.Duration(rand.IntN(1000)) * time.Millisecond)
				old := one.now()
				old.signal(t, syscall.SIGKILL)
				old.wait(t)
				one.start()
			}
		}
	})
	l.end()
	for _, one := range r.all {
		one.now().signal(t, syscall.SIGTERM)
		one.now().wait(t)
	}
	for _, one := range r.all {
		one.start()
	}
	l.nothingIsLost()
	noDeadlocks(t, postgres)
	t.Logf("%d requests, %d uses, %d uploads; %s, and %s while replicas were killed", l.requests.Load(), len(l.events), len(l.files), usual, during)
}

// noDeadlocks looks into the database's own log: of a deadlock the servers hear, too, but run what was broken off again.
func noDeadlocks(t *testing.T, postgres *storetest.Faulty) {
	t.Helper()
	if log := postgres.Log(); strings.Contains(log, "deadlock") {
		t.Errorf("got deadlocks, want none:\n%s", log)
	}
}
