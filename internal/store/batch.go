package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// OpenBatch stores a batch, or returns the one that its maker has under this name already, and keeps others from changing
// its rows until the transaction ends.
func (s *Store) OpenBatch(ctx context.Context, b *collateral.Batch) (*collateral.Batch, error) {
	var rows []batchRow
	// The row is written even when it exists: that locks it on PostgreSQL.
	err := s.writer(ctx).Raw(`INSERT INTO batches (id, name, made_by, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (made_by, name) DO UPDATE SET name = excluded.name RETURNING id, name, made_by, created_at`,
		b.ID, b.Name, b.MadeBy, b.CreatedAt).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	return rows[0].batch(), nil
}

// batchRow is a row of batches.
type batchRow struct {
	ID        uuid.UUID
	Name      string
	MadeBy    uuid.UUID
	CreatedAt time.Time
}

func (r batchRow) batch() *collateral.Batch {
	return &collateral.Batch{ID: r.ID, Name: r.Name, MadeBy: r.MadeBy, CreatedAt: r.CreatedAt}
}

// batchVisible is the Scope as a condition on batches: a person's own, and for admins all.
const batchVisible = "(? OR made_by = ?)"

// Batch returns a batch with its counts, if the scope covers it.
func (s *Store) Batch(ctx context.Context, scope collateral.Scope, id uuid.UUID) (*collateral.Batch, error) {
	batches, err := s.batchesWhere(ctx, "id = ? AND "+batchVisible, id, scope.All, scope.UserID)
	if err != nil {
		return nil, err
	}
	if len(batches) == 0 {
		return nil, collateral.Errorf(collateral.NotFound, "There is no such batch, or it is not for you to see.")
	}
	return batches[0], nil
}

// BatchNamed returns the maker's batch of this name with its counts, or nil.
func (s *Store) BatchNamed(ctx context.Context, maker uuid.UUID, name string) (*collateral.Batch, error) {
	batches, err := s.batchesWhere(ctx, "made_by = ? AND name = ?", maker, name)
	if err != nil || len(batches) == 0 {
		return nil, err
	}
	return batches[0], nil
}

// Batches returns one page of the batches that the scope covers, the newest first, and the next page's cursor.
func (s *Store) Batches(ctx context.Context, scope collateral.Scope, paging collateral.Paging) ([]*collateral.Batch, string, error) {
	after, err := paging.AfterID("batches")
	if err != nil {
		return nil, "", err
	}
	condition, args := batchVisible, []any{scope.All, scope.UserID}
	if after != uuid.Nil {
		condition, args = condition+" AND id < ?", append(args, after)
	}
	batches, err := s.batchesWhere(ctx, condition+" ORDER BY id DESC LIMIT ?", append(args, paging.Limit+1)...)
	if err != nil {
		return nil, "", err
	}
	batches, next := pageOf(batches, paging.Limit, func(b *collateral.Batch) string { return collateral.Cursor("batches", b.ID.String()) })
	return batches, next, nil
}

func (s *Store) batchesWhere(ctx context.Context, condition string, args ...any) ([]*collateral.Batch, error) {
	var rows []batchRow
	if err := s.reader(ctx).Raw("SELECT id, name, made_by, created_at FROM batches WHERE "+condition, args...).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	batches := make([]*collateral.Batch, len(rows))
	for i, r := range rows {
		batches[i] = r.batch()
		var err error
		if batches[i].Counts, err = s.batchCounts(ctx, r.ID); err != nil {
			return nil, err
		}
	}
	return batches, nil
}

// itemState is collateral.ItemStateOf in SQL on assetFrom; a test holds the two together.
const itemState = `CASE WHEN (` + assetState + `) <> 'draft' THEN (` + assetState + `)
	WHEN nv.id IS NULL OR EXISTS (SELECT 1 FROM purges pu WHERE pu.version_id = nv.id)
		OR NOT EXISTS (SELECT 1 FROM asset_stages ast WHERE ast.asset_id = a.id AND ast.is_primary) THEN 'incomplete'
	ELSE 'draft'
END`

// inBatch restricts assetFrom to the pieces of one batch.
const inBatch = "a.id IN (SELECT bi.asset_id FROM batch_items bi WHERE bi.batch_id = ?)"

// batchCounts counts the rows of a batch by where they stand; states without a row are missing.
func (s *Store) batchCounts(ctx context.Context, batch uuid.UUID) (map[collateral.ItemState]int, error) {
	db := s.reader(ctx)
	var rows struct{ Awaiting, Made int }
	err := db.Raw(`SELECT count(CASE WHEN imported_at IS NULL THEN 1 END) AS awaiting, count(imported_at) AS made
		FROM batch_items WHERE batch_id = ?`, batch).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	var pieces []struct {
		State  collateral.ItemState
		Pieces int
	}
	err = db.Raw("SELECT state, count(*) AS pieces FROM (SELECT "+itemState+" AS state "+assetFrom+" WHERE "+inBatch+") standing GROUP BY state", batch).Scan(&pieces).Error
	if err != nil {
		return nil, translate(err)
	}
	counts := map[collateral.ItemState]int{}
	if rows.Awaiting > 0 {
		counts[collateral.ItemAwaiting] = rows.Awaiting
	}
	for _, p := range pieces {
		counts[p.State] = p.Pieces
		rows.Made -= p.Pieces
	}
	if rows.Made > 0 {
		counts[collateral.ItemDeleted] = rows.Made
	}
	return counts, nil
}
