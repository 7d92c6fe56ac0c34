package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// AddReason keeps the words with which a piece was withdrawn or a version's bytes were purged.
func (s *Store) AddReason(ctx context.Context, asset uuid.UUID, r collateral.Reason) error {
	return translate(s.writer(ctx).Exec("INSERT INTO reasons (id, asset_id, version_id, action, text, by_user, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		s.NewID(), asset, nullID(r.VersionID), string(r.Action), r.Text, r.By, r.At).Error)
}

// Reasons returns why the asset was withdrawn and its versions were purged, the latest first.
func (s *Store) Reasons(ctx context.Context, asset uuid.UUID) ([]collateral.Reason, error) {
	var rows []struct {
		Action    string
		VersionID uuid.NullUUID
		Text      string
		ByUser    uuid.UUID
		At        time.Time
	}
	err := s.reader(ctx).Raw("SELECT action, version_id, text, by_user, at FROM reasons WHERE asset_id = ? ORDER BY at DESC, id DESC", asset).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	reasons := make([]collateral.Reason, len(rows))
	for i, r := range rows {
		reasons[i] = collateral.Reason{Action: collateral.ReasonAction(r.Action), VersionID: r.VersionID.UUID, Text: r.Text, By: r.ByUser, At: r.At}
	}
	return reasons, nil
}
