package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// A rep gives a piece to a buyer, sees that it was opened, and withdraws the link.
func TestRepSharesAPiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	piece := w.rita.get("/pieces/" + id.String())
	form := w.rita.get(piece.Find(`.piece-use a[href$="/share"]`).AttrOr("href", "")).wantStatus(http.StatusOK).wantText("main", "Fleet deck")
	if got, want := form.Find("#until").AttrOr("value", ""), w.store.Now().AddDate(0, 0, 30).Format(time.DateOnly); got != want {
		t.Errorf("a link is open until %q at first, want %q", got, want)
	}
	refused := w.rita.submit(form, "main form", url.Values{
		"recipient": {"Jo Doe"}, "email": {"jo"}, "opportunity": {"OPP-1"}, "until": {"2020-01-01"}, "passcode": {"short"},
		"gate": {"verified"}, "allowed": {"@buyer.example\nnobody"}, "downloads": {"1"}, "most": {"many"},
	})
	refused.wantStatus(http.StatusUnprocessableEntity)
	for id, want := range map[string]string{"recipient": "Jo Doe", "email": "jo", "opportunity": "OPP-1", "until": "2020-01-01", "passcode": "short", "most": "many"} {
		if got := refused.Find("#"+id).AttrOr("value", ""); got != want {
			t.Errorf("the refused form has %s %q, want %q", id, got, want)
		}
	}
	if refused.Find("input[name=downloads][checked]").Length() != 1 {
		t.Error("the box for downloads lost its tick")
	}
	refused.wantText("#allowed", "@buyer.example").wantText("#until-wrong", "in the future").wantText("#email-wrong", "not an e-mail address").wantText("#passcode-wrong", "short")
	refused.wantText("#gate-wrong", "sends no mail").wantText("#allowed-wrong", "neither an e-mail address nor a domain").wantText("#most-wrong", "how often").wantText(".back", "Fleet deck")

	until := w.store.Now().AddDate(0, 0, 7).Format(time.DateOnly)
	made := w.rita.submit(refused, "main form", url.Values{
		"email": {"jo@buyer.example"}, "until": {until}, "passcode": {"open sesame"}, "gate": {"ask"}, "allowed": {"@buyer.example"}, "most": {"3"},
	})
	made.wantStatus(http.StatusOK).wantText(".notice.good", "passcode in another way").wantText("h1", "Fleet deck").wantText("aside", "Jo Doe").wantText("aside", "OPP-1")
	made.wantText("aside", "@buyer.example").wantText("aside", "0 of 3 times").wantText("main", "Nobody came yet")
	address := made.Find("#link-address").AttrOr("value", "")
	if !strings.HasPrefix(address, publicURL+"/s/") {
		t.Fatalf("got the address %q", address)
	}

	buyer, path := w.stranger(), strings.TrimPrefix(address, publicURL)
	asked := buyer.submit(buyer.get(path), "form", url.Values{"passcode": {"open sesame"}})
	lastDay := w.store.Now().AddDate(0, 0, 7).Format("2 Jan 2006")
	buyer.submit(asked, "form", url.Values{"email": {"jo@buyer.example"}}).wantText("h1", "Fleet deck").wantText(".visitor-head", "here until "+lastDay)
	w.stranger().get(path)
	seen := w.rita.get(made.at.Path)
	seen.wantAll(".link-figures dd", "1", "1", "0", "1").wantText("table", "jo@buyer.example").wantText("table", "not counted").wantText("main", "2 visits in all")
	w.rita.get("/links").wantText("[href='"+made.at.Path+"']", "Fleet deck").wantText(".link-opens", "Opened 1 time")
	w.mia.get("/work/"+id.String()).wantText("[aria-labelledby=given]", "by rita, opened 1 time")
	w.mia.get(made.at.Path).wantStatus(http.StatusOK).wantText("main", "rita made this link")
	w.lea.get(made.at.Path).wantStatus(http.StatusNotFound)

	w.rita.submit(seen, "form[data-revoke]", nil).wantText(".notice.good", "withdrawn").wantText(".heading", "withdrawn")
	buyer.get(path).wantStatus(http.StatusGone)
}

func TestChangingALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	end := w.store.Now().Add(36 * time.Hour)
	link, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, LinkTerms: collateral.LinkTerms{ExpiresAt: &end}})
	shown := w.rita.get("/links/" + link.ID.String())
	changed := w.rita.submit(shown, "form[data-link-terms]", url.Values{"passcode": {"open sesame"}, "downloads": {"1"}})
	changed.wantStatus(http.StatusOK).wantText(".notice.good", "Changed").wantText("aside", "Downloadsyes")
	w.stranger().get(path).wantText("h1", "Enter the passcode")
	now, err := w.links.Link(t.Context(), w.rita.actor(), link.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !now.ExpiresAt.Equal(end.Truncate(time.Microsecond)) {
		t.Errorf("the end moved to %s, want %s, since nobody changed it", now.ExpiresAt, end)
	}

	late := w.rita.submit(shown, "form[data-link-terms]", url.Values{"most": {"7"}})
	late.wantStatus(http.StatusConflict).wantText("[role=alert]", "changed since")
	if got := late.Find("#most").AttrOr("value", ""); got != "7" {
		t.Errorf("the refused form has %q, want what was typed", got)
	}
	w.rita.submit(late, "form[data-link-terms]", url.Values{"downloads": {"1"}}).wantText("aside", "0 of 7 times")
	w.rita.submit(w.rita.get("/links/"+link.ID.String()), "form[data-link-terms]", url.Values{"open": {"1"}, "most": {""}}).wantText("aside", "Passcodenone")
	w.stranger().get(path).wantText("h1", "Fleet deck")
	w.mia.get("/links/" + link.ID.String()).wantStatus(http.StatusOK)
	if w.mia.get("/links/"+link.ID.String()).Find("form[data-link-terms], form[data-revoke], #link-address").Length() > 0 {
		t.Error("the maker of a piece is offered to change a rep's link, or has its address")
	}
}

