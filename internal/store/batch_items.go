package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// batchItemRow is a row of batch_items.
type batchItemRow struct {
	BatchID    uuid.UUID
	N          int
	Line       int
	Source     string
	IsLink     bool
	Cells      string
	Digest     string
	AssetID    uuid.NullUUID
	VersionID  uuid.NullUUID
	ImportedAt *time.Time
}

func (batchItemRow) TableName() string { return "batch_items" }

func (r batchItemRow) item() *collateral.BatchItem {
	return &collateral.BatchItem{BatchID: r.BatchID, N: r.N, Line: r.Line, Source: r.Source, IsLink: r.IsLink, Cells: r.Cells, Digest: r.Digest,
		AssetID: r.AssetID.UUID, VersionID: r.VersionID.UUID, ImportedAt: r.ImportedAt, State: collateral.ItemAwaiting}
}

// AddBatchItems stores rows that await their files.
func (s *Store) AddBatchItems(ctx context.Context, items []collateral.BatchItem) error {
	if len(items) == 0 {
		return nil
	}
	rows := make([]batchItemRow, len(items))
	for i, item := range items {
		rows[i] = batchItemRow{BatchID: item.BatchID, N: item.N, Line: item.Line, Source: item.Source, IsLink: item.IsLink, Cells: item.Cells, Digest: item.Digest}
	}
	return translate(s.writer(ctx).CreateInBatches(&rows, 200).Error)
}

// ChangeBatchItem replaces what a row says that awaits its file, and where it stands in the CSV.
func (s *Store) ChangeBatchItem(ctx context.Context, item collateral.BatchItem) error {
	return translate(s.writer(ctx).Exec("UPDATE batch_items SET line = ?, cells = ?, digest = ? WHERE batch_id = ? AND n = ? AND imported_at IS NULL",
		item.Line, item.Cells, item.Digest, item.BatchID, item.N).Error)
}

// DropBatchItem removes a row that awaits its file.
func (s *Store) DropBatchItem(ctx context.Context, batch uuid.UUID, n int) error {
	return translate(s.writer(ctx).Exec("DELETE FROM batch_items WHERE batch_id = ? AND n = ? AND imported_at IS NULL", batch, n).Error)
}

// ImportedBatchItem records what became of a row. The row's text goes: from now on the piece says it.
func (s *Store) ImportedBatchItem(ctx context.Context, item *collateral.BatchItem) error {
	return translate(s.writer(ctx).Exec("UPDATE batch_items SET cells = '', asset_id = ?, version_id = ?, imported_at = ? WHERE batch_id = ? AND n = ?",
		item.AssetID, item.VersionID, item.ImportedAt, item.BatchID, item.N).Error)
}

// LockBatchItem returns the row of a batch with this source, and keeps others from importing it until the transaction
// ends. SQLite has one writer at a time anyway.
func (s *Store) LockBatchItem(ctx context.Context, batch uuid.UUID, source string) (*collateral.BatchItem, error) {
	query := "SELECT * FROM batch_items WHERE batch_id = ? AND source = ?"
	if s.Dialect() == Postgres {
		query += " FOR UPDATE"
	}
	return s.batchItem(ctx, query, batch, source)
}

// BatchItem returns the row of a batch with this source, without its piece.
func (s *Store) BatchItem(ctx context.Context, batch uuid.UUID, source string) (*collateral.BatchItem, error) {
	return s.batchItem(ctx, "SELECT * FROM batch_items WHERE batch_id = ? AND source = ?", batch, source)
}

func (s *Store) batchItem(ctx context.Context, query string, batch uuid.UUID, source string) (*collateral.BatchItem, error) {
	var rows []batchItemRow
	if err := s.reader(ctx).Raw(query, batch, source).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	if len(rows) == 0 {
		return nil, collateral.Errorf(collateral.NotFound, "The batch has no row %.200q.", source)
	}
	return rows[0].item(), nil
}

// AllBatchItems returns the rows of a batch in their order, without their pieces.
func (s *Store) AllBatchItems(ctx context.Context, batch uuid.UUID) ([]*collateral.BatchItem, error) {
	var rows []batchItemRow
	if err := s.reader(ctx).Raw("SELECT * FROM batch_items WHERE batch_id = ? ORDER BY n", batch).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	items := make([]*collateral.BatchItem, len(rows))
	for i, r := range rows {
		items[i] = r.item()
	}
	return items, nil
}

