package usage

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// note is an item that remembers its fate.
type note struct {
	n    int  // its weight too
	idle bool // nobody waits for it
	gone error
	fate chan error
}

func newNote(n int) *note { return &note{n: n, fate: make(chan error, 1)} }

func (i *note) weight() int      { return i.n }
func (i *note) bytes() int       { return 0 }
func (i *note) urgent() bool     { return !i.idle }
func (i *note) abandoned() error { return i.gone }
func (i *note) finish(err error) { i.fate <- err }

var errAway = errors.New("away")

// press holds up the first batch until it is let go, so that what comes in meanwhile has to share.
type press struct {
	started, release chan struct{}
	mu               sync.Mutex
	batches          [][]int
	fails            func(batch []int) error
}

func newPress() *press { return &press{started: make(chan struct{}), release: make(chan struct{})} }

func (p *press) write(_ context.Context, batch []*note) error {
	var weights []int
	for _, i := range batch {
		weights = append(weights, i.n)
	}
	p.mu.Lock()
	first := len(p.batches) == 0
	p.batches = append(p.batches, weights)
	p.mu.Unlock()
	if first {
		close(p.started)
		<-p.release
	}
	if p.fails != nil {
		return p.fails(weights)
	}
	return nil
}

// run adds the first item alone and the others while it is being written.
func run(p *press, limit int, items ...*note) []error {
	q := &queue[*note]{write: p.write, limit: limit, divides: func(err error) bool { return !errors.Is(err, errAway) }}
	q.add(items[0])
	<-p.started
	for _, i := range items[1:] {
		q.add(i)
	}
	close(p.release)
	fates := make([]error, len(items))
	for i, it := range items {
		fates[i] = <-it.fate
	}
	return fates
}

func TestQueueSharesWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPress()
	run(p, 10, newNote(1), newNote(4), newNote(6), newNote(1), newNote(12), newNote(3))
	if diff := cmp.Diff([][]int{{1}, {4, 6}, {1}, {12}, {3}}, p.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestQueueGivesEachItsOwnFate(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	p := newPress()
	p.fails = func(batch []int) error {
		if slices.Contains(batch, 3) {
			return bad
		}
		return nil
	}
	fates := run(p, 100, newNote(1), newNote(2), newNote(3), newNote(4))
	for i, want := range []error{nil, nil, bad, nil} {
		if !errors.Is(fates[i], want) {
			t.Errorf("item %d: got %v, want %v", i+1, fates[i], want)
		}
	}
	if diff := cmp.Diff([][]int{{1}, {2, 3, 4}, {2}, {3, 4}, {3}, {4}}, p.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

// When the database is away, each of a thousand items would wait for it.
func TestQueueDoesNotTryPartsInVain(t *testing.T) {
	t.Parallel()
	p := newPress()
	p.fails = func(batch []int) error {
		if len(batch) > 1 {
			return errAway
		}
		return nil
	}
	fates := run(p, 100, newNote(1), newNote(2), newNote(3))
	if fates[0] != nil || !errors.Is(fates[1], errAway) || !errors.Is(fates[2], errAway) {
		t.Errorf("got fates %v, want the second and the third to fail together", fates)
	}
	if diff := cmp.Diff([][]int{{1}, {2, 3}}, p.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestQueueDropsWhatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	gone := newNote(2)
	gone.gone = context.Canceled
	p := newPress()
	fates := run(p, 100, newNote(1), gone, newNote(3))
	if !errors.Is(fates[1], context.Canceled) || fates[2] != nil {
		t.Errorf("got fates %v, want the second canceled and the third written", fates)
	}
	if diff := cmp.Diff([][]int{{1}, {3}}, p.batches); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
}

func TestQueueUnderManyWriters(t *testing.T) {
	t.Parallel()
	var written sync.Map
	q := &queue[*note]{limit: 8, write: func(_ context.Context, batch []*note) error {
		for _, i := range batch {
			if _, again := written.LoadOrStore(i, true); again {
				return errors.New("written twice: " + strconv.Itoa(i.n))
			}
		}
		return nil
	}}
	var done sync.WaitGroup
	for range 32 {
		done.Go(func() {
			for range 200 {
				i := newNote(1)
				q.add(i)
				if err := <-i.fate; err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	if got := q.backlog(); got != (load{}) {
		t.Errorf("got backlog %+v, want none", got)
	}
}

func TestQueueLingersForWhatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		linger time.Duration
		last   *note // sets the others going
	}{
		{"until linger is over", time.Millisecond, nil},
		{"until somebody waits", time.Hour, newNote(3)},
		{"until there is enough for a batch", time.Hour, &note{n: 97, idle: true, fate: make(chan error, 1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPress()
			close(p.release)
			q := &queue[*note]{write: p.write, limit: 100, linger: c.linger}
			items := []*note{newNote(1), newNote(2)}
			for _, i := range items {
				i.idle = true
			}
			if c.last != nil {
				items = append(items, c.last)
			}
			for _, i := range items {
				q.add(i)
			}
			for _, i := range items {
				if err := <-i.fate; err != nil {
					t.Errorf("item %d: got error %v", i.n, err)
				}
			}
			if p.mu.Lock(); c.last != nil && len(p.batches) != 1 {
				t.Errorf("got batches %v, want one", p.batches)
			}
			p.mu.Unlock()
		})
	}
}
