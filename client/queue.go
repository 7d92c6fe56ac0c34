package client

import (
	"fmt"
	"sync"
)

// queue keeps events in the order in which they were put.
type queue interface {
	// put keeps an event. It is ErrFull when there is no room, ErrClosed after close.
	put(event []byte) error
	// oldest returns up to n events that wait longest, of maxBody bytes at most; none when nothing waits. They go on waiting.
	oldest(n int) (batch, error)
	// done forgets a batch that oldest returned last.
	done(b batch) error
	// waiting counts the events that were put and are not done.
	waiting() int
	// close lets go of what the queue holds. The error says what is lost by it.
	close() error
}

// batch is the oldest events of a queue.
type batch struct {
	events [][]byte
	size   int
}

// maxBody bounds a batch in bytes; the server takes twice as much.
const maxBody = 1 << 20

// add reports whether there was room for the event.
func (b *batch) add(event []byte) bool {
	if b.size+len(event) > maxBody {
		return false
	}
	b.events = append(b.events, event)
	b.size += len(event)
	return true
}

// memoryQueue is a queue that ends with the program.
type memoryQueue struct {
	capacity int64

	mu     sync.Mutex
	events [][]byte
	size   int64
	ended  bool
}

var _ queue = (*memoryQueue)(nil)

func (q *memoryQueue) put(event []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.ended:
		return ErrClosed
	case q.size+int64(len(event)) > q.capacity:
		return ErrFull
	}
	q.events = append(q.events, event)
	q.size += int64(len(event))
	return nil
}

func (q *memoryQueue) oldest(n int) (batch, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return batch{}, ErrClosed
	}
	var b batch
	for _, event := range q.events[:min(n, len(q.events))] {
		if !b.add(event) {
			break
		}
	}
	return b, nil
}

func (q *memoryQueue) done(b batch) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, event := range b.events {
		q.size -= int64(len(event))
	}
	q.events = append([][]byte(nil), q.events[len(b.events):]...) // a new one, so that what is done is not held
	return nil
}

func (q *memoryQueue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.events)
}

func (q *memoryQueue) close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	if len(q.events) > 0 {
		return fmt.Errorf("%d uses were not sent and are lost: they waited in memory", len(q.events))
	}
	return nil
}
