package bleveindex

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// errNotWritten is what becomes of a batch that scorch could not put on disk. It tells nobody why.
var errNotWritten = errors.New("scorch could not write its files")

// write returns when the batch is on disk. When it cannot be put there, the index goes back to what is, and rests.
func (x *Index) write(ctx context.Context, batch *index.Batch) error {
	if len(batch.IndexOps) == 0 && len(batch.InternalOps) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s, release, err := x.writable()
	if err != nil {
		return err
	}
	batch.SetInternal([]byte(writtenKey), strconv.AppendUint(nil, x.written.Add(1), 10))
	err = commit(s, batch)
	release()
	if err == nil {
		return nil
	}
	err = x.reason(err, roomFor(batch))
	x.goToRest(s, err)
	return err
}

// roomFor is how much room a batch may need on disk, in bytes, at most.
func roomFor(batch *index.Batch) int {
	size := leastRoom
	for _, d := range batch.IndexOps {
		if d != nil {
			size += 4 * int(d.NumPlainTextBytes())
		}
	}
	return size
}

// writable returns the scorch index for writing. It stays open until release is called.
func (x *Index) writable() (s *scorch.Scorch, release func(), err error) {
	if err := x.wake(); err != nil {
		return nil, nil, err
	}
	x.mu.RLock()
	switch {
	case x.closed:
		err = errClosed
	case x.rest.cause != nil: // again, since
		err = x.rest.cause
	default:
		return x.scorch, x.mu.RUnlock, nil
	}
	x.mu.RUnlock()
	return nil, nil, err
}

// commitPoll is how often commit looks whether scorch has failed: it says so to nobody, and tries again for ever.
const commitPoll = 10 * time.Millisecond

// commit writes a batch and waits until it is on disk.
func commit(s *scorch.Scorch, batch *index.Batch) error {
	persisted := make(chan struct{})
	batch.SetPersistedCallback(func(error) { close(persisted) })
	if err := s.Batch(batch); err != nil {
		return err
	}
	poll := time.NewTicker(commitPoll)
	defer poll.Stop()
	for {
		select {
		case <-persisted:
			return nil
		case <-poll.C:
			if hasFailed(s) {
				return errNotWritten
			}
		}
	}
}

// hasFailed reports whether scorch could not write something since it was opened, be it when it merged segments on its own.
func hasFailed(s *scorch.Scorch) bool {
	stats, ok := s.Stats().(*scorch.Stats)
	return ok && atomic.LoadUint64(&stats.TotOnErrors) > 0
}
