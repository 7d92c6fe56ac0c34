package sharing

import (
	"context"
	"regexp"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// touchEvery is how old the last request of a visit may be before the next is noted: a page asks for many pictures.
const touchEvery = 20 * time.Second

// Door is where a visitor stands with a link that lets somebody in.
type Door struct {
	Ask    collateral.Ask // what is asked for next
	Key    string         // for the visitor's cookie, when the visitor is new; else empty
	LinkID uuid.UUID

	Visitor *collateral.Visitor
	Visit   *collateral.Visit

	// What follows is empty as long as something is asked for.
	Title     string
	EndsAt    *time.Time // nil without an end
	Downloads bool       // files can be taken
	Watermark bool       // of them only PDFs, marked with whom they were given to
	Pieces    []Piece    // in the order of whoever made the link

	link *collateral.Link
}

// Piece is a piece as a visitor is shown it.
type Piece struct {
	AssetID uuid.UUID
	Title   string
	Type    collateral.Type
	Version *collateral.Version // published now, without its tags and makers; nil when nothing may be shown any more
	Notice  string              // what to tell instead; empty with a version
}

// Open is a request for the page of a link. It begins a visit or goes on with one. An unknown token is NotFound; a link that
// ended in one way or another is Gone, with a sentence on what to do.
func (s *Sharing) Open(ctx context.Context, r Request) (*Door, error) {
	d, err := s.arrive(ctx, r)
	if err != nil {
		return nil, err
	}
	return d, s.show(ctx, d)
}

// tokenPattern is what newToken makes.
var tokenPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{24}$`)

// arrive finds out who comes by which link, and notes the visit.
func (s *Sharing) arrive(ctx context.Context, r Request) (*Door, error) {
	d, err := s.meet(ctx, r)
	if err != nil {
		return nil, err
	}
	if d.Visit == nil {
		if err = s.begun.allow(s.Store.Now(), r.Address, s.VisitsPerMinute); err == nil {
			err = s.begin(ctx, d, r)
		}
	} else {
		err = s.goOn(ctx, d.Visit)
	}
	if err != nil {
		return nil, err
	}
	d.Ask = d.link.Asks(d.Visitor, d.Visit)
	return d, nil
}

// meet finds out who comes by which link, and changes nothing. The visit is nil when none goes on.
func (s *Sharing) meet(ctx context.Context, r Request) (*Door, error) {
	l, err := s.linkOf(ctx, r)
	if err != nil {
		return nil, err
	}
	d := &Door{link: l, LinkID: l.ID}
	if err := s.recognise(ctx, d, r.Key); err != nil {
		return nil, err
	}
	return d, l.Refuses(d.Visit, s.Store.Now())
}

func (s *Sharing) linkOf(ctx context.Context, r Request) (*collateral.Link, error) {
	if tokenPattern.MatchString(r.Token) {
		l, err := s.Store.LinkByToken(ctx, r.Token)
		if collateral.KindOf(err) != collateral.NotFound {
			return l, err
		}
	}
	if err := s.unknown.allow(s.Store.Now(), r.Address, s.VisitsPerMinute); err != nil {
		return nil, err
	}
	return nil, noSuchLink()
}

func noSuchLink() error {
	return collateral.Errorf(collateral.NotFound, "This link is not here, or not any more. Check that the address is complete, or ask the person who sent it to you.")
}

// recognise finds the visitor by the key, and the visit that goes on.
func (s *Sharing) recognise(ctx context.Context, d *Door, key string) error {
	if key == "" {
		return nil
	}
	var err error
	if d.Visitor, err = s.Store.VisitorByKey(ctx, d.link.ID, digest(key)); err != nil || d.Visitor == nil {
		return err
	}
	d.Visit, err = s.Store.VisitSince(ctx, d.Visitor.ID, s.Store.Now().Add(-collateral.VisitPause))
	return err
}

// begin begins a visit, and makes a visitor of whoever came without a key that is known.
func (s *Sharing) begin(ctx context.Context, d *Door, r Request) error {
	id := s.Store.NewID()
	others, grown := s.lately.note(s.Store.Now(), r.Address, d.link.ID, id)
	found := s.firstEvidence(r, d.link, others)
	known := d.Visitor
	err := s.Store.Tx(ctx, func(tx *store.Store) error {
		now := tx.Now()
		if d.Visitor = nil; known != nil {
			var err error
			if d.Visitor, err = tx.LockVisitor(ctx, known.ID); err != nil {
				return err
			}
		}
		if d.Visitor != nil { // two requests at once begin one visit
			var err error
			if d.Visit, err = tx.VisitSince(ctx, d.Visitor.ID, now.Add(-collateral.VisitPause)); err != nil || d.Visit != nil {
				return err
			}
		} else {
			d.Key = newKey()
			d.Visitor = &collateral.Visitor{ID: tx.NewID(), LinkID: d.link.ID, CreatedAt: now}
			if err := tx.AddVisitor(ctx, d.Visitor, digest(d.Key)); err != nil {
				return err
			}
		}
		j := &judged{evidence: found, JudgedVisit: &store.JudgedVisit{
			Visit: collateral.Visit{ID: id, LinkID: d.link.ID, VisitorID: d.Visitor.ID, StartedAt: now, LastAt: now},
		}}
		s.verdict(j)
		if err := j.write(); err != nil {
			return err
		}
		d.Visit = &j.Visit
		return tx.AddVisit(ctx, j.JudgedVisit)
	})
	if err != nil {
		return err
	}
	return s.joined(ctx, grown)
}

// goOn notes a request of a visit.
func (s *Sharing) goOn(ctx context.Context, v *collateral.Visit) error {
	now := s.Store.Now()
	if now.Sub(v.LastAt) < touchEvery {
		return nil
	}
	v.LastAt = now
	return s.Store.TouchVisit(ctx, v.ID, now)
}

// show fills in what a visitor sees from whom nothing is asked any more.
func (s *Sharing) show(ctx context.Context, d *Door) error {
	if d.Ask != collateral.AskNothing {
		return nil
	}
	d.Title, d.EndsAt, d.Downloads, d.Watermark = d.link.Title, d.link.ExpiresAt, d.link.Downloads, d.link.Watermark
	var err error
	d.Pieces, err = s.shown(ctx, d.link.Pieces)
	return err
}

// shown is what may be shown of pieces now: the version that is published, if Sales signed that for people outside.
func (s *Sharing) shown(ctx context.Context, linked []collateral.LinkedPiece) ([]Piece, error) {
	ids := make([]uuid.UUID, len(linked))
	for i, p := range linked {
		ids[i] = p.AssetID
	}
	published, err := s.Store.PublishedPieces(ctx, ids)
	if err != nil {
		return nil, err
	}
	pieces := make([]Piece, len(linked))
	for i, l := range linked {
		pieces[i] = Piece{AssetID: l.AssetID, Title: l.Title, Notice: "This document is no longer available. Ask the person who sent you the link for what took its place."}
		if p, ok := published[l.AssetID]; ok && p.Version.Audience.ForBuyers() {
			pieces[i] = Piece{AssetID: l.AssetID, Title: p.Title, Type: p.Type, Version: p.Version}
		}
	}
	return pieces, nil
}
