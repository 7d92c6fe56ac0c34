package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// linkLife is how many days a link is open when nobody says otherwise: as long as a buyer takes to come back to it.
const linkLife = 30

// sharePage is the form for a new link.
type sharePage struct {
	typed
	Pieces []shareable
	Chosen int    // pieces that are chosen
	Back   string // address of what is shared
	Of     string // what that is called
	Mails  bool   // addresses can be verified
}

// shareable is a piece that is offered for a link.
type shareable struct {
	ID     uuid.UUID
	Title  string
	Chosen bool
	WhyNot string // empty when it can be given to a buyer
}

// newLinkForm is a form that nobody has filled in yet.
func (s *site) newLinkForm(c echo.Context) url.Values {
	until := s.now().In(zoneOf(c)).AddDate(0, 0, linkLife)
	return url.Values{"until": {until.Format(time.DateOnly)}, "gate": {string(collateral.GateNone)}}
}

// sharePiece asks to whom a piece is given, and on which terms.
func (s *site) sharePiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := s.registry.Asset(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	form := s.newLinkForm(c)
	form["asset"] = []string{id.String()}
	return s.renderShare(c, sharePage{typed: typed{Form: form}, Back: "/pieces/" + id.String(), Of: a.Title}, []uuid.UUID{id})
}

// shareCollection does the same with the pieces of a collection: all that can be given to a buyer are chosen at first.
func (s *site) shareCollection(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	found, kept, err := s.registry.Collection(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	form, offered := s.newLinkForm(c), make([]uuid.UUID, len(kept))
	form.Set("title", found.Name)
	for i, k := range kept {
		offered[i] = k.AssetID
		form.Add("asset", k.AssetID.String())
	}
	return s.renderShare(c, sharePage{typed: typed{Form: form}, Back: collectionAddress(id), Of: found.Name}, offered)
}

// renderShare shows the form. Offered are the pieces to choose from.
func (s *site) renderShare(c echo.Context, p sharePage, offered []uuid.UUID) error {
	ctx := c.Request().Context()
	cards, err := s.registry.CardsByID(ctx, actorOf(ctx), offered)
	if err != nil {
		return err
	}
	for _, id := range offered {
		piece := shareable{ID: id, Title: "A piece that is not published"}
		switch card := cards[id]; {
		case card == nil:
			piece.WhyNot = "It is not published, so there is nothing to give to a buyer."
		case !card.Audience.ForBuyers():
			piece.Title, piece.WhyNot = card.Title, "Sales signed it for internal use, so it cannot be given to a buyer."
		default:
			piece.Title, piece.Chosen = card.Title, p.Has("asset", id.String())
		}
		if piece.Chosen {
			p.Chosen++
		}
		p.Pieces = append(p.Pieces, piece)
	}
	p.Mails = s.sharing.Mail != nil
	return s.render(c, "share", page{Title: "Share with a buyer", Area: areaFind, Body: p, Status: p.status()})
}

// makeLink makes the link, and leads to its page, where its address is.
func (s *site) makeLink(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	wanted := collateral.NewLink{
		Assets: idsOf(form["asset"]), Title: form.Get("title"), Recipient: form.Get("recipient"), RecipientEmail: form.Get("email"),
		Opportunity: form.Get("opportunity"), Passcode: form.Get("passcode"), LinkTerms: termsOf(form, zoneOf(c)),
	}
	made, err := s.sharing.Make(ctx, actorOf(ctx), wanted)
	if refusal, ok := isRefusal(err); ok {
		p := sharePage{typed: typed{form, refusal}, Back: localPath(form.Get("back")), Of: form.Get("of")}
		offered := idsOf(form["offered"])
		return s.renderShare(c, p, offered[:min(len(offered), maxOffered)])
	}
	if err != nil {
		return err
	}
	if made.PasscodeAt != nil {
		return s.done(c, linkAddress(made.ID), "The link is there. Send its address, and the passcode in another way: it is not shown again.")
	}
	return s.done(c, linkAddress(made.ID), "The link is there. Send its address.")
}

// maxOffered bounds the pieces that a form offers.
const maxOffered = 200

// idsOf reads ids out of a form; what is none is left out.
func idsOf(texts []string) []uuid.UUID {
	var ids []uuid.UUID
	for _, text := range texts {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// termsOf reads the terms of a link out of a form. What cannot be read becomes what no link can have, so that it is refused
// together with all that is wrong.
func termsOf(form url.Values, zone *time.Location) collateral.LinkTerms {
	t := collateral.LinkTerms{
		EmailGate: collateral.EmailGate(form.Get("gate")), Downloads: form.Get("downloads") == "1", Watermark: form.Get("watermark") == "1",
		Allowed: strings.FieldsFunc(form.Get("allowed"), func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t", r) }),
	}
	if until := form.Get("until"); until != "" {
		day, err := time.ParseInLocation(time.DateOnly, until, zone)
		if err == nil {
			day = day.AddDate(0, 0, 1) // that day is included
		}
		t.ExpiresAt = &day
	}
	if most := strings.TrimSpace(form.Get("most")); most != "" {
		n, err := strconv.Atoi(most)
		if err != nil || n < 1 {
			n = -1
		}
		t.MaxOpens = n
	}
	return t
}