// BatchItems returns one page of a batch's rows in their order, with their pieces as far as the scope covers these, and
// the next page's cursor. With states, only rows that stand there are listed.
func (s *Store) BatchItems(ctx context.Context, scope collateral.Scope, batch uuid.UUID, states []collateral.ItemState, paging collateral.Paging) ([]*collateral.BatchItem, string, error) {
	list := "batches/" + batch.String()
	after, err := paging.AfterNumber(list, 0)
	if err != nil {
		return nil, "", err
	}
	query, args := "SELECT * FROM batch_items i WHERE batch_id = ? AND n > ?", []any{batch, after}
	if len(states) > 0 {
		condition, more := standsIn(batch, states)
		query, args = query+" AND "+condition, append(args, more...)
	}
	var rows []batchItemRow
	if err := s.reader(ctx).Raw(query+" ORDER BY n LIMIT ?", append(args, paging.Limit+1)...).Scan(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	rows, next := pageOf(rows, paging.Limit, func(r batchItemRow) string { return collateral.Cursor(list, strconv.Itoa(r.N)) })
	items := make([]*collateral.BatchItem, len(rows))
	for i, r := range rows {
		items[i] = r.item()
	}
	return items, next, s.FillBatchItems(ctx, scope, items)
}

// standsIn is the condition that a row of a batch stands in one of the states.
func standsIn(batch uuid.UUID, states []collateral.ItemState) (string, []any) {
	conditions := []string{"i.asset_id IN (SELECT a.id " + assetFrom + " WHERE " + inBatch + " AND (" + itemState + ") IN ?)"}
	args := []any{batch, states}
	if slices.Contains(states, collateral.ItemAwaiting) {
		conditions = append(conditions, "i.imported_at IS NULL")
	}
	if slices.Contains(states, collateral.ItemDeleted) {
		conditions = append(conditions, "i.imported_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assets gone WHERE gone.id = i.asset_id)")
	}
	return "(" + strings.Join(conditions, " OR ") + ")", args
}

// FillBatchItems loads where rows stand, and their pieces as far as the scope covers these.
func (s *Store) FillBatchItems(ctx context.Context, scope collateral.Scope, items []*collateral.BatchItem) error {
	var ids []uuid.UUID
	for _, i := range items {
		if i.ImportedAt != nil {
			i.State = collateral.ItemDeleted // unless its piece is found
			ids = append(ids, i.AssetID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var states []struct {
		ID    uuid.UUID
		State collateral.ItemState
	}
	if err := s.reader(ctx).Raw("SELECT a.id, "+itemState+" AS state "+assetFrom+" WHERE "+s.among("a.id", "?"), s.idSet(ids)).Scan(&states).Error; err != nil {
		return translate(err)
	}
	assets, err := s.AssetsByID(ctx, scope, ids)
	if err != nil {
		return err
	}
	standing := make(map[uuid.UUID]collateral.ItemState, len(states))
	for _, st := range states {
		standing[st.ID] = st.State
	}
	pieces := make(map[uuid.UUID]*collateral.Asset, len(assets))
	for _, a := range assets {
		pieces[a.ID] = a
	}
	for _, i := range items {
		if state, ok := standing[i.AssetID]; ok && i.ImportedAt != nil {
			i.State, i.Asset = state, pieces[i.AssetID]
		}
	}
	return nil
}

// BatchSources returns the paths of the files that pieces were made from, by version.
func (s *Store) BatchSources(ctx context.Context) (map[uuid.UUID]string, error) {
	var rows []struct {
		VersionID uuid.UUID
		Source    string
	}
	err := s.reader(ctx).Raw("SELECT version_id, source FROM batch_items WHERE imported_at IS NOT NULL AND NOT is_link").Scan(&rows).Error
	sources := make(map[uuid.UUID]string, len(rows))
	for _, r := range rows {
		sources[r.VersionID] = r.Source
	}
	return sources, translate(err)
}
