package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// linkRow is a row of links.
type linkRow struct {
	ID             uuid.UUID
	Token          string
	CreatedBy      uuid.UUID
	CreatedAt      time.Time
	Title          string
	Recipient      string
	RecipientEmail string
	Opportunity    string
	ExpiresAt      *time.Time
	PasscodeHash   string
	PasscodeAt     *time.Time
	EmailGate      string
	Downloads      bool
	Watermark      bool
	MaxOpens       *int
	Opens          int
	RevokedAt      *time.Time
	RevokedBy      uuid.NullUUID
	Revision       int64
}

func (linkRow) TableName() string { return "links" }

func newLinkRow(l *collateral.Link) linkRow {
	row := linkRow{
		ID: l.ID, Token: l.Token, CreatedBy: l.CreatedBy, CreatedAt: l.CreatedAt, Title: l.Title, Recipient: l.Recipient,
		RecipientEmail: l.RecipientEmail, Opportunity: l.Opportunity, ExpiresAt: l.ExpiresAt, PasscodeHash: l.PasscodeHash,
		PasscodeAt: l.PasscodeAt, EmailGate: string(l.EmailGate), Downloads: l.Downloads, Watermark: l.Watermark, Opens: l.Opens,
		RevokedAt: l.RevokedAt, RevokedBy: nullID(l.RevokedBy), Revision: l.Revision,
	}
	if l.MaxOpens > 0 {
		row.MaxOpens = &l.MaxOpens
	}
	return row
}

func (r linkRow) link() *collateral.Link {
	l := &collateral.Link{
		ID: r.ID, Token: r.Token, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, Title: r.Title, Recipient: r.Recipient,
		RecipientEmail: r.RecipientEmail, Opportunity: r.Opportunity, PasscodeHash: r.PasscodeHash, PasscodeAt: r.PasscodeAt,
		LinkTerms: collateral.LinkTerms{ExpiresAt: r.ExpiresAt, EmailGate: collateral.EmailGate(r.EmailGate), Allowed: []string{}, Downloads: r.Downloads, Watermark: r.Watermark},
		Opens:     r.Opens, RevokedAt: r.RevokedAt, RevokedBy: r.RevokedBy.UUID, Revision: r.Revision,
	}
	if r.MaxOpens != nil {
		l.MaxOpens = *r.MaxOpens
	}
	return l
}

// AddLink stores a new link with its pieces, at revision 1.
func (s *Store) AddLink(ctx context.Context, l *collateral.Link) error {
	l.Revision = 1
	row := newLinkRow(l)
	if err := s.writer(ctx).Create(&row).Error; err != nil {
		return translate(err)
	}
	pieces := make([][]any, len(l.Pieces))
	for i, p := range l.Pieces {
		pieces[i] = []any{l.ID, i + 1, p.AssetID, p.Title}
	}
	err := s.insertMany(ctx, "link_assets", []column{{"link_id", "uuid"}, {"position", "bigint"}, {"asset_id", "uuid"}, {"title", "text"}}, pieces, "")
	if err != nil {
		return translate(err)
	}
	return s.addAllowed(ctx, l)
}

func (s *Store) addAllowed(ctx context.Context, l *collateral.Link) error {
	rows := make([][]any, len(l.Allowed))
	for i, pattern := range l.Allowed {
		rows[i] = []any{l.ID, pattern}
	}
	return translate(s.insertMany(ctx, "link_allowed", []column{{"link_id", "uuid"}, {"pattern", "text"}}, rows, ""))
}

// LockLink loads a link and keeps others from changing it until the transaction ends. It runs inside Tx.
func (s *Store) LockLink(ctx context.Context, id uuid.UUID) (*collateral.Link, error) {
	return s.oneLink(ctx, s.forUpdate("SELECT * FROM links WHERE id = ?"), id)
}

// forUpdate locks the rows that a query returns until the transaction ends. SQLite has one writer at a time anyway.
func (s *Store) forUpdate(query string) string {
	if s.Dialect() == Postgres {
		return query + " FOR UPDATE"
	}
	return query
}

// PutLink writes what can change of a link, with the next revision. The link is locked.
func (s *Store) PutLink(ctx context.Context, l *collateral.Link) error {
	l.Revision++
	row := newLinkRow(l)
	db := s.writer(ctx)
	err := db.Model(&linkRow{}).Where("id = ?", l.ID).Select("*").Omit("id", "token", "created_by", "created_at", "opens").Updates(&row).Error
	if err == nil {
		err = db.Exec("DELETE FROM link_allowed WHERE link_id = ?", l.ID).Error
	}
	if err != nil {
		return translate(err)
	}
	return s.addAllowed(ctx, l)
}

// TakeOpening takes one of the times that a link can be opened, and reports whether there was one left. A link without a
// maximum has always one left.
func (s *Store) TakeOpening(ctx context.Context, link uuid.UUID) (bool, error) {
	return found(s.writer(ctx).Exec("UPDATE links SET opens = opens + 1 WHERE id = ? AND (max_opens IS NULL OR opens < max_opens)", link))
}

// LinkByToken returns the link that has the token in its address.
func (s *Store) LinkByToken(ctx context.Context, token string) (*collateral.Link, error) {
	return s.oneLink(ctx, "SELECT * FROM links WHERE token = ?", token)
}

// LinkByID returns a link.
func (s *Store) LinkByID(ctx context.Context, id uuid.UUID) (*collateral.Link, error) {
	return s.oneLink(ctx, "SELECT * FROM links WHERE id = ?", id)
}

func (s *Store) oneLink(ctx context.Context, query string, arg any) (*collateral.Link, error) {
	links, err := s.linksWhere(ctx, query, arg)
	if err != nil {
		return nil, err
	}
	if len(links) == 0 {
		return nil, NoLink()
	}
	return links[0], nil
}

// NoLink is the refusal of a link that is not there, or not for the actor.
func NoLink() error {
	return collateral.Errorf(collateral.NotFound, "There is no such link, or it is not yours to see.")
}
