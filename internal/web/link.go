package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

// visitsOfPage is how many visits the page of a link lists.
const visitsOfPage = 50

// linkPage is a link with what came of it, and the form that changes its terms.
type linkPage struct {
	typed
	Link   *sharing.Shared
	Maker  string // "" for the reader
	Pieces []linkedPiece
	Robots string   // which machines came
	Notes  []string // on visits that were judged again
	Where  string   // the whole address that the buyer is given; empty but for whoever made the link
	Visits []visitRow
	Next   string // address of older visits; "" at the end
	May    bool   // change it and withdraw it
	Mails  bool
}

// linkedPiece is a piece of a link with how people looked at it.
type linkedPiece struct {
	collateral.LinkedPiece

	Attention attention
}

// visitRow is a visit in the list of a link's.
type visitRow struct {
	sharing.Visit

	Program string // what the visitor used, for people
	Why     string // why it is not counted, or what is odd; a sentence
}

func (s *site) link(c echo.Context) error { return s.showLink(c, nil) }

// showLink shows the link in the address; refused is the form of its terms as it was sent, nil at first.
func (s *site) showLink(c echo.Context, refused *typed) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	l, err := s.sharing.Link(ctx, actor, id)
	if err != nil {
		return err
	}
	p := linkPage{Link: l, Mails: s.sharing.Mail != nil || l.EmailGate == collateral.GateVerified}
	p.May = l.RevokedAt == nil && (l.CreatedBy == actor.UserID || actor.Is(collateral.Admin))
	if refused != nil {
		p.typed = *refused
	} else {
		p.Form = termsForm(l.LinkTerms, zoneOf(c))
	}
	p.Form.Set("revision", strconv.FormatInt(l.Revision, 10))
	if strings.HasPrefix(l.Address, "/") {
		p.Where = addressOf(c, l.Address) // the registry does not know its name
	} else {
		p.Where = l.Address
	}
	if l.CreatedBy != actor.UserID {
		names, err := s.names(ctx, l.CreatedBy)
		if err != nil {
			return err
		}
		p.Maker = names[l.CreatedBy]
	}
	visits, next, err := s.sharing.Visits(ctx, actor, id, collateral.Paging{Limit: visitsOfPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	for _, v := range visits {
		p.Visits = append(p.Visits, visitRow{Visit: v, Program: programName(v.Visit.Agent), Why: whyWords(&v.Visit)})
	}
	if err := s.showOutcome(c, &p); err != nil {
		return err
	}
	if next != "" {
		p.Next = linkAddress(id) + "?" + url.Values{"cursor": {next}}.Encode()
	}
	return s.render(c, "link", page{Title: l.Title, Area: areaShelf, Body: p, Status: p.status()})
}

// showOutcome fills in how people looked at the pieces of the link.
func (s *site) showOutcome(c echo.Context, p *linkPage) error {
	ctx := c.Request().Context()
	o, err := s.sharing.Outcome(ctx, actorOf(ctx), p.Link.ID)
	if err != nil {
		return err
	}
	p.Robots = machineWords(o.Reasons)
	for i, piece := range o.Pieces {
		p.Pieces = append(p.Pieces, linkedPiece{piece.LinkedPiece, attention{piece.Attention, "looked-" + strconv.Itoa(i)}})
	}
	for _, n := range o.Notes {
		p.Notes = append(p.Notes, n.At.In(zoneOf(c)).Format("2 January 2006")+": "+sharing.SayNote(n))
	}
	return nil
}

// termsForm is the form of terms before anything is typed.
func termsForm(t collateral.LinkTerms, zone *time.Location) url.Values {
	form := url.Values{"until": {lastDay(t.ExpiresAt, zone)}, "gate": {string(t.EmailGate)}, "allowed": {strings.Join(t.Allowed, "\n")}}
	if t.Downloads {
		form.Set("downloads", "1")
	}
	if t.Watermark {
		form.Set("watermark", "1")
	}
	if t.MaxOpens > 0 {
		form.Set("most", strconv.Itoa(t.MaxOpens))
	}
	return form
}

// lastDay is the last day on which a link with this end is open; "" without an end.
func lastDay(end *time.Time, zone *time.Location) string {
	if end == nil {
		return ""
	}
	return end.Add(-time.Microsecond).In(zone).Format(time.DateOnly)
}

// LastDay is the last day on which the link is open.
func (p linkPage) LastDay(zone *time.Location) string { return lastDay(p.Link.ExpiresAt, zone) }

// Uncounted is how many visits were neither a person's, as far as is known, nor a machine's.
func (p linkPage) Uncounted() int {
	return max(p.Link.Figures.Raw-p.Link.Figures.Counted-p.Link.Figures.Machines, 0)
}

// changeLink changes the terms of a link.
func (s *site) changeLink(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	form, zone := c.Request().PostForm, zoneOf(c)
	revision, err := strconv.ParseInt(form.Get("revision"), 10, 64)
	if err != nil {
		return unreadable()
	}
	var passcode *string
	if typed := form.Get("passcode"); typed != "" {
		passcode = &typed
	} else if form.Get("open") == "1" {
		passcode = &typed
	}
	ctx := c.Request().Context()
	_, err = s.sharing.Change(ctx, actorOf(ctx), id, &revision, passcode, func(t *collateral.LinkTerms) {
		wanted := termsOf(form, zone)
		if form.Get("until") == lastDay(t.ExpiresAt, zone) {
			wanted.ExpiresAt = t.ExpiresAt // which may be in the midst of that day
		}
		*t = wanted
	})
	if refusal, ok := isRefusal(err); ok {
		return s.showLink(c, &typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, linkAddress(id), "Changed. It holds from the buyer's next click on.")
}

// revokeLink withdraws a link for good.
func (s *site) revokeLink(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if _, err := s.sharing.Revoke(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return s.done(c, linkAddress(id), "The link is withdrawn. Nobody gets in by it any more.")
}

// linksOf are the newest links of a piece, for those who make it.
func (s *site) linksOf(c echo.Context, asset uuid.UUID) ([]linkRow, error) {
	const few = 5
	ctx := c.Request().Context()
	links, _, err := s.sharing.Links(ctx, actorOf(ctx), sharing.Filter{Asset: asset}, collateral.Paging{Limit: few})
	if err != nil {
		return nil, err
	}
	return s.linkRows(c, links)
}
