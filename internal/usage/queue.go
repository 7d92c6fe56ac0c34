package usage

import (
	"context"
	"sync"
	"time"
)

// queue writes in one transaction what comes in while the one before is being written: an item for which somebody waits
// is written at once, one for which nobody does within linger, and the cost of a commit is shared. It keeps the order of
// arrival. There is no goroutine while there is nothing to write.
type queue[T item] struct {
	write  func(ctx context.Context, batch []T) error
	limit  int // of the weights of one batch; a heavier item is a batch of its own
	linger time.Duration

	mu        sync.Mutex
	waiting   []T
	weight    int // of all that waits
	running   bool
	lingering bool // a run begins when linger is over, if none has begun before
}

type item interface {
	// weight is how much there is to write.
	weight() int
	// urgent reports whether somebody waits for the item.
	urgent() bool
	// abandoned returns why nobody waits for the item any more, or nil.
	abandoned() error
	// finish is called once, with the fate of the item: nil when it is durable.
	finish(err error)
}

// writeTime bounds how long a batch may take, its items' second attempts included.
const writeTime = 30 * time.Second

// add hands an item over and returns at once.
func (q *queue[T]) add(it T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, it)
	q.weight += it.weight()
	switch {
	case q.running || q.lingering && !it.urgent() && q.weight < q.limit:
	case it.urgent() || q.weight >= q.limit:
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

// backlog returns the weight of what waits.
func (q *queue[T]) backlog() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.weight
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
	n, sum := 0, 0
	for n < len(q.waiting) && (n == 0 || sum+q.waiting[n].weight() <= q.limit) {
		sum += q.waiting[n].weight()
		n++
	}
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	q.weight -= sum
	if n == 0 {
		q.waiting = nil
		q.running = false
	}
	return batch
}

// writeBatch gives every item its own fate: when the batch fails, each is tried alone, so that one bad item costs the
// others nothing but time.
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
	err := q.write(ctx, wanted)
	for _, it := range wanted {
		if err != nil && len(wanted) > 1 {
			it.finish(q.write(ctx, []T{it}))
			continue
		}
		it.finish(err)
	}
}
