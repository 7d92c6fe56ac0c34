package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Looked is how counted visits looked at a piece.
type Looked struct {
	Times []time.Duration // of each visit that looked at all
	Pages []LookedPage    // in order; those that nobody saw are left out
	Of    int             // pages that the piece had when it was last looked at; 0 without a preview of pages
}

// LookedPage is how counted visits looked at a page of a preview.
type LookedPage struct {
	N       int // from 1
	Visible time.Duration
	Persons int // who saw it, and did not only pass it, by the e-mail address where it was given, else by the visitor
}

// LookedByLink returns how counted visits of a link looked at its pieces, by piece. Of a piece at which nobody looked there is
// none.
func (s *Store) LookedByLink(ctx context.Context, link uuid.UUID) (map[uuid.UUID]Looked, error) {
	return s.looked(ctx, "v.link_id = ?", link)
}

// LookedAt returns how counted visits of all links looked at a piece.
func (s *Store) LookedAt(ctx context.Context, asset uuid.UUID) (Looked, error) {
	looked, err := s.looked(ctx, "a.asset_id = ?", asset)
	return looked[asset], err
}

func (s *Store) looked(ctx context.Context, condition string, id uuid.UUID) (map[uuid.UUID]Looked, error) {
	from := " FROM attention a JOIN visits v ON v.id = a.visit_id JOIN visitors p ON p.id = v.visitor_id WHERE v.opened_at IS NOT NULL AND NOT v.machine AND " + condition
	var visits []struct {
		AssetID   uuid.UUID
		VisibleMS int64
		Pages     int
	}
	err := s.reader(ctx).Raw("SELECT a.asset_id, sum(a.visible_ms) AS visible_ms, max(a.pages) AS pages"+from+
		" AND a.page = 0 GROUP BY a.visit_id, a.asset_id ORDER BY a.visit_id", id).Scan(&visits).Error
	if err != nil {
		return nil, translate(err)
	}
	var pages []struct {
		AssetID   uuid.UUID
		N         int
		VisibleMS int64
		Persons   int
	}
	err = s.reader(ctx).Raw("SELECT a.asset_id, a.page AS n, sum(a.visible_ms) AS visible_ms, count(DISTINCT CASE WHEN a.visible_ms >= ? THEN coalesce(nullif(p.email, ''), CAST(p.id AS text)) END) AS persons"+from+
		" AND a.page > 0 GROUP BY a.asset_id, a.page ORDER BY a.asset_id, a.page", collateral.PageSeen.Milliseconds(), id).Scan(&pages).Error
	if err != nil {
		return nil, translate(err)
	}
	looked := make(map[uuid.UUID]Looked)
	for _, r := range visits {
		l := looked[r.AssetID]
		l.Times, l.Of = append(l.Times, time.Duration(r.VisibleMS)*time.Millisecond), r.Pages
		looked[r.AssetID] = l
	}
	for _, r := range pages {
		l := looked[r.AssetID]
		l.Pages = append(l.Pages, LookedPage{N: r.N, Visible: time.Duration(r.VisibleMS) * time.Millisecond, Persons: r.Persons})
		looked[r.AssetID] = l
	}
	return looked, nil
}

// Reason is why visits have their verdict, and of how many that is so.
type Reason struct {
	Why     string
	Machine bool
	Visits  int
}

// VisitReasons counts the visits of a link by the reason of their verdict, the most frequent first.
func (s *Store) VisitReasons(ctx context.Context, link uuid.UUID) ([]Reason, error) {
	var reasons []Reason
	err := s.reader(ctx).Raw("SELECT why, machine, count(*) AS visits FROM visits WHERE link_id = ? GROUP BY why, machine ORDER BY count(*) DESC, why", link).Scan(&reasons).Error
	return reasons, translate(err)
}
