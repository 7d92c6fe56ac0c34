package sharing

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// engage notes with which pieces a visit that counts is engaged, and takes it back of one that does not.
func (s *Sharing) engage(ctx context.Context, tx *store.Store, j *judged) error {
	v := &j.Visit
	change := store.Engaged{Day: v.StartedAt.UTC().Format(time.DateOnly), By: 1}
	var pieces []uuid.UUID
	if v.Counted() {
		if j.evidence.Conduct.Visible == 0 {
			return nil
		}
		engaged, err := s.newlyEngaged(ctx, tx, j)
		if err != nil {
			return err
		}
		for _, asset := range engaged {
			first, err := tx.AddEngagement(ctx, v.ID, asset, tx.Now())
			if err != nil {
				return err
			}
			if first {
				pieces = append(pieces, asset)
			}
		}
	} else if len(j.pulse.Engaged) > 0 || j.Ended {
		var err error
		if pieces, err = tx.DeleteEngagements(ctx, v.ID); err != nil {
			return err
		}
		j.pulse.Engaged, change.By = nil, -1
	}
	changes := make([]store.Engaged, len(pieces))
	for i, asset := range pieces {
		changes[i] = change
		changes[i].AssetID = asset
	}
	return tx.AddEngaged(ctx, changes)
}

// newlyEngaged returns the pieces that a visit is engaged with and was not as far as it remembers.
func (s *Sharing) newlyEngaged(ctx context.Context, tx *store.Store, j *judged) ([]uuid.UUID, error) {
	if j.counted && slices.Contains(j.pulse.Engaged, j.looking) {
		return nil, nil
	}
	looks, err := tx.LooksOf(ctx, j.Visit.ID)
	if err != nil {
		return nil, err
	}
	byPiece := make(map[uuid.UUID][]collateral.Look)
	for _, l := range looks[j.Visit.ID] {
		byPiece[l.AssetID] = append(byPiece[l.AssetID], l)
	}
	var engaged []uuid.UUID
	for asset, looked := range byPiece {
		if collateral.IsEngaged(looked) && !slices.Contains(j.pulse.Engaged, asset) {
			engaged = append(engaged, asset)
		}
	}
	j.pulse.Engaged = append(j.pulse.Engaged, engaged...)
	return engaged, nil
}
