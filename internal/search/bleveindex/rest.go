package bleveindex

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"collateral/internal/search"
)

// restPause is how long the index rests before a write is tried again.
const restPause = 5 * time.Second

// watchEvery is how often it is looked whether scorch has failed while nobody was writing.
const watchEvery = time.Second

// rest is the state after a write has failed, as on a full disk: the index is open for reading only. Left to itself scorch
// would try again and again without a pause, with one more segment in memory for each batch that failed.
type rest struct {
	pause time.Duration
	cause error     // why it rests; nil when it does not
	until time.Time // when it may be tried again
}

// goToRest opens the index anew for reading, without what could not be put on disk.
func (x *Index) goToRest(failed *scorch.Scorch, cause error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || x.rest.cause != nil || x.scorch != failed {
		return // somebody else was quicker
	}
	slog.Error("the search index cannot be written, and rests; what it misses is made up for later", "folder", x.folder, "error", cause)
	x.rest.cause = cause
	x.reopen(forReading)
}

// wake ends the rest when it is time to, and says why the index rests if it is not.
func (x *Index) wake() error {
	x.mu.RLock()
	rests := x.rest.cause != nil
	x.mu.RUnlock()
	if !rests {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.closed || x.rest.cause == nil:
		return nil
	case time.Now().Before(x.rest.until):
		return x.rest.cause
	}
	if full := x.wantRoom(leastRoom); full != nil {
		x.rest.cause, x.rest.until = full, time.Now().Add(x.rest.pause)
		return full
	}
	x.reopen(forWriting)
	if x.scorch == nil {
		return x.rest.cause
	}
	slog.Info("the search index is written again", "folder", x.folder)
	x.rest.cause = nil
	return nil
}

// reopen opens the index as it is on disk. When that fails it has none, until the next try. The caller holds x.mu.
func (x *Index) reopen(m mode) {
	x.rest.until = time.Now().Add(x.rest.pause)
	if err := closeScorch(x.scorch); err != nil {
		slog.Warn("closing the search index", "folder", x.folder, "error", err)
	}
	x.scorch = nil
	// The next segments may get the numbers of those that were given up.
	x.columns = newColumnCache()
	s, err := x.openScorch(m)
	if err != nil {
		x.rest.cause = fmt.Errorf("opening the search index in %s again: %w", x.folder, err)
		return
	}
	x.scorch = s
}

// openScorch opens the index as it is on disk. Scorch closes itself on some of the faults that it finds then, and panics
// when it is closed twice, so it is left as it is.
func (x *Index) openScorch(m mode) (opened *scorch.Scorch, err error) {
	defer func() {
		if p := recover(); p != nil {
			opened, err = nil, fmt.Errorf("reading it panics: %v", p)
		}
	}()
	s, err := x.newScorch(filepath.Join(x.folder, indexFolder), m)
	if err != nil {
		return nil, err
	}
	if err := s.Open(); err != nil {
		return nil, err
	}
	return s, nil
}

func closeScorch(s *scorch.Scorch) error {
	if s == nil {
		return nil
	}
	return s.Close()
}

// leastRoom is how much room there must be for the index to be written, in bytes.
const leastRoom = 1 << 20

// mostRoom bounds what is written to find out whether there is room, in bytes.
const mostRoom = 64 << 20

// reason returns search.ErrFull when that is why scorch failed, which tells nobody; else the failure itself. It needs room
// for what it was given to write, in bytes, and for merging as much as there is.
func (x *Index) reason(failure error, size int) error {
	files, _ := os.ReadDir(filepath.Join(x.folder, indexFolder)) // without it, it is only less certain
	var held int64
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			held += info.Size()
		}
	}
	if full := x.wantRoom(min(max(size, int(held)), mostRoom)); full != nil {
		return full
	}
	return failure
}

// wantRoom returns search.ErrFull when there is no room for a file of the size in bytes.
func (x *Index) wantRoom(size int) error {
	file, err := os.Create(filepath.Join(x.folder, roomFile))
	if err == nil {
		defer os.Remove(file.Name())
		defer file.Close()
		block := make([]byte, leastRoom)
		for ; err == nil && size > 0; size -= len(block) {
			_, err = file.Write(block)
		}
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", search.ErrFull, err)
	}
	return nil
}

// watch sends the index to rest when scorch fails at what it does on its own, until the index is closed.
func (x *Index) watch() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-x.done:
			return
		case <-tick.C:
		}
		x.mu.RLock()
		s, rests := x.scorch, x.rest.cause != nil
		x.mu.RUnlock()
		if rests || !hasFailed(s) {
			continue
		}
		x.goToRest(s, x.reason(errNotWritten, leastRoom))
	}
}
