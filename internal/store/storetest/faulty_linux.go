package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"collateral/internal/store"
)

// Faulty is a PostgreSQL server of its own, for a test that stops or pauses it.
type Faulty struct {
	URL string // of an empty database

	t       testing.TB
	cluster *cluster
}

// NewFaulty starts a server that ends with the test, which is skipped where there is none. It never is the one that
// TEST_DATABASE_URL names: that one is not ours to stop.
func NewFaulty(t testing.TB) *Faulty {
	t.Helper()
	programs, ok := findPrograms()
	if !ok {
		if os.Getenv("CI") != "" {
			t.Fatal("no PostgreSQL to stop: install the programs of one")
		}
		t.Skip("NOT TESTED ON POSTGRESQL: install the programs of one, such as Debian's package postgresql")
	}
	c, err := newCluster(programs)
	if err != nil {
		t.Fatalf("making a PostgreSQL cluster: %v", err)
	}
	f := &Faulty{URL: c.url(), t: t, cluster: c}
	t.Cleanup(func() {
		f.Resume()
		f.Stop()
		if err := os.RemoveAll(c.folder); err != nil {
			t.Error(err)
		}
	})
	f.Start()
	return f
}

// Start starts a server that was stopped, on the same address.
func (f *Faulty) Start() {
	f.t.Helper()
	if err := f.cluster.start(untilInputEnds); err != nil {
		f.t.Fatal(err)
	}
}

// Stop ends the server at once, and all its connections.
func (f *Faulty) Stop() {
	f.t.Helper()
	if f.cluster.input == nil {
		return
	}
	if err := f.cluster.input.Close(); err != nil {
		f.t.Errorf("stopping PostgreSQL: %v", err)
	}
	<-f.cluster.ended
	f.cluster.input = nil
}

// Pause has every process of the server stand still, as on a machine that hangs: connections are taken by the kernel and
// stay open, and nothing answers.
func (f *Faulty) Pause() {
	f.t.Helper()
	f.signal(syscall.SIGSTOP)
}

// Resume has them go on.
func (f *Faulty) Resume() {
	f.t.Helper()
	f.signal(syscall.SIGCONT)
}

// Log is what the server has written so far.
func (f *Faulty) Log() string { return f.cluster.log() }

func (f *Faulty) signal(sig syscall.Signal) {
	f.t.Helper()
	text, err := os.ReadFile(filepath.Join(f.cluster.folder, "data", "postmaster.pid"))
	if err != nil {
		return // it does not run
	}
	first, _, _ := strings.Cut(string(text), "\n")
	server, err := strconv.Atoi(first)
	if err != nil {
		f.t.Fatalf("reading PostgreSQL's process id: %v", err)
	}
	// The server first, so that it starts no more of them.
	for _, process := range append([]int{server}, childrenOf(f.t, server)...) {
		if err := syscall.Kill(process, sig); err != nil && err != syscall.ESRCH {
			f.t.Errorf("sending %s to PostgreSQL: %v", sig, err)
		}
	}
}

func childrenOf(t testing.TB, parent int) (children []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The second field is the name in parentheses, which may hold anything; the parent is the fourth.
		_, rest, _ := strings.Cut(string(text), ") ")
		var state string
		var of int
		if _, err := fmt.Sscan(rest, &state, &of); err != nil || of != parent {
			continue
		}
		id, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			t.Fatal(err)
		}
		children = append(children, id)
	}
	return children
}

// Migrated brings the server's database up to date.
func (f *Faulty) Migrated() *Faulty {
	f.t.Helper()
	if err := migrate(f.URL); err != nil {
		f.t.Fatalf("migrating %s: %v", store.Postgres, err)
	}
	return f
}
