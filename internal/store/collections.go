package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

const collectionColumns = `c.id, c.name, c.created_at, c.changed_at,
	(SELECT count(*) FROM collection_items i WHERE i.collection_id = c.id) AS pieces`

// Collections returns the person's collections by name.
func (s *Store) Collections(ctx context.Context, user uuid.UUID) ([]collateral.Collection, error) {
	var all []collateral.Collection
	err := s.reader(ctx).Raw("SELECT "+collectionColumns+" FROM collections c WHERE c.user_id = ? ORDER BY lower(c.name), c.id", user).Scan(&all).Error
	return all, translate(err)
}

// Collection returns one collection of the person.
func (s *Store) Collection(ctx context.Context, user, id uuid.UUID) (*collateral.Collection, error) {
	var found []collateral.Collection
	err := s.reader(ctx).Raw("SELECT "+collectionColumns+" FROM collections c WHERE c.id = ? AND c.user_id = ?", id, user).Scan(&found).Error
	if err != nil {
		return nil, translate(err)
	}
	if len(found) == 0 {
		return nil, noCollection()
	}
	return &found[0], nil
}

func noCollection() error {
	return collateral.Errorf(collateral.NotFound, "There is no such collection of yours.")
}

// CollectionsWith returns which of the person's collections hold the asset.
func (s *Store) CollectionsWith(ctx context.Context, user, asset uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT c.id FROM collections c JOIN collection_items i ON i.collection_id = c.id
		WHERE c.user_id = ? AND i.asset_id = ?`, user, asset).Scan(&ids).Error
	return ids, translate(err)
}

// AddCollection stores an empty collection. A name that the person has used already is a Conflict.
func (s *Store) AddCollection(ctx context.Context, user uuid.UUID, c collateral.Collection) error {
	err := s.writer(ctx).Exec("INSERT INTO collections (id, user_id, name, created_at, changed_at) VALUES (?, ?, ?, ?, ?)",
		c.ID, user, c.Name, c.CreatedAt, c.ChangedAt).Error
	return takenName(err)
}

// RenameCollection gives a collection of the person another name, with the Conflict of AddCollection.
func (s *Store) RenameCollection(ctx context.Context, user, id uuid.UUID, name string) error {
	return takenName(s.writer(ctx).Exec("UPDATE collections SET name = ? WHERE id = ? AND user_id = ?", name, id, user).Error)
}

func takenName(err error) error {
	if err != nil && faultOf(err) == duplicate {
		return collateral.CollectionTaken()
	}
	return translate(err)
}

// TouchCollection notes that a collection of the person changes, and keeps others from changing it until the transaction
// ends.
func (s *Store) TouchCollection(ctx context.Context, user, id uuid.UUID, at time.Time) error {
	known, err := found(s.writer(ctx).Exec("UPDATE collections SET changed_at = ? WHERE id = ? AND user_id = ?", at, id, user))
	if err == nil && !known {
		return noCollection()
	}
	return err
}

// DeleteCollection removes a collection with its list.
func (s *Store) DeleteCollection(ctx context.Context, id uuid.UUID) error {
	db := s.writer(ctx)
	if err := db.Exec("DELETE FROM collection_items WHERE collection_id = ?", id).Error; err != nil {
		return translate(err)
	}
	return translate(db.Exec("DELETE FROM collections WHERE id = ?", id).Error)
}

// Collected returns what is in a collection, in its order.
func (s *Store) Collected(ctx context.Context, id uuid.UUID) ([]KeptRow, error) {
	var rows []KeptRow
	err := s.reader(ctx).Raw("SELECT asset_id, title, added_at FROM collection_items WHERE collection_id = ? ORDER BY position, asset_id", id).Scan(&rows).Error
	return rows, translate(err)
}

// SetCollected makes what is in a collection, and its order, that of the rows.
func (s *Store) SetCollected(ctx context.Context, id uuid.UUID, rows []KeptRow) error {
	if err := s.writer(ctx).Exec("DELETE FROM collection_items WHERE collection_id = ?", id).Error; err != nil {
		return translate(err)
	}
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{id, r.AssetID, i + 1, r.Title, r.AddedAt}
	}
	return translate(s.insertMany(ctx, "collection_items", []column{
		{"collection_id", "uuid"}, {"asset_id", "uuid"}, {"position", "bigint"}, {"title", "text"}, {"added_at", "timestamptz"},
	}, values, ""))
}
