package usage

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Opened counts that the actor is given the content of a published version: a View, or a Download. A person's openings
// of one version within OpeningInterval count once. Opened returns at once, so that counting does not hold up the
// content; the use is written soon after.
func (u *Usage) Opened(ctx context.Context, actor collateral.Actor, asset, version uuid.UUID, kind collateral.UseKind) {
	now := u.store.Now()
	event := collateral.Event{
		ID: u.store.NewID(), Kind: kind, AssetID: asset, VersionID: version, UserID: actor.UserID,
		OccurredAt: now, RecordedAt: now,
	}
	waits := u.queue.offer(&entry{
		uses:   []use{{Event: event, opening: true}},
		failed: func(err error) { u.Log.Error("an opening was not counted", "asset", asset, "error", err) },
	})
	if !waits {
		u.Log.WarnContext(ctx, "an opening is not counted: too much waits to be written", "asset", asset)
	}
}
