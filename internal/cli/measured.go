package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"collateral/internal/blob"
	"collateral/internal/metrics"
	"collateral/internal/search"
)

// Engines whose calls are counted. What an engine can do beyond its port goes on to be seen.

// measuredBlobs are blobs that report calls.
func measuredBlobs(s blob.Store, m *metrics.Metrics) blob.Store {
	engine, ok := s.(blobEngine)
	if !ok {
		return s
	}
	counted := &countedBlobs{blobEngine: engine, metrics: m}
	if linker, ok := s.(blob.Linker); ok {
		return struct {
			*countedBlobs
			blob.Linker
		}{counted, linker}
	}
	return counted
}

// blobEngine is what both engines can do.
type blobEngine interface {
	blob.Store
	blob.Sweeper
	blob.Prober
	blob.Marker
}

type countedBlobs struct {
	blobEngine

	metrics *metrics.Metrics
}

func (c *countedBlobs) tell(ctx context.Context, call string, began time.Time, err error) {
	if errors.Is(err, blob.ErrNotFound) || ctx.Err() != nil {
		err = nil // the store has done its part
	}
	c.metrics.Blob(call, err, time.Since(began))
}

// Put implements blob.Store. A body that breaks off is no fault of the store's.
func (c *countedBlobs) Put(ctx context.Context, r io.Reader) (blob.Info, error) {
	began, body := time.Now(), &body{Reader: r}
	info, err := c.blobEngine.Put(ctx, body)
	if body.broke {
		c.tell(ctx, "put", began, nil)
	} else {
		c.tell(ctx, "put", began, err)
	}
	return info, err
}

// Open implements blob.Store.
func (c *countedBlobs) Open(ctx context.Context, digest string) (blob.File, blob.Info, error) {
	began := time.Now()
	f, info, err := c.blobEngine.Open(ctx, digest)
	c.tell(ctx, "open", began, err)
	return f, info, err
}

// Stat implements blob.Store.
func (c *countedBlobs) Stat(ctx context.Context, digest string) (blob.Info, error) {
	began := time.Now()
	info, err := c.blobEngine.Stat(ctx, digest)
	c.tell(ctx, "stat", began, err)
	return info, err
}

// Delete implements blob.Store.
func (c *countedBlobs) Delete(ctx context.Context, digest string) error {
	began := time.Now()
	err := c.blobEngine.Delete(ctx, digest)
	c.tell(ctx, "delete", began, err)
	return err
}

// body remembers whether reading it failed.
type body struct {
	io.Reader

	broke bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.broke = b.broke || err != nil && err != io.EOF
	return n, err
}

// measuredIndex is an index that reports calls.
func measuredIndex(x search.Index, m *metrics.Metrics) search.Index {
	counted := &countedIndex{Index: x, metrics: m}
	if rebuilder, ok := x.(search.Rebuilder); ok {
		return &countedRebuilder{countedIndex: counted, rebuilder: rebuilder}
	}
	return counted
}

type countedIndex struct {
	search.Index

	metrics *metrics.Metrics
}

func (c *countedIndex) tell(ctx context.Context, call string, began time.Time, err error) {
	if ctx.Err() != nil {
		err = nil // who asked has gone
	}
	c.metrics.Search(call, err, time.Since(began))
}

// Query implements search.Index.
func (c *countedIndex) Query(ctx context.Context, q search.Query) (search.Page, error) {
	began := time.Now()
	page, err := c.Index.Query(ctx, q)
	c.tell(ctx, "query", began, err)
	return page, err
}

// Complete implements search.Index.
func (c *countedIndex) Complete(ctx context.Context, typed string, limit int) (search.Completions, error) {
	began := time.Now()
	found, err := c.Index.Complete(ctx, typed, limit)
	c.tell(ctx, "complete", began, err)
	return found, err
}

// Put implements search.Index.
func (c *countedIndex) Put(ctx context.Context, docs ...search.Document) error {
	began := time.Now()
	err := c.Index.Put(ctx, docs...)
	c.tell(ctx, "put", began, err)
	return err
}

// Delete implements search.Index.
func (c *countedIndex) Delete(ctx context.Context, ids ...string) error {
	began := time.Now()
	err := c.Index.Delete(ctx, ids...)
	c.tell(ctx, "delete", began, err)
	return err
}

type countedRebuilder struct {
	*countedIndex

	rebuilder search.Rebuilder
}

var _ search.Rebuilder = (*countedRebuilder)(nil)

// Rebuild implements search.Rebuilder.
func (c *countedRebuilder) Rebuild(ctx context.Context) (search.Rebuild, error) {
	return c.rebuilder.Rebuild(ctx)
}
