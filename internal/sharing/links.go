package sharing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Figures is what came of a link.
type Figures = store.LinkFigures

// Filter narrows a list of links.
type Filter = store.LinkFilter

// Visit is a visit of a link with who came, as far as that is known, and what was looked at.
type Visit struct {
	store.VisitOf

	Looks []collateral.Look
}

// Visible is for how long the visit looked at anything.
func (v Visit) Visible() time.Duration {
	var visible time.Duration
	for _, l := range v.Looks {
		visible += l.Visible
	}
	return visible
}

// Seen is how many pages of all pieces were seen, and not only passed.
func (v Visit) Seen() int {
	seen := 0
	for _, l := range v.Looks {
		seen += l.Seen()
	}
	return seen
}

// Shared is a link as those see it who have an account, with what came of it.
type Shared struct {
	*collateral.Link // without the token, but for whoever made it
	State            collateral.LinkState
	Figures          Figures
	Address          string // what the buyer is given; without a public URL the path alone; empty but for whoever made the link
}

// Link returns a link: to whoever made it, to those who make one of its pieces, and to admins.
func (s *Sharing) Link(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*Shared, error) {
	l, err := s.Store.Link(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	all, err := s.withFigures(ctx, actor, []*collateral.Link{l})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Links returns one page of the links that the actor sees, the newest first, and the next page's cursor.
func (s *Sharing) Links(ctx context.Context, actor collateral.Actor, filter Filter, paging collateral.Paging) ([]*Shared, string, error) {
	links, next, err := s.Store.Links(ctx, collateral.ScopeOf(actor), filter, paging)
	if err != nil {
		return nil, "", err
	}
	all, err := s.withFigures(ctx, actor, links)
	return all, next, err
}

// Visits returns one page of the visits of a link that the actor sees, the newest first, and the next page's cursor. Those
// of machines are among them.
func (s *Sharing) Visits(ctx context.Context, actor collateral.Actor, id uuid.UUID, paging collateral.Paging) ([]Visit, string, error) {
	if _, err := s.Store.Link(ctx, collateral.ScopeOf(actor), id); err != nil {
		return nil, "", err
	}
	found, next, err := s.Store.Visits(ctx, id, paging)
	if err != nil {
		return nil, "", err
	}
	ids := make([]uuid.UUID, len(found))
	for i, v := range found {
		ids[i] = v.Visit.ID
	}
	looks, err := s.Store.LooksOf(ctx, ids...)
	if err != nil {
		return nil, "", err
	}
	visits := make([]Visit, len(found))
	for i, v := range found {
		visits[i] = Visit{v, looks[v.Visit.ID]}
	}
	return visits, next, nil
}

func (s *Sharing) withFigures(ctx context.Context, actor collateral.Actor, links []*collateral.Link) ([]*Shared, error) {
	ids := make([]uuid.UUID, len(links))
	for i, l := range links {
		ids[i] = l.ID
	}
	figures, err := s.Store.LinkFigures(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]*Shared, len(links))
	for i, l := range links {
		all[i] = s.seenBy(actor, l, figures[l.ID])
	}
	return all, nil
}

// seenBy is a link as the actor sees it. Only whoever made it gets its address: anybody else who used that would count as
// the buyer.
func (s *Sharing) seenBy(actor collateral.Actor, l *collateral.Link, figures Figures) *Shared {
	seen := &Shared{Link: l, State: l.State(s.Store.Now()), Figures: figures}
	if l.CreatedBy == actor.UserID {
		seen.Address = s.PublicURL + "/s/" + l.Token
	} else {
		l.Token = ""
	}
	return seen
}
