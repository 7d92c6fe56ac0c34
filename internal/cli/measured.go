package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"collateral/internal/blob"
	"collateral/internal/metrics"
	"collateral/internal/search"
	"collateral/internal/traces"
)

// Engines whose calls are counted and traced. What an engine can do beyond its port goes on to be seen.

// measuredBlobs are blobs that report calls.
func measuredBlobs(s blob.Store, m *metrics.Metrics, t *traces.Traces) blob.Store {
	engine, ok := s.(blobEngine)
	if !ok {
		return s
	}
	counted := &countedBlobs{blobEngine: engine, metrics: m, traces: t}
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
	traces  *traces.Traces
}

// call is one that has begun.
type call struct {
	name  string
	began time.Time
	span  traces.Span
}

func (c *countedBlobs) begin(ctx context.Context, name string) (context.Context, call) {
	ctx, span := c.traces.Call(ctx, "blob", name)
	return ctx, call{name, time.Now(), span}
}

func (c *countedBlobs) tell(ctx context.Context, of call, err error) {
	if errors.Is(err, blob.ErrNotFound) || ctx.Err() != nil {
		err = nil // the store has done its part
	}
	c.metrics.Blob(of.name, err, time.Since(of.began))
	of.span.End(err)
}

// Put implements blob.Store. A body that breaks off is no fault of the store's.
func (c *countedBlobs) Put(ctx context.Context, r io.Reader) (blob.Info, error) {
	ctx, call := c.begin(ctx, "put")
	body := &body{Reader: r}
	info, err := c.blobEngine.Put(ctx, body)
	if body.broke {
		c.tell(ctx, call, nil)
	} else {
		c.tell(ctx, call, err)
	}
	return info, err
}

// Open implements blob.Store.
func (c *countedBlobs) Open(ctx context.Context, digest string) (blob.File, blob.Info, error) {
	ctx, call := c.begin(ctx, "open")
	f, info, err := c.blobEngine.Open(ctx, digest)
	c.tell(ctx, call, err)
	return f, info, err
}

// Stat implements blob.Store.
func (c *countedBlobs) Stat(ctx context.Context, digest string) (blob.Info, error) {
	ctx, call := c.begin(ctx, "stat")
	info, err := c.blobEngine.Stat(ctx, digest)
	c.tell(ctx, call, err)
	return info, err
}

// Delete implements blob.Store.
func (c *countedBlobs) Delete(ctx context.Context, digest string) error {
	ctx, call := c.begin(ctx, "delete")
	err := c.blobEngine.Delete(ctx, digest)
	c.tell(ctx, call, err)
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
func measuredIndex(x search.Index, m *metrics.Metrics, t *traces.Traces) search.Index {
	counted := &countedIndex{Index: x, metrics: m, traces: t}
	if rebuilder, ok := x.(search.Rebuilder); ok {
		return &countedRebuilder{countedIndex: counted, rebuilder: rebuilder}
	}
	return counted
}

type countedIndex struct {
	search.Index

	metrics *metrics.Metrics
	traces  *traces.Traces
}

func (c *countedIndex) begin(ctx context.Context, name string) (context.Context, call) {
	ctx, span := c.traces.Call(ctx, "search", name)
	return ctx, call{name, time.Now(), span}
}

func (c *countedIndex) tell(ctx context.Context, of call, err error) {
	if ctx.Err() != nil {
		err = nil // who asked has gone
	}
	c.metrics.Search(of.name, err, time.Since(of.began))
	of.span.End(err)
}

// Query implements search.Index.
func (c *countedIndex) Query(ctx context.Context, q search.Query) (search.Page, error) {
	ctx, call := c.begin(ctx, "query")
	page, err := c.Index.Query(ctx, q)
	c.tell(ctx, call, err)
	return page, err
}

// Complete implements search.Index.
func (c *countedIndex) Complete(ctx context.Context, typed string, limit int) (search.Completions, error) {
	ctx, call := c.begin(ctx, "complete")
	found, err := c.Index.Complete(ctx, typed, limit)
	c.tell(ctx, call, err)
	return found, err
}

// Put implements search.Index.
func (c *countedIndex) Put(ctx context.Context, docs ...search.Document) error {
	ctx, call := c.begin(ctx, "put")
	err := c.Index.Put(ctx, docs...)
	c.tell(ctx, call, err)
	return err
}

// Delete implements search.Index.
func (c *countedIndex) Delete(ctx context.Context, ids ...string) error {
	ctx, call := c.begin(ctx, "delete")
	err := c.Index.Delete(ctx, ids...)
	c.tell(ctx, call, err)
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
