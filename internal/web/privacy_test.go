package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

func TestWhatIsRecordedIsExplained(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.rita.get(w.rita.get("/").Find(".foot a").AttrOr("href", "")).wantStatus(http.StatusOK)
	p.wantText("main", "Brightwell Pumps").wantText("main", "400 days").wantText("main", "nothing is mailed").wantText("main", "fewer than five people")
	if got := p.Find("main a[href^=mailto]").AttrOr("href", ""); got != "mailto:privacy@brightwell.example" {
		t.Errorf("the contact leads to %q", got)
	}
	if p := w.stranger().get("/privacy"); p.at.Path != "/signin" {
		t.Errorf("a stranger comes to %s", p.at.Path)
	}
}

func TestBuyerReadsWhatIsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	made, err := w.links.Make(t.Context(), w.rita.actor(), collateral.NewLink{Assets: []uuid.UUID{id}, LinkTerms: collateral.LinkTerms{MaxOpens: 2}})
	if err != nil {
		t.Fatal(err)
	}
	link := strings.TrimPrefix(made.Address, publicURL)
	for _, path := range []string{link, "/s/not-a-link"} { // also where the gate asks, and where there is nothing
		way := w.stranger().get(path).Find("aside.visitor-foot a").AttrOr("href", "")
		buyer := w.stranger()
		p := buyer.get(way).wantStatus(http.StatusOK).wantText("h1", "What this page records").wantText("main", "Brightwell Pumps")
		if back := p.Find("main p a").AttrOr("href", ""); back != path || p.header.Get("X-Robots-Tag") == "" || p.header.Get("Set-Cookie") != "" {
			t.Errorf("of %s: back leads to %q, headers %v", path, back, p.header)
		}
	}
	seen, err := w.links.Link(t.Context(), w.rita.actor(), made.ID)
	if err != nil || seen.Figures.Raw != 1 {
		t.Errorf("got %+v, %v, want the visit of the link alone", seen, err)
	}
}

func TestPersonTakesDataAndIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	w.rita.submit(w.rita.get("/pieces/"+id.String()), "form[data-use=share]", url.Values{"opportunity": {"OPP-1"}})
	account := w.rita.get("/account")
	file := w.rita.get(account.Find("#data ~ p a[download]").AttrOr("href", "")).wantStatus(http.StatusOK)
	if text := file.Text(); !strings.Contains(text, `"rita@example.com"`) || !strings.Contains(text, "Fleet deck") || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("got %v, %s", file.header, text)
	}
	ask := w.rita.get("/account/forget").wantText("main", "cannot be undone")
	w.rita.submit(ask, "form[data-forget]", url.Values{"sure": {"1"}}).wantText("[role=status]", "forget who you were")
	if err := w.jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.rita.get("/recent").wantText("main", "othing")
	if text := w.rita.get("/account/data").Text(); strings.Contains(text, "OPP-1") {
		t.Error("the deal of a use is still kept")
	}
}

func TestAdminForgetsSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := "/admin/people/" + w.rita.user.ID.String()
	w.ada.get(w.ada.get(page).Find("#forget ~ p a").AttrOr("href", "")).wantText("main", "Deactivate it first")
	w.ada.post(page+"/forget", url.Values{"token": {w.ada.get("/account").Find("input[name=token]").First().AttrOr("value", "")}, "what": {"account"}}).
		wantStatus(http.StatusConflict).wantText("main", "Deactivate it first")
	w.ada.submit(w.ada.get(page+"/forget"), "form[data-forget-uses]", nil).wantText("[role=status]", "forget who it was")
	w.ada.submit(w.ada.get(page+"/leave"), "form[data-leave]", nil)
	w.ada.submit(w.ada.get(page+"/forget"), "form[data-forget-account]", nil).wantText("[role=status]", "anonymised").wantText("h1", "Former user")
	if p := w.mia.get(page + "/forget"); p.status != http.StatusForbidden {
		t.Errorf("a marketer gets %d", p.status)
	}
}

func TestAdminForgetsABuyer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	if _, err := w.links.Make(t.Context(), w.rita.actor(), collateral.NewLink{Assets: []uuid.UUID{id}, RecipientEmail: "jo@buyer.example"}); err != nil {
		t.Fatal(err)
	}
	p := w.ada.get("/admin/buyers")
	w.ada.submit(p, "form[data-forget-buyer]", url.Values{"email": {"jo"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#email-wrong", "not an e-mail address")
	w.ada.submit(p, "form[data-forget-buyer]", url.Values{"email": {"jo@buyer.example"}}).wantText("[role=status]", "0 visitors and 1 link")
	w.rita.get("/links").wantText(".link-row", "Former recipient")
}
