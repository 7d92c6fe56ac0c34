package bleveindex

import (
	"os"
	"path/filepath"
	"testing"

	index "github.com/blevesearch/bleve_index_api"

	"collateral/internal/search"
)

func TestIndexOfAnotherVersionIsMadeAnew(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	x, _, err := Open(folder)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	if err := x.Put(t.Context(), search.Document{ID: "a", Title: "Freight"}); err != nil {
		t.Fatalf("Put: %v", err)
	}
	batch := index.NewBatch()
	batch.SetInternal([]byte(schemaKey), []byte("of another program"))
	if err := commit(x.scorch, batch); err != nil {
		t.Fatalf("commit: %v", err)
	}
	if err := x.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}

	x, fresh, err := Open(folder)
	if err != nil {
		t.Fatalf("Open of the other version: %v", err)
	}
	defer func() { _ = x.Close() }()
	if !fresh {
		t.Error("an index of another version opens as not fresh")
	}
	if ids, err := x.Revisions(t.Context()); err != nil || len(ids) > 0 {
		t.Errorf("got %d documents (%v), want none", len(ids), err)
	}
	if _, err := os.Stat(filepath.Join(folder, damagedFolder)); !os.IsNotExist(err) {
		t.Errorf("a sound index was kept as damaged: %v", err)
	}
}
