package api

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/sharing"
)

func (s *server) ListLinks(ctx context.Context, r ListLinksRequestObject) (ListLinksResponseObject, error) {
	actor, filter := httpd.CallOf(ctx).Actor, sharing.Filter{Asset: r.Params.Asset}
	if r.Params.Mine {
		filter.Maker = actor.UserID
	}
	links, next, err := s.sharing.Links(ctx, actor, filter, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	answers, err := s.linkAnswers(ctx, links...)
	if err != nil {
		return nil, err
	}
	return ListLinks200JSONResponse{Items: answers, NextCursor: nextCursor(next)}, nil
}

func (s *server) CreateLink(ctx context.Context, r CreateLinkRequestObject) (CreateLinkResponseObject, error) {
	b := r.Body
	link, err := s.sharing.Make(ctx, httpd.CallOf(ctx).Actor, collateral.NewLink{
		Assets: b.Assets, Title: b.Title, Recipient: b.Recipient, RecipientEmail: b.RecipientEmail, Opportunity: b.Opportunity, Passcode: b.Passcode,
		LinkTerms: collateral.LinkTerms{
			ExpiresAt: orNil(b.ExpiresAt), EmailGate: collateral.EmailGate(b.EmailGate), Allowed: b.Allowed, Downloads: b.Downloads, Watermark: b.Watermark,
			MaxOpens: int(orZero(b.MaxOpens)),
		},
	})
	if err != nil {
		return nil, err
	}
	answers, err := s.linkAnswers(ctx, link)
	if err != nil {
		return nil, err
	}
	return CreateLink201JSONResponse{
		Body:    answers[0],
		Headers: CreateLink201ResponseHeaders{ETag: revisionTag(link.Revision), Location: BasePath + "/links/" + link.ID.String()},
	}, nil
}

func (s *server) GetLink(ctx context.Context, r GetLinkRequestObject) (GetLinkResponseObject, error) {
	link, err := s.sharing.Link(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := s.linkAnswer(ctx, link)
	if err != nil {
		return nil, err
	}
	outcome, err := s.sharing.Outcome(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer.Body.Outcome.Set(outcomeAnswer(outcome))
	return GetLink200JSONResponse{answer}, nil
}

func (s *server) UpdateLink(ctx context.Context, r UpdateLinkRequestObject) (UpdateLinkResponseObject, error) {
	actor, b := httpd.CallOf(ctx).Actor, r.Body
	revision, err := basedOn(r.Params.IfMatch, "link", func() (int64, error) {
		link, err := s.sharing.Link(ctx, actor, r.ID)
		if err != nil {
			return 0, err
		}
		return link.Revision, nil
	})
	if err != nil {
		return nil, err
	}
	var passcode *string
	if b.Passcode.IsSpecified() {
		passcode = new(orZero(b.Passcode))
	}
	link, err := s.sharing.Change(ctx, actor, r.ID, revision, passcode, func(t *collateral.LinkTerms) { applyLinkPatch(t, b) })
	if err != nil {
		return nil, err
	}
	answer, err := s.linkAnswer(ctx, link)
	return UpdateLink200JSONResponse{answer}, err
}

// applyLinkPatch changes what the patch holds: null clears, what is absent stays.
func applyLinkPatch(t *collateral.LinkTerms, p *LinkPatch) {
	if p.ExpiresAt.IsSpecified() {
		t.ExpiresAt = orNil(p.ExpiresAt)
	}
	if p.EmailGate != "" {
		t.EmailGate = collateral.EmailGate(p.EmailGate)
	}
	patch(&t.Allowed, p.Allowed)
	patch(&t.Downloads, p.Downloads)
	patch(&t.Watermark, p.Watermark)
	if p.MaxOpens.IsSpecified() {
		t.MaxOpens = int(orZero(p.MaxOpens))
	}
}

func (s *server) RevokeLink(ctx context.Context, r RevokeLinkRequestObject) (RevokeLinkResponseObject, error) {
	link, err := s.sharing.Revoke(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := s.linkAnswer(ctx, link)
	return RevokeLink200JSONResponse{answer}, err
}

func (s *server) ListLinkVisits(ctx context.Context, r ListLinkVisitsRequestObject) (ListLinkVisitsResponseObject, error) {
	visits, next, err := s.sharing.Visits(ctx, httpd.CallOf(ctx).Actor, r.ID, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return ListLinkVisits200JSONResponse{Items: each(visits, visitAnswer), NextCursor: nextCursor(next)}, nil
}

// linkAnswer answers with one link and its revision as ETag.
func (s *server) linkAnswer(ctx context.Context, l *sharing.Shared) (LinkJSONResponse, error) {
	answers, err := s.linkAnswers(ctx, l)
	if err != nil {
		return LinkJSONResponse{}, err
	}
	return LinkJSONResponse{Body: answers[0], Headers: LinkResponseHeaders{ETag: revisionTag(l.Revision)}}, nil
}

func (s *server) linkAnswers(ctx context.Context, links ...*sharing.Shared) ([]Link, error) {
	names, err := s.names(ctx, each(links, func(l *sharing.Shared) uuid.UUID { return l.CreatedBy }))
	if err != nil {
		return nil, err
	}
	return each(links, func(l *sharing.Shared) Link {
		return Link{
			ID: l.ID, Address: orNull(l.Address), State: LinkState(l.State), Title: l.Title, Pieces: each(l.Pieces, linkedAnswer),
			CreatedBy: l.CreatedBy, CreatedByName: names[l.CreatedBy], CreatedAt: l.CreatedAt,
			Recipient: l.Recipient, RecipientEmail: l.RecipientEmail, Opportunity: l.Opportunity, HasPasscode: l.PasscodeAt != nil,
			ExpiresAt: deref(l.ExpiresAt), EmailGate: EmailGate(l.EmailGate), Allowed: l.Allowed, Downloads: l.Downloads, Watermark: l.Watermark,
			MaxOpens: orNull(l.MaxOpens), Opens: l.Opens, RevokedAt: deref(l.RevokedAt), Revision: l.Revision,
			Figures: LinkFigures{
				Raw: l.Figures.Raw, Counted: l.Figures.Counted, Persons: l.Figures.Persons, LastOpenedAt: deref(l.Figures.LastOpenedAt),
			},
			Outcome: deref[LinkOutcome](nil),
		}
	}), nil
}

func linkedAnswer(p collateral.LinkedPiece) LinkedPiece {
	return LinkedPiece{AssetID: p.AssetID, Title: p.Title}
}
