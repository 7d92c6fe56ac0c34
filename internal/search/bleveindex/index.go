// Package bleveindex is the search.Index that lives in a folder: Bleve's scorch index, used by its segments. It holds
// what the caller puts there and nothing else; it does not know where documents come from, and when its folder cannot
// be read it begins anew and says so.
//
// It does not use Bleve's query language or scoring. A query walks the term dictionary for inflections, beginnings and
// faults, combines posting lists as bitmaps, counts facets by intersecting them, and scores by rules (title before tags
// before summary before text, right before mistyped) that statistics of terms could not promise.
package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"collateral/internal/search"
)

// errClosed is what a closed Index answers.
var errClosed = errors.New("the search index is closed")

// How much goes into one batch: a batch is one segment and one commit.
const (
	batchDocuments = 1000
	batchBytes     = 16 << 20
)

// Index is a search index in a folder. It has the folder to itself until Close.
type Index struct {
	folder   string
	lock     *folderLock
	analysis *index.AnalysisQueue
	columns  *columnCache
	scorers  scorers
	written  atomic.Uint64 // counts batches; see writtenKey

	setting  sync.Mutex // held while the synonyms are set, so that what is kept is what is used
	synonyms atomic.Pointer[search.Synonyms]

	mu     sync.RWMutex // held for reading while the scorch index is in use
	scorch *scorch.Scorch
	rest   rest // from writing, because a write failed
	closed bool

	done chan struct{}  // closed when the index is
	ends sync.WaitGroup // of the watch
}

var _ search.Index = (*Index)(nil)

// Put stores the documents in batches of bounded size.
func (x *Index) Put(ctx context.Context, docs ...search.Document) error {
	batch, size := index.NewBatch(), 0
	for i := range docs {
		d := &docs[i]
		if d.ID == "" {
			return errors.New("putting documents into the search index: a document has no id")
		}
		batch.Update(newDocument(d))
		for _, page := range d.Pages {
			size += len(page)
		}
		if len(batch.IndexOps) < batchDocuments && size < batchBytes {
			continue
		}
		if err := x.write(ctx, batch); err != nil {
			return fmt.Errorf("putting documents into the search index: %w", err)
		}
		batch, size = index.NewBatch(), 0
	}
	if err := x.write(ctx, batch); err != nil {
		return fmt.Errorf("putting documents into the search index: %w", err)
	}
	return nil
}

// Delete removes the documents in one batch.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	batch := index.NewBatch()
	for _, id := range ids {
		batch.Delete(id)
	}
	if err := x.write(ctx, batch); err != nil {
		return fmt.Errorf("deleting documents from the search index: %w", err)
	}
	return nil
}

// Flush has nothing to wait for: what Put and Delete wrote is visible when they return.
func (x *Index) Flush(ctx context.Context) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return fmt.Errorf("flushing the search index: %w", errClosed)
	}
	return ctx.Err()
}

// snapshot returns what is in the index now. It stays as it is until release is called.
func (x *Index) snapshot() (snapshot *scorch.IndexSnapshot, release func(), err error) {
	x.mu.RLock()
	if x.closed {
		x.mu.RUnlock()
		return nil, nil, errClosed
	}
	if x.scorch == nil {
		x.mu.RUnlock()
		return nil, nil, x.rest.cause
	}
	snapshot, err = currentSnapshot(x.scorch)
	if err != nil {
		x.mu.RUnlock()
		return nil, nil, err
	}
	return snapshot, func() {
		// The snapshot's only fault on closing is one of unmapping a file that is no longer needed.
		_ = snapshot.Close()
		x.mu.RUnlock()
	}, nil
}

// Close waits for what is under way and gives the folder back. Closing twice is no fault.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	close(x.done)
	x.mu.Unlock()
	x.ends.Wait()
	x.mu.Lock()
	err := closeScorch(x.scorch)
	x.analysis.Close()
	if err := errors.Join(err, x.lock.release()); err != nil {
		return fmt.Errorf("closing the search index in %s: %w", x.folder, err)
	}
	return nil
}

func currentSnapshot(s *scorch.Scorch) (*scorch.IndexSnapshot, error) {
	reader, err := s.Reader()
	if err != nil {
		return nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok || snapshot == nil {
		return nil, fmt.Errorf("scorch gave a reader of type %T", reader)
	}
	return snapshot, nil
}