// Pages that say whom they were given to need a name, and only PDFs can be taken then.
func TestLinkWithAWatermark(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	form := w.rita.get("/pieces/" + id.String() + "/share")
	refused := w.rita.submit(form, "main form", url.Values{"downloads": {"1"}, "watermark": {"1"}}).wantStatus(http.StatusUnprocessableEntity)
	refused.wantText("#watermark-wrong", "Say whom the link is for")
	made := w.rita.submit(refused, "main form", url.Values{"recipient": {"Jo Doe"}}).wantText("aside", "PDFs, with the name on every page")
	page := w.stranger().get(strings.TrimPrefix(made.Find("#link-address").AttrOr("value", ""), publicURL)).wantText("h1", "Fleet deck")
	if page.Find("form[action$=download]").Length() > 0 {
		t.Error("a file that cannot be marked is offered")
	}
}

func TestWhatCannotBeGivenToABuyer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Battlecard", "what they do worse", func(d *collateral.Details) { d.Audience = collateral.ForInternal })
	piece := w.rita.get("/pieces/"+id.String()).wantText(".piece-use", "Sales signed it for internal use")
	if piece.Find(`a[href$="/share"]`).Length() > 0 {
		t.Error("an internal piece is offered to be shared")
	}
	form := w.rita.get("/pieces/"+id.String()+"/share").wantText("main", "cannot be given to a buyer")
	w.rita.submit(form, "main form", nil).wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Choose at least one piece")
	w.rita.submit(form, "main form", url.Values{"asset": {id.String()}}).wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "internal use")
}

// A collection becomes a room with the pieces that may be given away.
func TestSharingACollection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deck, plan := w.live("Fleet deck", "how a pilot is planned", nil), w.live("Fleet plan", "the plan", nil)
	card := w.live("Battlecard", "what they do worse", func(d *collateral.Details) { d.Audience = collateral.ForInternal })
	collection, err := w.pieces.AddCollection(t.Context(), w.rita.actor(), "Pilot")
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range []uuid.UUID{deck, plan, card} {
		if _, err := w.pieces.Collect(t.Context(), w.rita.actor(), collection.ID, id, i+1); err != nil {
			t.Fatal(err)
		}
	}
	page := w.rita.get("/collections/" + collection.ID.String())
	form := w.rita.get(page.Find(`a[href$="/share"]`).AttrOr("href", "")).wantStatus(http.StatusOK).wantText("fieldset", "Sales signed it for internal use")
	if got := form.Find("input[name=asset][checked]").Length(); got != 2 {
		t.Fatalf("%d pieces are chosen, want the two for customers", got)
	}
	refused := w.rita.submit(form, "main form", url.Values{"asset": {plan.String()}, "email": {"jo"}}).wantStatus(http.StatusUnprocessableEntity)
	if got := refused.Find("input[name=asset][checked]").Length(); got != 1 || refused.Find("input[name=asset]").Length() != 3 {
		t.Errorf("%d of the pieces are chosen in the refused form, want the one of three", got)
	}
	made := w.rita.submit(refused, "main form", url.Values{"asset": {plan.String(), deck.String()}, "email": {""}}).wantStatus(http.StatusOK).wantText("h1", "Pilot")
	w.stranger().get(strings.TrimPrefix(made.Find("#link-address").AttrOr("value", ""), publicURL)).wantAll(".visitor-room h2", "Fleet plan", "Fleet deck")
}

func TestMyLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rita.get("/links").wantStatus(http.StatusOK).wantText(".empty", "No links yet")
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, Title: "For Kestermoor", Recipient: "Jo Doe", Opportunity: "OPP-1"})
	over, _ := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, Title: "For Tessivane", RecipientEmail: "ada@tessivane.example"})
	if _, err := w.links.Revoke(t.Context(), w.rita.actor(), over.ID); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]string{
		"": {"For Tessivane", "For Kestermoor"}, "?state=live": {"For Kestermoor"}, "?state=ended": {"For Tessivane"}, "?q=opp-1": {"For Kestermoor"},
		"?q=TESSIVANE.ex": {"For Tessivane"}, "?q=jo+doe&state=live": {"For Kestermoor"}, "?q=fleet+deck": {"For Tessivane", "For Kestermoor"}, "?q=100%25": nil,
	} {
		listed := w.rita.get("/links" + query).wantStatus(http.StatusOK)
		got := listed.Find(".link-row h2").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	w.rita.get("/links?q=nothing").wantText(".empty", "No link fits")
	w.mia.get("/links").wantText(".empty", "No links yet")
	w.mia.get("/links?of=all").wantText(".link-row", "by rita")
}
