package web_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestListsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.ada.get("/admin/lists").wantText("#persona", "Nothing yet")
	refused := w.ada.submit(p, "[data-add=persona]", url.Values{"values": {"cfo, Big_Boss"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#persona-wrong", `"Big_Boss" cannot be a value`)
	if got := refused.Find("[data-add=persona] [name=values]").AttrOr("value", ""); got != "cfo, Big_Boss" {
		t.Errorf("the values are %q, want what was typed", got)
	}
	w.ada.submit(p, "[data-add=persona]", url.Values{"values": {" "}}).wantStatus(http.StatusUnprocessableEntity)
	p = w.ada.submit(p, "[data-add=persona]", url.Values{"values": {"cfo, cio"}}).wantText("#persona .values", "cfo unused").wantText("#persona .values", "cio")
	w.ada.submit(p, "[data-add=persona]", url.Values{"values": {"cfo"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#persona-wrong", "already")

	p = w.ada.submit(p, "[data-lock=persona]", nil).wantText("[role=status]", "closed").wantText("#persona h2", "closed")
	p = w.ada.submit(p, "[data-lock=persona]", nil).wantText("#persona h2", "open")
	p = w.ada.submit(p, "#persona .values li:first-child form", nil).wantText("[role=status]", "Removed: cfo")
	if got := p.Find("#persona .values li").Length(); got != 1 {
		t.Errorf("got %d personas, want cio alone", got)
	}
	w.ada.post("/admin/lists/colour", url.Values{"token": {tokenOf(p)}, "do": {"open"}}).wantStatus(http.StatusNotFound)
	w.ada.post("/admin/lists/persona", url.Values{"token": {tokenOf(p)}, "do": {"paint"}}).wantStatus(http.StatusBadRequest)
}

func TestSynonymsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.lea.get("/admin/synonyms?term=SLA").wantText("main", "no group yet")
	if got := p.Find("[name=terms]").Text(); got != "SLA" {
		t.Errorf("the term of the address is %q in the form, want SLA", got)
	}
	w.lea.submit(p, "[data-synonyms]", nil).wantStatus(http.StatusUnprocessableEntity).wantText("#terms-wrong", "at least two terms")
	p = w.lea.submit(p, "[data-synonyms]", url.Values{"terms": {"SLA\r\nservice level agreement\r\n"}}).wantText("tbody", "SLA service level agreement")
	w.lea.submit(p, "[data-synonyms]", url.Values{"terms": {"sla\nguarantee"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#terms-wrong", "another group")

	group := w.lea.get(p.Find("tbody a").AttrOr("href", "")).wantText("h1", "SLA, service level agreement")
	w.lea.submit(group, "[data-synonyms]", url.Values{"terms": {"alone"}}).wantStatus(http.StatusUnprocessableEntity).wantText("textarea", "alone")
	w.lea.submit(group, "[data-synonyms]", url.Values{"terms": {"SLA\nguarantee"}}).wantText("tbody", "SLA guarantee")
	w.lea.submit(group, "form[action$='/delete']", nil).wantText("main", "no group yet")
	w.lea.get(group.at.Path).wantStatus(http.StatusNotFound)
}

// tokenOf is the token that the forms of a page carry.
func tokenOf(p *shown) string { return p.Find("form [name=token]").First().AttrOr("value", "") }
