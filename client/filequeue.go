package client

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// The files of a folder.
const (
	usesFile = "uses.queue" // see record.go
	newFile  = "uses.new"   // becomes usesFile when it is whole
	lockFile = "lock"
)

// fileQueue is a queue in a folder. What waits is known by its place in the file only, so that memory stays small.
type fileQueue struct {
	folder   string
	capacity int64
	lock     *os.File

	syncing sync.Mutex    // taken before mu
	synced  atomic.Uint64 // the number of the last event that is on disk for sure

	mu       sync.Mutex
	file     *os.File
	end      int64 // of the file
	uses     []kept
	size     int64  // of the records in uses
	appended uint64 // the number of the last event
	fault    error  // nothing goes on after it
}

var _ queue = (*fileQueue)(nil)

func (q *fileQueue) put(event []byte) error {
	number, err := q.append(event)
	if err != nil {
		return err
	}
	return q.sync(number)
}

func (q *fileQueue) append(event []byte) (uint64, error) {
	record := appendRecord(nil, useMark, event)
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.fault != nil:
		return 0, q.fault
	case q.size+int64(len(record)) > q.capacity:
		return 0, ErrFull
	}
	if err := q.write(record); err != nil {
		return 0, err
	}
	q.appended++
	q.uses = append(q.uses, kept{start: q.end - int64(len(record)), end: q.end, number: q.appended})
	q.size += int64(len(record))
	return q.appended, nil
}

// write adds to the end of the file. What a failed write left there is written over by the next one.
func (q *fileQueue) write(record []byte) error {
	if _, err := q.file.WriteAt(record, q.end); err != nil {
		return errors.Join(fmt.Errorf("writing to the queue: %w", err), q.file.Truncate(q.end))
	}
	q.end += int64(len(record))
	return nil
}

// sync returns when an event is on disk. Those who wait for the disk at the same time share one sync.
func (q *fileQueue) sync(number uint64) error {
	q.syncing.Lock()
	defer q.syncing.Unlock()
	if q.synced.Load() >= number {
		return nil
	}
	q.mu.Lock()
	file, appended, fault := q.file, q.appended, q.fault
	q.mu.Unlock()
	if fault != nil {
		return fault
	}
	if err := file.Sync(); err != nil {
		// What the disk holds now, nobody knows, and a second sync would say that all is well.
		return q.fail(fmt.Errorf("syncing the queue: %w", err))
	}
	q.synced.Store(appended)
	return nil
}

func (q *fileQueue) fail(err error) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fault = err
	return err
}

func (q *fileQueue) oldest(n int) (batch, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fault != nil {
		return batch{}, q.fault
	}
	var b batch
	for _, k := range q.uses[:min(n, len(q.uses))] {
		if k.number > q.synced.Load() {
			break // its Report may yet fail
		}
		event := make([]byte, k.end-k.start-headerSize)
		if _, err := q.file.ReadAt(event, k.start+headerSize); err != nil {
			return batch{}, fmt.Errorf("reading the queue: %w", err)
		}
		if !b.add(event) {
			break
		}
	}
	return b, nil
}

// done forgets the oldest events. It does not wait for the disk: what is forgotten in a crash is sent again, and counts once.
// For the same reason it is no failure when the disk is too full for the note.
func (q *fileQueue) done(b batch) error {
	q.mu.Lock()
	if q.fault != nil {
		defer q.mu.Unlock()
		return q.fault
	}
	last := q.uses[len(b.events)-1].end
	for _, k := range q.uses[:len(b.events)] {
		q.size -= k.end - k.start
	}
	q.uses = q.uses[len(b.events):]
	if len(q.uses) > 0 {
		_ = q.write(appendNote(nil, last))
	} else if err := q.file.Truncate(0); err == nil {
		q.end, q.uses = 0, nil
	}
	wasteful := q.end > wasteFrom && q.end > 2*q.size
	q.mu.Unlock()
	if wasteful {
		return q.rewrite()
	}
	return nil
}

// wasteFrom is the size from which a file that is mostly done is written anew.
const wasteFrom = 1 << 20

// rewrite leaves in the file what is not done.
func (q *fileQueue) rewrite() error {
	q.syncing.Lock()
	defer q.syncing.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fault != nil {
		return q.fault
	}
	if err := q.replace(); err != nil {
		q.fault = fmt.Errorf("writing the queue anew: %w", err)
		return q.fault
	}
	return nil
}

// replace is called with both locks. Files are closed before one takes the other's name: not every system allows it open.
func (q *fileQueue) replace() error {
	var fresh []byte
	uses := make([]kept, len(q.uses))
	for i, k := range q.uses {
		record := make([]byte, k.end-k.start)
		if _, err := q.file.ReadAt(record, k.start); err != nil {
			return err
		}
		uses[i] = kept{start: int64(len(fresh)), end: int64(len(fresh) + len(record)), number: k.number}
		fresh = append(fresh, record...)
	}
	path := filepath.Join(q.folder, usesFile)
	if err := writeSynced(filepath.Join(q.folder, newFile), fresh); err != nil {
		return err
	}
	if err := errors.Join(q.file.Close(), os.Rename(filepath.Join(q.folder, newFile), path), syncFolder(q.folder)); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	q.file, q.uses, q.end = file, uses, int64(len(fresh))
	q.synced.Store(q.appended)
	return nil
}

func (q *fileQueue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.uses)
}

func (q *fileQueue) close() error {
	q.syncing.Lock()
	defer q.syncing.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fault = ErrClosed
	return errors.Join(q.file.Close(), q.lock.Close())
}
