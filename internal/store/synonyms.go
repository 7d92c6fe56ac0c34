package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Synonyms returns every group of synonyms, the newest first.
func (s *Store) Synonyms(ctx context.Context) ([]collateral.SynonymGroup, error) {
	var rows []struct {
		ID        uuid.UUID
		ChangedAt time.Time
		Term      string
	}
	// Ids are UUIDv7: their order is the order of creation.
	err := s.reader(ctx).Raw(`SELECT g.id, g.changed_at, t.term FROM synonym_groups g
		JOIN synonym_terms t ON t.group_id = g.id ORDER BY g.id DESC, t.position`).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	var groups []collateral.SynonymGroup
	for _, r := range rows {
		if n := len(groups); n == 0 || groups[n-1].ID != r.ID {
			groups = append(groups, collateral.SynonymGroup{ID: r.ID, ChangedAt: r.ChangedAt})
		}
		last := &groups[len(groups)-1]
		last.Terms = append(last.Terms, r.Term)
	}
	return groups, nil
}

// LockSynonyms keeps others from changing the synonyms until the transaction ends.
func (s *Store) LockSynonyms(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil // one writer at a time anyway
	}
	return translate(s.writer(ctx).Exec("LOCK TABLE synonym_groups IN SHARE ROW EXCLUSIVE MODE").Error)
}

// PutSynonyms stores a group under its id, new or changed. Keys has the key of each term; one that is in another group
// is a Conflict.
func (s *Store) PutSynonyms(ctx context.Context, g *collateral.SynonymGroup, keys []string) error {
	db := s.writer(ctx)
	changed, err := found(db.Exec("UPDATE synonym_groups SET changed_at = ? WHERE id = ?", g.ChangedAt, g.ID))
	if err == nil && !changed {
		err = translate(db.Exec("INSERT INTO synonym_groups (id, changed_at) VALUES (?, ?)", g.ID, g.ChangedAt).Error)
	}
	if err != nil {
		return err
	}
	if err := db.Exec("DELETE FROM synonym_terms WHERE group_id = ?", g.ID).Error; err != nil {
		return translate(err)
	}
	for i, term := range g.Terms {
		err := db.Exec("INSERT INTO synonym_terms (group_id, position, term, term_key) VALUES (?, ?, ?, ?)", g.ID, i, term, keys[i]).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

// DeleteSynonyms removes a group and reports whether there was one.
func (s *Store) DeleteSynonyms(ctx context.Context, id uuid.UUID) (bool, error) {
	db := s.writer(ctx)
	if err := db.Exec("DELETE FROM synonym_terms WHERE group_id = ?", id).Error; err != nil {
		return false, translate(err)
	}
	return found(db.Exec("DELETE FROM synonym_groups WHERE id = ?", id))
}
