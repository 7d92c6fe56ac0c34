package sharing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Attention is how people looked at a piece. Machines and what is not confirmed have no part in it.
type Attention struct {
	Visits  int            // in which somebody looked at it
	Median  time.Duration  // of how long
	Trimmed *time.Duration // mean without the tenth at each end; nil for fewer than 5 visits
	Of      int            // pages that the piece has; 0 without a preview of pages
	Pages   []LookedPage   // those that anybody saw, in order
}

// LookedPage is how people looked at a page.
type LookedPage = store.LookedPage

// Reason is why visits have their verdict, and of how many that is so.
type Reason = store.Reason

// Outcome is what came of a link in detail.
type Outcome struct {
	Pieces  []PieceAttention // in the order of the link
	Reasons []Reason         // of verdicts on its visits, the most frequent first
	Notes   []collateral.VisitNote
}

// PieceAttention is how people who came by a link looked at one of its pieces.
type PieceAttention struct {
	collateral.LinkedPiece
	Attention
}

// Outcome returns what came of a link that the actor sees.
func (s *Sharing) Outcome(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*Outcome, error) {
	l, err := s.Store.Link(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	looked, err := s.Store.LookedByLink(ctx, id)
	if err != nil {
		return nil, err
	}
	o := &Outcome{}
	for _, p := range l.Pieces {
		o.Pieces = append(o.Pieces, PieceAttention{p, attentionOf(looked[p.AssetID])})
	}
	if o.Reasons, err = s.Store.VisitReasons(ctx, id); err != nil {
		return nil, err
	}
	o.Notes, err = s.Notes(ctx, l.CreatedAt)
	return o, err
}

// PieceAttention returns how people looked at a piece by all its links, without who they are: for those who make the piece, and
// admins. To others it is Forbidden.
func (s *Sharing) PieceAttention(ctx context.Context, actor collateral.Actor, asset uuid.UUID) (Attention, error) {
	a, err := s.Registry.Asset(ctx, actor, asset)
	if err != nil {
		return Attention{}, err
	}
	if !a.IsContributor(actor.UserID) && !actor.Is(collateral.Admin) {
		return Attention{}, collateral.Errorf(collateral.Forbidden, "How buyers look at a piece is for those who make it.")
	}
	looked, err := s.Store.LookedAt(ctx, asset)
	return attentionOf(looked), err
}

func attentionOf(l store.Looked) Attention {
	times := collateral.Times(l.Times)
	return Attention{Visits: len(times), Median: times.Median(), Trimmed: times.TrimmedMean(), Of: l.Of, Pages: l.Pages}
}
