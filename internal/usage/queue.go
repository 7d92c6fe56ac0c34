package usage

import (
	"context"
	"slices"
	"sync"
	"time"
)

// queue writes in one transaction what comes in while the one before is being written: an item for which somebody waits
// is written at once, one for which nobody does within linger, and the cost of a commit is shared. It keeps the order of
// arrival. There is no goroutine while there is nothing to write.
type queue[T item] struct {
	write   func(ctx context.Context, batch []T) error
	divides func(error) bool // whether parts of a batch that failed so are worth trying
	limit   int              // of the weights of one batch; a heavier item is a batch of its own
	bounds  load             // of what waits, as offer heeds them
	linger  time.Duration

	mu        sync.Mutex
	waiting   []T
	load      load // of all that waits
	running   bool
	lingering bool // a run begins when linger is over, if none has begun before
}

type item interface {
	// weight is how much there is to write.
	weight() int
	// bytes is how much memory is held until the item is written, beside what is to be written.
	bytes() int
	// urgent reports whether somebody waits for the item.
	urgent() bool
	// abandoned returns why nobody waits for the item any more, or nil.
	abandoned() error
	// finish is called once, with the fate of the item: nil when it is durable.
	finish(err error)
}

// writeTime bounds how long a batch may take, its items' second attempts included.
const writeTime = 30 * time.Second

// load is how much waits in a queue, or may wait.
type load struct {
	items  int
	weight int
	bytes  int
}

// fits reports whether nothing of l is beyond the bounds.
func (l load) fits(bounds load) bool {
	return l.items <= bounds.items && l.weight <= bounds.weight && l.bytes <= bounds.bytes
}

// offer hands an item over and returns at once, or returns false when too much waits already.
func (q *queue[T]) offer(it T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l := q.load; !(load{l.items + 1, l.weight + it.weight(), l.bytes + it.bytes()}).fits(q.bounds) {
		return false
	}
	q.take(it)
	return true
}

// add is offer without bounds.
func (q *queue[T]) add(it T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.take(it)
}

// take puts an item behind those that wait. The caller holds q.mu.
func (q *queue[T]) take(it T) {
	q.waiting = append(q.waiting, it)
	q.load = load{q.load.items + 1, q.load.weight + it.weight(), q.load.bytes + it.bytes()}
	switch {
	case q.running || q.lingering && !it.urgent() && q.load.weight < q.limit:
	case it.urgent() || q.load.weight >= q.limit:
		q.start()
	default:
		q.lingering = true
		time.AfterFunc(q.linger, func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.lingering = false
			if !q.running && len(q.waiting) > 0 {
				q.start()
			}
		})
	}
}

// start begins a run. The caller holds q.mu.
func (q *queue[T]) start() {
	q.running = true
	go q.run()
}

// backlog returns how much waits.
func (q *queue[T]) backlog() load {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.load
}

func (q *queue[T]) run() {
	for batch := q.next(); len(batch) > 0; batch = q.next() {
		q.writeBatch(batch)
	}
}

// next takes the oldest items up to the limit. With none left it ends the run, under the same lock under which add
// starts one, so no item is left behind.
func (q *queue[T]) next() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, sum, bytes := 0, 0, 0
	for n < len(q.waiting) && (n == 0 || sum+q.waiting[n].weight() <= q.limit) {
		sum += q.waiting[n].weight()
		bytes += q.waiting[n].bytes()
		n++
	}
	batch := slices.Clone(q.waiting[:n])
	clear(q.waiting[:n]) // what was written is not kept alive by what still waits
	q.waiting = q.waiting[n:]
	q.load = load{q.load.items - n, q.load.weight - sum, q.load.bytes - bytes}
	if n == 0 {
		q.waiting = nil
		q.running = false
	}
	return batch
}

// writeBatch gives every item its own fate: when the batch fails, its halves are tried, and theirs, until the bad item stands
// alone: it costs the others nothing but time.
func (q *queue[T]) writeBatch(batch []T) {
	// Not the context of any one caller: who hangs up must not take the others along.
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	wanted := batch[:0:0]
	for _, it := range batch {
		if err := it.abandoned(); err != nil {
			it.finish(err)
			continue
		}
		wanted = append(wanted, it)
	}
	q.writeParts(ctx, wanted)
}

func (q *queue[T]) writeParts(ctx context.Context, batch []T) {
	err := q.write(ctx, batch)
	if err != nil && len(batch) > 1 && q.divides(err) {
		q.writeParts(ctx, batch[:len(batch)/2])
		q.writeParts(ctx, batch[len(batch)/2:])
		return
	}
	for _, it := range batch {
		it.finish(err)
	}
}
