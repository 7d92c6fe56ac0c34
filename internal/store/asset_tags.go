package store

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// writeTags brings stage tags, facets and co-authors from before to after, touching only what differs.
func (s *Store) writeTags(ctx context.Context, before, after *collateral.Asset) error {
	if !slices.Equal(before.Stages, after.Stages) {
		if err := s.writeStageTags(ctx, after.ID, before.Stages, after.Stages); err != nil {
			return err
		}
	}
	for _, f := range collateral.Facets() {
		if !slices.Equal(before.Facet(f), after.Facet(f)) {
			if err := s.writeFacet(ctx, after.ID, f, after.Facet(f)); err != nil {
				return err
			}
		}
	}
	if !slices.Equal(before.Coauthors, after.Coauthors) {
		return s.writeCoauthors(ctx, after.ID, before.Coauthors, after.Coauthors)
	}
	return nil
}

// writeStageTags inserts before it deletes, because the last tag of a published asset cannot go, and clears the
// primary mark first, because an asset has one at most at any moment.
func (s *Store) writeStageTags(ctx context.Context, asset uuid.UUID, before, after []collateral.StageTag) error {
	db := s.writer(ctx)
	if err := db.Exec("UPDATE asset_stages SET is_primary = ? WHERE asset_id = ? AND is_primary = ?", false, asset, true).Error; err != nil {
		return translate(err)
	}
	for _, t := range after {
		changed, err := found(db.Exec("UPDATE asset_stages SET role_in_stage = ?, is_primary = ? WHERE asset_id = ? AND stage_id = ?",
			t.Role, t.Primary, asset, t.StageID))
		if err != nil {
			return err
		}
		if changed {
			continue
		}
		err = db.Exec("INSERT INTO asset_stages (asset_id, stage_id, role_in_stage, is_primary) VALUES (?, ?, ?, ?)",
			asset, t.StageID, t.Role, t.Primary).Error
		if err != nil {
			return translate(err)
		}
	}
	for _, t := range before {
		kept := slices.ContainsFunc(after, func(k collateral.StageTag) bool { return k.StageID == t.StageID })
		if kept {
			continue
		}
		if err := db.Exec("DELETE FROM asset_stages WHERE asset_id = ? AND stage_id = ?", asset, t.StageID).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}

func (s *Store) writeFacet(ctx context.Context, asset uuid.UUID, f collateral.Facet, values []string) error {
	db := s.writer(ctx)
	if err := db.Exec("DELETE FROM asset_facets WHERE asset_id = ? AND facet = ?", asset, string(f)).Error; err != nil {
		return translate(err)
	}
	for i, v := range values {
		err := db.Exec("INSERT INTO asset_facets (asset_id, facet, value, position) VALUES (?, ?, ?, ?)", asset, string(f), v, i).Error
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

func (s *Store) writeCoauthors(ctx context.Context, asset uuid.UUID, before, after []uuid.UUID) error {
	db := s.writer(ctx)
	for _, user := range before {
		if !slices.Contains(after, user) {
			if err := db.Exec("DELETE FROM coauthors WHERE asset_id = ? AND user_id = ?", asset, user).Error; err != nil {
				return translate(err)
			}
		}
	}
	for _, user := range after {
		if !slices.Contains(before, user) {
			if err := db.Exec("INSERT INTO coauthors (asset_id, user_id, added_at) VALUES (?, ?, ?)", asset, user, s.Now()).Error; err != nil {
				return translate(err)
			}
		}
	}
	return nil
}

// fillTags loads stage tags, facets and co-authors of the assets.
func (s *Store) fillTags(ctx context.Context, assets []*collateral.Asset) error {
	byID := make(map[uuid.UUID]*collateral.Asset, len(assets))
	ids := make([]uuid.UUID, 0, len(assets))
	for _, a := range assets {
		byID[a.ID] = a
		ids = append(ids, a.ID)
	}
	db := s.reader(ctx)

	var tags []struct {
		AssetID     uuid.UUID
		StageID     uuid.UUID
		Key         string
		RoleInStage string
		IsPrimary   bool
	}
	err := db.Raw(`SELECT t.asset_id, t.stage_id, s.key, t.role_in_stage, t.is_primary
		FROM asset_stages t JOIN stages s ON s.id = t.stage_id
		WHERE t.asset_id IN ? ORDER BY t.is_primary DESC, s.position, s.key`, ids).Scan(&tags).Error
	if err != nil {
		return translate(err)
	}
	for _, t := range tags {
		a := byID[t.AssetID]
		a.Stages = append(a.Stages, collateral.StageTag{StageID: t.StageID, Stage: t.Key, Role: t.RoleInStage, Primary: t.IsPrimary})
	}

	var facets []struct {
		AssetID      uuid.UUID
		Facet, Value string
	}
	err = db.Raw("SELECT asset_id, facet, value FROM asset_facets WHERE asset_id IN ? ORDER BY facet, position", ids).Scan(&facets).Error
	if err != nil {
		return translate(err)
	}
	for _, f := range facets {
		switch a := byID[f.AssetID]; collateral.Facet(f.Facet) {
		case collateral.Persona:
			a.Personas = append(a.Personas, f.Value)
		case collateral.Industry:
			a.Industries = append(a.Industries, f.Value)
		case collateral.Product:
			a.Products = append(a.Products, f.Value)
		}
	}

	var coauthors []struct{ AssetID, UserID uuid.UUID }
	err = db.Raw("SELECT asset_id, user_id FROM coauthors WHERE asset_id IN ? ORDER BY added_at, user_id", ids).Scan(&coauthors).Error
	if err != nil {
		return translate(err)
	}
	for _, c := range coauthors {
		byID[c.AssetID].Coauthors = append(byID[c.AssetID].Coauthors, c.UserID)
	}
	return nil
}
