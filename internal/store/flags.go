package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// flagRow is a row of flags with the number of its version.
type flagRow struct {
	ID        uuid.UUID
	AssetID   uuid.UUID
	N         int
	RaisedBy  uuid.UUID
	RaisedAt  time.Time
	Reason    string
	SettledAt *time.Time
	SettledBy uuid.NullUUID
	Outcome   *string
	Note      string
}

func (r flagRow) flag() collateral.Flag {
	f := collateral.Flag{ID: r.ID, AssetID: r.AssetID, VersionN: r.N, RaisedBy: r.RaisedBy, RaisedAt: r.RaisedAt, Reason: r.Reason}
	if r.SettledAt != nil {
		f.Settled = &collateral.Settlement{At: *r.SettledAt, By: r.SettledBy.UUID, Outcome: collateral.FlagOutcome(orEmpty(r.Outcome)), Note: r.Note}
	}
	return f
}

// Flags returns the asset's flags: those that wait first, then the newest first.
func (s *Store) Flags(ctx context.Context, asset uuid.UUID) ([]collateral.Flag, error) {
	var rows []flagRow
	err := s.reader(ctx).Raw(`SELECT f.*, v.n FROM flags f JOIN versions v ON v.id = f.version_id WHERE f.asset_id = ?
		ORDER BY CASE WHEN f.settled_at IS NULL THEN 0 ELSE 1 END, f.raised_at DESC, f.id DESC`, asset).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	flags := make([]collateral.Flag, len(rows))
	for i, r := range rows {
		flags[i] = r.flag()
	}
	return flags, nil
}

// AddFlag stores a flag that waits, on the version. A second one of the same person on the same asset is a Conflict.
func (s *Store) AddFlag(ctx context.Context, f *collateral.Flag, version uuid.UUID) error {
	err := s.writer(ctx).Exec("INSERT INTO flags (id, asset_id, version_id, raised_by, raised_at, reason) VALUES (?, ?, ?, ?, ?, ?)",
		f.ID, f.AssetID, version, f.RaisedBy, f.RaisedAt, f.Reason).Error
	if err != nil && faultOf(err) == duplicate {
		return collateral.Errorf(collateral.Conflict, "You have flagged this piece already. Its owner has not settled that yet.")
	}
	return translate(err)
}

// SettleFlag stores what became of a flag of the asset that waits, and returns who raised it; uuid.Nil when there is no such
// flag.
func (s *Store) SettleFlag(ctx context.Context, asset, id uuid.UUID, to collateral.Settlement) (uuid.UUID, error) {
	var flaggers []uuid.UUID
	err := s.writer(ctx).Raw(`UPDATE flags SET settled_at = ?, settled_by = ?, outcome = ?, note = ?
		WHERE id = ? AND asset_id = ? AND settled_at IS NULL RETURNING raised_by`, to.At, to.By, to.Outcome, to.Note, id, asset).Scan(&flaggers).Error
	if err != nil || len(flaggers) == 0 {
		return uuid.Nil, translate(err)
	}
	return flaggers[0], nil
}

// WaitingFlags counts the flags that wait on each of the assets; those without one are left out.
func (s *Store) WaitingFlags(ctx context.Context, assets []uuid.UUID) (map[uuid.UUID]int, error) {
	counts := map[uuid.UUID]int{}
	if len(assets) == 0 {
		return counts, nil
	}
	var rows []struct {
		AssetID uuid.UUID
		N       int
	}
	err := s.reader(ctx).Raw("SELECT asset_id, count(*) AS n FROM flags WHERE settled_at IS NULL AND "+s.among("asset_id", "?")+" GROUP BY asset_id",
		s.idSet(assets)).Scan(&rows).Error
	for _, r := range rows {
		counts[r.AssetID] = r.N
	}
	return counts, translate(err)
}
