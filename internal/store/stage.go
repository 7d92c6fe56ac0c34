package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Stages returns the buying stages in use, in their order; with retired ones behind them if asked for.
func (s *Store) Stages(ctx context.Context, withRetired bool) ([]collateral.Stage, error) {
	db := s.reader(ctx)
	var rows []struct {
		ID         uuid.UUID
		Key        string
		Name       string
		Position   int
		AlwaysOn   bool
		MergedInto uuid.NullUUID
		RetiredAt  *time.Time
	}
	query := "SELECT id, key, name, position, always_on, merged_into, retired_at FROM stages"
	if !withRetired {
		query += " WHERE retired_at IS NULL"
	}
	if err := db.Raw(query + " ORDER BY (retired_at IS NOT NULL), position, key").Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	stages := make([]collateral.Stage, len(rows))
	index := make(map[uuid.UUID]int, len(rows))
	for i, r := range rows {
		index[r.ID] = i
		stages[i] = collateral.Stage{ID: r.ID, Key: r.Key, Name: r.Name, Position: r.Position, AlwaysOn: r.AlwaysOn,
			MergedInto: r.MergedInto.UUID, RetiredAt: r.RetiredAt}
	}
	for _, part := range []struct {
		table string
		list  func(*collateral.Stage) *[]string
	}{
		{"stage_questions", func(s *collateral.Stage) *[]string { return &s.Questions }},
		{"stage_milestones", func(s *collateral.Stage) *[]string { return &s.Milestones }},
	} {
		var texts []struct {
			StageID uuid.UUID
			Text    string
		}
		if err := db.Raw("SELECT stage_id, text FROM " + part.table + " ORDER BY stage_id, position").Scan(&texts).Error; err != nil {
			return nil, translate(err)
		}
		for _, t := range texts {
			if i, ok := index[t.StageID]; ok {
				list := part.list(&stages[i])
				*list = append(*list, t.Text)
			}
		}
	}
	return stages, nil
}

// LockStages keeps others from changing the stages until the transaction ends.
func (s *Store) LockStages(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil // one writer at a time anyway
	}
	return translate(s.writer(ctx).Exec("LOCK TABLE stages IN SHARE ROW EXCLUSIVE MODE").Error)
}

// HoldStages keeps the stages as they are until the transaction ends, beside others that hold them: a tag that is written
// meanwhile names none that has just been retired.
func (s *Store) HoldStages(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil // one writer at a time anyway
	}
	return translate(s.writer(ctx).Exec("LOCK TABLE stages IN ROW EXCLUSIVE MODE").Error) // what LockStages waits for
}

// PutStage stores a stage under its id with its questions and milestones, new or changed.
func (s *Store) PutStage(ctx context.Context, st *collateral.Stage) error {
	db := s.writer(ctx)
	changed, err := found(db.Exec("UPDATE stages SET key = ?, name = ?, position = ?, always_on = ? WHERE id = ?",
		st.Key, st.Name, st.Position, st.AlwaysOn, st.ID))
	if err == nil && !changed {
		err = translate(db.Exec("INSERT INTO stages (id, key, name, position, always_on, created_at) VALUES (?, ?, ?, ?, ?, ?)",
			st.ID, st.Key, st.Name, st.Position, st.AlwaysOn, s.Now()).Error)
	}
	if err != nil {
		return err
	}
	for table, texts := range map[string][]string{"stage_questions": st.Questions, "stage_milestones": st.Milestones} {
		if err := db.Exec("DELETE FROM "+table+" WHERE stage_id = ?", st.ID).Error; err != nil {
			return translate(err)
		}
		for i, text := range texts {
			if err := db.Exec("INSERT INTO "+table+" (stage_id, position, text) VALUES (?, ?, ?)", st.ID, i+1, text).Error; err != nil {
				return translate(err)
			}
		}
	}
	return nil
}

// SetStagePosition moves a stage in the order of showing.
func (s *Store) SetStagePosition(ctx context.Context, id uuid.UUID, position int) error {
	return translate(s.writer(ctx).Exec("UPDATE stages SET position = ? WHERE id = ?", position, id).Error)
}

// RetireStage takes a stage out of use in favour of another. Tags of next versions move over; where a piece has both,
// the retired one goes and hands on that it was the primary one. What Sales signed keeps its tag and is shown under the
// stage that took over.
func (s *Store) RetireStage(ctx context.Context, from, into uuid.UUID, at time.Time) error {
	db := s.writer(ctx)
	var tags []struct {
		AssetID     uuid.UUID
		RoleInStage string
		IsPrimary   bool
	}
	if err := db.Raw("SELECT asset_id, role_in_stage, is_primary FROM asset_stages WHERE stage_id = ?", from).Scan(&tags).Error; err != nil {
		return translate(err)
	}
	// Whoever has such a piece open in a form is told that its tags changed.
	err := db.Exec("UPDATE assets SET revision = revision + 1, updated_at = ? WHERE id IN (SELECT asset_id FROM asset_stages WHERE stage_id = ?)", at, from).Error
	if err != nil {
		return translate(err)
	}
	for _, t := range tags {
		// The mark goes first: an asset has one primary stage at most. The new tag comes before the old one goes: a
		// published asset is never without.
		if err := db.Exec("UPDATE asset_stages SET is_primary = ? WHERE asset_id = ? AND stage_id = ?", false, t.AssetID, from).Error; err != nil {
			return translate(err)
		}
		both, err := found(db.Exec("UPDATE asset_stages SET is_primary = (is_primary OR ?) WHERE asset_id = ? AND stage_id = ?", t.IsPrimary, t.AssetID, into))
		if err != nil {
			return err
		}
		if !both {
			err := db.Exec("INSERT INTO asset_stages (asset_id, stage_id, role_in_stage, is_primary) VALUES (?, ?, ?, ?)",
				t.AssetID, into, t.RoleInStage, t.IsPrimary).Error
			if err != nil {
				return translate(err)
			}
		}
		if err := db.Exec("DELETE FROM asset_stages WHERE asset_id = ? AND stage_id = ?", t.AssetID, from).Error; err != nil {
			return translate(err)
		}
	}
	if err := db.Exec("UPDATE stages SET merged_into = ?, retired_at = ? WHERE id = ?", into, at, from).Error; err != nil {
		return translate(err)
	}
	// Stages merged into this one earlier point on, so that every tag resolves in one step.
	return translate(db.Exec("UPDATE stages SET merged_into = ? WHERE merged_into = ?", into, from).Error)
}

// AssetsAtStage returns the ids of the published assets whose published version carries the stage, merged ones included.
func (s *Store) AssetsAtStage(ctx context.Context, stage uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT DISTINCT p.asset_id FROM publications p
		JOIN version_stages vs ON vs.version_id = p.version_id JOIN stages s ON s.id = vs.stage_id
		WHERE p.ended_at IS NULL AND (s.id = ? OR s.merged_into = ?)`, stage, stage).Scan(&ids).Error
	return ids, translate(err)
}

// CountTagged counts the assets whose next version carries the stage.
func (s *Store) CountTagged(ctx context.Context, stage uuid.UUID) (int, error) {
	var n int
	err := s.reader(ctx).Raw("SELECT count(*) FROM asset_stages WHERE stage_id = ?", stage).Scan(&n).Error
	return n, translate(err)
}
