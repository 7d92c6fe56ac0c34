package bleveindex

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"collateral/internal/search"
)

// SetSynonyms keeps the table beside the documents. Queries are widened by it when they come.
func (x *Index) SetSynonyms(ctx context.Context, groups [][]string) error {
	if err := x.setSynonyms(ctx, groups); err != nil {
		return fmt.Errorf("setting the synonyms of the search index: %w", err)
	}
	return nil
}

func (x *Index) setSynonyms(ctx context.Context, groups [][]string) error {
	table, err := json.Marshal(groups)
	if err != nil {
		return err
	}
	x.setting.Lock()
	defer x.setting.Unlock()
	batch := index.NewBatch()
	batch.SetInternal([]byte(synonymsKey), table)
	if err := x.write(ctx, batch); err != nil {
		return err
	}
	x.synonyms.Store(search.NewSynonyms(groups))
	return nil
}

// loadSynonyms reads the table that was set last. There is none in a new index.
func (x *Index) loadSynonyms(snapshot *scorch.IndexSnapshot) error {
	table, err := snapshot.GetInternal([]byte(synonymsKey))
	if err != nil || len(table) == 0 {
		return err
	}
	var groups [][]string
	if err := json.Unmarshal(table, &groups); err != nil {
		return fmt.Errorf("reading the synonyms: %w", err)
	}
	x.synonyms.Store(search.NewSynonyms(groups))
	return nil
}
