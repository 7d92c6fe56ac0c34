package usage

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Recent is a piece that a person used lately.
type Recent struct {
	AssetID uuid.UUID
	At      time.Time // of the last use
	Uses    []LastUse // the last one of each kind, the newest first
}

// LastUse is when a person last used a piece in one way.
type LastUse struct {
	Kind     collateral.UseKind
	At       time.Time
	Reaction collateral.Reaction // of the buyer; may be empty
}

// What of a person's own uses is looked through for the recent ones.
const (
	recentUses   = 1000
	recentPieces = 50
)

// Recent returns what the actor opened, took, shared or presented in the last LatelyDays, each piece once, the last used
// first. It tells a person of their own uses only.
func (u *Usage) Recent(ctx context.Context, actor collateral.Actor) ([]Recent, error) {
	events, err := u.store.UsesOf(ctx, actor.UserID, u.store.Now().AddDate(0, 0, -LatelyDays), recentUses)
	if err != nil {
		return nil, err
	}
	var recent []Recent
	at := make(map[uuid.UUID]int)
	for _, e := range events {
		i, known := at[e.AssetID]
		if !known {
			if len(recent) == recentPieces {
				continue
			}
			i = len(recent)
			at[e.AssetID] = i
			recent = append(recent, Recent{AssetID: e.AssetID, At: e.OccurredAt})
		}
		recent[i].add(e)
	}
	return recent, nil
}

// add notes a use that is no newer than those before it.
func (r *Recent) add(e collateral.Event) {
	for _, known := range r.Uses {
		if known.Kind == e.Kind {
			return
		}
	}
	r.Uses = append(r.Uses, LastUse{Kind: e.Kind, At: e.OccurredAt, Reaction: e.Reaction})
}
