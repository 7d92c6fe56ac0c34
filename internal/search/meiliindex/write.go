package meiliindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// How much goes into one request. A server takes 100 MB unless it is told otherwise, and a proxy before it less.
const (
	batchDocuments = 1000
	batchBytes     = 8 << 20
)

// sent is a document as it is sent.
type sent struct {
	id   string
	body json.RawMessage
}

// Put stores the documents in batches of bounded size, and waits until they are in.
func (x *Index) Put(ctx context.Context, docs ...search.Document) error {
	if err := x.putInto(ctx, x.name, docs); err != nil {
		return fmt.Errorf("putting documents into the search index: %w", err)
	}
	return nil
}

func (x *Index) putInto(ctx context.Context, uid string, docs []search.Document) error {
	w := &writer{index: x, uid: uid, refused: make(map[string]string)}
	last := make(map[string]int, len(docs))
	for i := range docs {
		last[docs[i].ID] = i
	}
	var batch []sent
	size := 0
	for i := range docs {
		d := &docs[i]
		if d.ID == "" {
			return errors.New("a document has no id")
		}
		if last[d.ID] != i {
			continue
		}
		body, err := newDocument(d)
		if err != nil {
			w.refused[d.ID] = err.Error()
			continue
		}
		if len(batch) > 0 && (len(batch) == batchDocuments || size+len(body) > batchBytes) {
			if err := w.write(ctx, batch); err != nil {
				return err
			}
			batch, size = nil, 0
		}
		batch, size = append(batch, sent{d.ID, body}), size+len(body)
	}
	if err := w.write(ctx, batch); err != nil {
		return err
	}
	if len(w.refused) > 0 {
		return &search.Refused{Documents: w.refused}
	}
	return nil
}

// writer puts batches into one index, and notes which documents the server refuses.
type writer struct {
	index   *Index
	uid     string
	refused map[string]string // why, by id
}

// write sends a batch. One bad document fails its whole batch: then each half is sent by itself, until it is alone.
func (w *writer) write(ctx context.Context, batch []sent) error {
	if len(batch) == 0 {
		return nil
	}
	bodies := make([]json.RawMessage, len(batch))
	for i, s := range batch {
		bodies[i] = s.body
	}
	id := fieldKey
	err := w.index.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return w.index.client.Index(w.uid).AddDocumentsWithContext(ctx, bodies, &meilisearch.DocumentOptions{PrimaryKey: &id})
	})
	switch {
	case err == nil:
		return nil
	case !blames(err):
		return err
	case len(batch) == 1:
		w.refused[batch[0].id] = err.Error()
		return nil
	}
	half := len(batch) / 2
	if err := w.write(ctx, batch[:half]); err != nil {
		return err
	}
	return w.write(ctx, batch[half:])
}

// blames tells whether an error is the fault of the documents: the server could not read them, or they are too large for it
// or for a proxy before it.
func blames(err error) bool {
	return !hasFault(err, codeNotFound) &&
		(errors.Is(err, errBlamed) || isStatus(err, http.StatusRequestEntityTooLarge) || isStatus(err, http.StatusBadRequest))
}

// Delete removes the documents, and waits until they are gone. What cannot be a key was never put.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	var keys []string
	for _, id := range ids {
		if k, err := key(id); err == nil {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.Index(x.name).DeleteDocumentsWithContext(ctx, keys, nil)
	})
	if err != nil {
		return fmt.Errorf("deleting documents from the search index: %w", err)
	}
	return nil
}

// Flush has nothing to wait for: what Put, Delete and SetSynonyms wrote is visible when they return.
func (x *Index) Flush(ctx context.Context) error { return ctx.Err() }

// revisionsPerPage is how many are read at a time.
const revisionsPerPage = 1000

// Revisions reads them page by page, in the order of keys. What is put or deleted meanwhile may be missing.
func (x *Index) Revisions(ctx context.Context) (map[string]string, error) {
	revisions := make(map[string]string)
	for offset := int64(0); ; offset += revisionsPerPage {
		var page meilisearch.DocumentsResult
		err := x.call(ctx, func(ctx context.Context) error {
			return x.client.Index(x.name).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{
				Offset: offset, Limit: revisionsPerPage, Fields: []string{fieldKey, fieldRevision}, Sort: []string{fieldKey + ":asc"},
			}, &page)
		})
		if err != nil {
			return nil, fmt.Errorf("listing the revisions of the search index: %w", err)
		}
		for _, found := range page.Results {
			var d struct {
				ID       string `json:"id"`
				Revision string `json:"revision"`
			}
			if err := found.DecodeInto(&d); err != nil {
				return nil, fmt.Errorf("listing the revisions of the search index: %w", err)
			}
			revisions[idOf(d.ID)] = d.Revision
		}
		if len(page.Results) < revisionsPerPage {
			return revisions, nil
		}
	}
}
