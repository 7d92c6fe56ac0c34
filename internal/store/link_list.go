package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// LinkFilter narrows a list of links. Zero fields do not narrow.
type LinkFilter struct {
	Asset uuid.UUID // links that hold the piece
	Maker uuid.UUID // links that this person made
	Words string    // part of the title, of whom it is for, of the opportunity or of a piece's title
	Live  *bool     // links that let somebody in, or that have ended
}

// conditions are what the filter asks of a link.
func (f LinkFilter) conditions(now time.Time) (string, []any) {
	condition, args := "1 = 1", []any(nil)
	add := func(sql string, values ...any) { condition, args = condition+" AND "+sql, append(args, values...) }
	if f.Asset != uuid.Nil {
		add("EXISTS (SELECT 1 FROM link_assets f WHERE f.link_id = l.id AND f.asset_id = ?)", f.Asset)
	}
	if f.Maker != uuid.Nil {
		add("l.created_by = ?", f.Maker)
	}
	if f.Words != "" {
		words := containing(f.Words)
		add(`(lower(l.title) LIKE lower(?) ESCAPE '\' OR lower(l.recipient) LIKE lower(?) ESCAPE '\' OR lower(l.recipient_email) LIKE lower(?) ESCAPE '\'
			OR lower(l.opportunity) LIKE lower(?) ESCAPE '\'
			OR EXISTS (SELECT 1 FROM link_assets t WHERE t.link_id = l.id AND lower(t.title) LIKE lower(?) ESCAPE '\'))`, words, words, words, words, words)
	}
	if f.Live != nil {
		ended := "(l.revoked_at IS NOT NULL OR coalesce(l.expires_at <= ?, false) OR coalesce(l.opens >= l.max_opens, false))"
		if *f.Live {
			ended = "NOT " + ended
		}
		add(ended, now)
	}
	return condition, args
}

// linkSeen is the condition under which somebody sees a link: it is the own one, or holds a piece that the person makes.
const linkSeen = `(l.created_by = ? OR EXISTS (SELECT 1 FROM link_assets i JOIN assets a ON a.id = i.asset_id WHERE i.link_id = l.id
	AND (a.owner_id = ? OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = ?))))`

func seesLinks(scope collateral.Scope) (string, []any) {
	if scope.All {
		return "1 = 1", nil
	}
	return linkSeen, []any{scope.UserID, scope.UserID, scope.UserID}
}

// Link returns a link that the scope covers: its maker's, those of the pieces that a person makes, and with All every link.
func (s *Store) Link(ctx context.Context, scope collateral.Scope, id uuid.UUID) (*collateral.Link, error) {
	seen, args := seesLinks(scope)
	links, err := s.linksWhere(ctx, "SELECT l.* FROM links l WHERE l.id = ? AND "+seen, append([]any{id}, args...)...)
	if err != nil {
		return nil, err
	}
	if len(links) == 0 {
		return nil, NoLink()
	}
	return links[0], nil
}

// Links returns one page of the links that the scope covers, the newest first, and the next page's cursor.
func (s *Store) Links(ctx context.Context, scope collateral.Scope, filter LinkFilter, paging collateral.Paging) ([]*collateral.Link, string, error) {
	condition, args := seesLinks(scope)
	after, err := paging.AfterID("links")
	if err != nil {
		return nil, "", err
	}
	if after != uuid.Nil {
		condition, args = condition+" AND l.id < ?", append(args, after)
	}
	narrowed, values := filter.conditions(s.Now())
	condition, args = condition+" AND "+narrowed, append(args, values...)
	// Ids are UUIDv7: their order is the order of creation.
	links, err := s.linksWhere(ctx, "SELECT l.* FROM links l WHERE "+condition+" ORDER BY l.id DESC LIMIT ?", append(args, paging.Limit+1)...)
	if err != nil {
		return nil, "", err
	}
	links, next := pageOf(links, paging.Limit, func(l *collateral.Link) string { return collateral.Cursor("links", l.ID.String()) })
	return links, next, nil
}

// linksWhere loads links with their pieces and who is let in.
func (s *Store) linksWhere(ctx context.Context, query string, args ...any) ([]*collateral.Link, error) {
	db := s.reader(ctx)
	var rows []linkRow
	if err := db.Raw(query, args...).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	links := make([]*collateral.Link, len(rows))
	byID, ids := make(map[uuid.UUID]*collateral.Link, len(rows)), make([]uuid.UUID, len(rows))
	for i, r := range rows {
		links[i], ids[i] = r.link(), r.ID
		byID[r.ID] = links[i]
	}
	if len(rows) == 0 {
		return nil, nil
	}
	var pieces []struct {
		LinkID, AssetID uuid.UUID
		Title           string
	}
	err := db.Raw("SELECT link_id, asset_id, title FROM link_assets WHERE "+s.among("link_id", "?")+" ORDER BY link_id, position", s.idSet(ids)).Scan(&pieces).Error
	if err != nil {
		return nil, translate(err)
	}
	for _, p := range pieces {
		l := byID[p.LinkID]
		l.Pieces = append(l.Pieces, collateral.LinkedPiece{AssetID: p.AssetID, Title: p.Title})
	}
	asking := func(l *collateral.Link) bool { return l.EmailGate != collateral.GateNone }
	if slices.ContainsFunc(links, asking) { // others have no list of those that get in, and each heartbeat of a page comes by here
		if err := s.addPatterns(ctx, byID, ids); err != nil {
			return nil, err
		}
	}
	for _, l := range links {
		l.LinkTerms = l.LinkTerms.Normal() // databases order texts each in their own way
	}
	return links, nil
}

// addPatterns fills in who is let in by the e-mail address.
func (s *Store) addPatterns(ctx context.Context, links map[uuid.UUID]*collateral.Link, ids []uuid.UUID) error {
	var allowed []struct {
		LinkID  uuid.UUID
		Pattern string
	}
	err := s.reader(ctx).Raw("SELECT link_id, pattern FROM link_allowed WHERE "+s.among("link_id", "?"), s.idSet(ids)).Scan(&allowed).Error
	for _, a := range allowed {
		l := links[a.LinkID]
		l.Allowed = append(l.Allowed, a.Pattern)
	}
	return translate(err)
}
