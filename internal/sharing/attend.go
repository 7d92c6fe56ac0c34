package sharing

import (
	"context"
	"slices"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// beatsOfVisit is how often a page tells of itself in a minute, on average over the visits of a network.
const beatsOfVisit = 20

// Attend takes what a page that is open tells of itself: for how long it was visible. It begins no visit: without a key that is
// known, or for another visit than that which goes on, it is Forbidden. What is impossible is Invalid. What was told before, in
// whatever order and by however many tabs, counts nothing.
func (s *Sharing) Attend(ctx context.Context, r Request, told collateral.Beats) error {
	if err := told.Check(); err != nil {
		return err
	}
	if err := s.told.allow(s.Store.Now(), r.Address, beatsOfVisit*s.VisitsPerMinute); err != nil {
		return err
	}
	d, err := s.visiting(ctx, r)
	if err != nil {
		return err
	}
	if d.Visit.ID != told.VisitID {
		return visitIsOver()
	}
	if !slices.ContainsFunc(d.link.Pieces, func(p collateral.LinkedPiece) bool { return p.AssetID == told.AssetID }) {
		return collateral.Errorf(collateral.NotFound, "There is no such document in this link.")
	}
	shown, err := s.Store.ShownVersion(ctx, told.VersionID)
	if err != nil {
		return err
	}
	if shown == nil || shown.AssetID != told.AssetID {
		return collateral.Errorf(collateral.NotFound, "There is no such version of this document.")
	}
	var refusal error
	_, err = s.onVisit(ctx, d.Visit.ID, func(tx *store.Store, j *judged) error {
		if j.Ended { // a moment ago: what was told before is not remembered any more
			return visitIsOver()
		}
		var look collateral.Look
		look, refusal = j.take(told, shown.Pages, tx.Now())
		if look.Visible < time.Millisecond {
			return nil
		}
		return tx.AddLook(ctx, j.Visit.ID, look)
	})
	if err != nil {
		return err
	}
	return refusal
}

// take counts beats, and returns what they add to how the visit looked at their piece. A refusal is of one of them; the
// others count.
func (j *judged) take(told collateral.Beats, pages int, now time.Time) (look collateral.Look, refusal error) {
	lasted := now.Sub(j.Visit.StartedAt)
	look, refusal = j.pulse.Look(told, pages, lasted)
	if now.After(j.Visit.LastAt) {
		j.Visit.LastAt = now
	}
	j.evidence.Inside, j.looking = true, told.AssetID
	c := &j.evidence.Conduct
	c.Resources, c.Cookie, c.Lasted = true, true, lasted
	c.Beats, c.Inputs, c.Visible = j.pulse.Beats, j.pulse.Inputs, max(j.pulse.Visible, j.pulse.Claimed)
	return look, refusal
}

// visiting returns the visit that goes on of somebody of whom nothing is asked any more.
func (s *Sharing) visiting(ctx context.Context, r Request) (*Door, error) {
	d, err := s.meet(ctx, r)
	if err != nil {
		return nil, err
	}
	if d.Visit == nil || d.link.Asks(d.Visitor, d.Visit) != collateral.AskNothing {
		return nil, visitIsOver()
	}
	return d, nil
}

func visitIsOver() error {
	return collateral.Errorf(collateral.Forbidden, "The visit is over, or the link asks for something first. Open its page.")
}
