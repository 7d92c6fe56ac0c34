package usage

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Viewed takes what a page tells for how long it showed the actor a version, and which of its pages. Whoever calls it knows that
// the page was made for the actor, and when: times in beats count from there. What is impossible is Invalid. What was told before,
// in whatever order and by however many pages, counts nothing. It is no use of the piece.
func (u *Usage) Viewed(ctx context.Context, actor collateral.Actor, made time.Time, told collateral.Beats) error {
	if err := told.Check(); err != nil {
		return err
	}
	shown, err := u.store.ShownVersion(ctx, told.VersionID)
	if err != nil {
		return err
	}
	if shown == nil || shown.AssetID != told.AssetID {
		return collateral.Errorf(collateral.NotFound, "There is no such version of this piece.")
	}
	var refusal error
	err = u.store.Tx(ctx, func(tx *store.Store) error {
		v, err := viewingOf(ctx, tx, actor, made, told)
		if err != nil {
			return err
		}
		before := v.Visible
		refusal = v.Take(&v.Pulse, told, made, shown.Pages, tx.Now())
		if v.Visible == before {
			return cmp.Or(refusal, errNothingNew)
		}
		return tx.PutViewing(ctx, v)
	})
	if err != nil && !errors.Is(err, errNothingNew) {
		return err
	}
	return refusal
}

// errNothingNew takes back a viewing that began with what another one was told.
var errNothingNew = errors.New("nothing that was not told before")

// viewingOf returns the viewing that the beats belong to, locked. A new one begins no earlier than the one before was last heard
// of: time that counted there is told to this one for nothing.
func viewingOf(ctx context.Context, tx *store.Store, actor collateral.Actor, made time.Time, told collateral.Beats) (*store.GoingViewing, error) {
	now := tx.Now()
	for {
		going, err := tx.GoingViewing(ctx, actor.UserID, told.VersionID)
		if err != nil || going != nil && !going.IsOver(now) {
			return going, err
		}
		if going != nil {
			if err := tx.EndViewing(ctx, going.ID); err != nil {
				return nil, err
			}
		}
		start, err := tx.LastViewed(ctx, actor.UserID, told.VersionID)
		if err != nil {
			return nil, err
		}
		if first := told.Start(made); first.After(start) {
			start = first
		}
		if start.After(now) {
			start = now
		}
		field, err := isField(ctx, tx, actor.UserID, told.AssetID)
		if err != nil {
			return nil, err
		}
		v := collateral.Viewing{
			ID: tx.NewID(), UserID: actor.UserID, AssetID: told.AssetID, VersionID: told.VersionID, StartedAt: start, LastAt: now, Qualifies: field,
		}
		begun, err := tx.BeginViewing(ctx, &v)
		if err != nil {
			return nil, err
		}
		if begun {
			return &store.GoingViewing{Viewing: v}, nil
		}
	}
}

// isField reports whether what the person does with a piece now qualifies.
func isField(ctx context.Context, tx *store.Store, person, asset uuid.UUID) (bool, error) {
	facts, err := tx.UsageFacts(ctx, nil, []uuid.UUID{asset}, []uuid.UUID{person})
	return err == nil && qualifies(facts, person, asset, tx.Now()), err
}

// EndViewings ends the viewings that nothing was heard of for a while: what tells time that is told twice is dropped.
func (u *Usage) EndViewings(ctx context.Context) error {
	return u.store.EndViewings(ctx, u.store.Now().Add(-collateral.VisitPause))
}

// Viewings returns how the field looked at a piece on its own page, for those who make the piece, and admins; to others it is
// Forbidden. It is nil when fewer than collateral.MinPeople are behind it.
func (u *Usage) Viewings(ctx context.Context, actor collateral.Actor, asset uuid.UUID) (*collateral.ViewingFigures, error) {
	a, err := u.store.Asset(ctx, collateral.ScopeOf(actor), asset)
	if err != nil {
		return nil, err
	}
	if !a.IsContributor(actor.UserID) && !actor.Is(collateral.Admin) {
		return nil, collateral.Errorf(collateral.Forbidden, "How the field looks at a piece is for those who make it.")
	}
	viewings, err := u.store.ViewingsOf(ctx, asset)
	if err != nil {
		return nil, err
	}
	return collateral.FiguresOf(viewings), nil
}
