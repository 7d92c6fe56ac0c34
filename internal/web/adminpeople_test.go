package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// An admin gives somebody an account, with the password that is shown once.
func TestAccountIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.ada.get("/admin/people/new")
	const form = "form[action='/admin/people']"
	refused := w.ada.submit(p, form, url.Values{"name": {"Nora North"}, "email": {"nora"}, "role": {"marketer", "approver"}}).
		wantStatus(http.StatusUnprocessableEntity).
		wantText("#email-wrong", "not an e-mail address").wantText("#roles-wrong", "Nobody can be marketer and approver at once")
	if got := refused.Find("[name=name]").AttrOr("value", ""); got != "Nora North" {
		t.Errorf("after a refusal the name is %q, want what was typed", got)
	}
	if got := refused.Find("[name=role][checked]").Length(); got != 2 {
		t.Errorf("after a refusal %d roles are ticked, want both", got)
	}
	w.ada.submit(p, form, url.Values{"name": {"Nora"}, "email": {"Mia@example.com"}, "role": {"rep"}}).wantStatus(http.StatusConflict)

	p = w.ada.submit(refused, form, url.Values{"email": {"nora@example.com"}, "team": {"North"}, "role": {"marketer"}}).wantStatus(http.StatusOK)
	nora := w.stranger()
	nora.post("/signin", url.Values{"email": {"nora@example.com"}, "password": {p.text("[data-secret]")}}).wantStatus(http.StatusOK)
	nora.get("/account").wantText("dl", "North")

	for query, want := range map[string]string{
		"q=NORTH": "Nora North", "role=approver": "ann", "state=inactive": "Nobody fits", "q=rita&role=rep&state=active": "rita",
	} {
		w.ada.get("/admin/people?"+query).wantStatus(http.StatusOK).wantText("main", want)
	}
	if p := w.ada.get("/admin/people?q=nora"); p.Find("tbody tr").Length() != 1 {
		t.Errorf("looking for nora finds %d people, want one", p.Find("tbody tr").Length())
	}
}

func TestAccountIsChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := "/admin/people/" + w.rita.user.ID.String()
	p := w.ada.get(at)
	w.ada.submit(p, "[data-person]", url.Values{"role": {}}).wantStatus(http.StatusUnprocessableEntity).wantText("#roles-wrong", "at least one role")
	w.ada.submit(p, "[data-person]", url.Values{"name": {"Rita Reed"}, "role": {"rep", "leader"}}).wantText("[role=status]", "Rita Reed is saved")
	w.rita.get("/admin").wantStatus(http.StatusOK)

	p = w.ada.submit(p, "form[action$='/password']", nil).wantStatus(http.StatusOK)
	if q := w.rita.get("/account"); q.at.Path != "/signin" {
		t.Errorf("with a new password: got %s, want to be signed out", q.at)
	}
	w.stranger().post("/signin", url.Values{"email": {"rita@example.com"}, "password": {p.text("[data-secret]")}}).wantStatus(http.StatusOK)

	self := w.ada.get("/admin/people/" + w.ada.user.ID.String())
	w.ada.submit(self, "[data-person]", url.Values{"role": {"leader"}}).wantStatus(http.StatusConflict).wantText("[role=alert]", "last active admin")
	w.ada.get("/admin/people/no-id").wantStatus(http.StatusNotFound)
	w.ada.get("/admin/people/00000000-0000-4000-8000-000000000000").wantStatus(http.StatusNotFound)
}

// Somebody leaves: the pieces are handed over first, then the account is deactivated.
func TestAccountIsDeactivated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	max := w.join("max", collateral.Marketer)
	piece, err := w.pieces.Create(t.Context(), w.mia.actor(), collateral.Details{Title: "Pricing deck", Type: "deck", Audience: collateral.ForCustomer, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/admin/people/" + w.mia.user.ID.String()
	p := w.ada.get(at+"/leave").wantStatus(http.StatusOK).wantText("main", "mia owns 1 piece").wantText("main", "Pricing deck")
	w.ada.submit(p, "[data-handover]", url.Values{"owner": {"nobody@example.com"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#owner-wrong", "Nobody has the e-mail address")
	p = w.ada.submit(p, "[data-handover]", url.Values{"owner": {"max@example.com"}}).wantText("[role=status]", "1 piece now belongs to max").wantText("main", "owns no piece")
	owned, _, err := w.pieces.Assets(t.Context(), max.actor(), registry.AssetFilter{}, collateral.Paging{Limit: 5})
	if err != nil || len(owned) != 1 || owned[0].ID != piece.ID {
		t.Fatalf("max has %v, %v, want the piece", owned, err)
	}

	p = w.ada.submit(p, "[data-leave]", nil).wantText("[role=status]", "cannot sign in any more").wantText(".heading", "inactive")
	if q := w.mia.get("/account"); q.at.Path != "/signin" {
		t.Errorf("mia gets to %s, want to be signed out", q.at)
	}
	w.ada.submit(p, "form[action$='/activate']", nil).wantText("[role=status]", "can sign in again").wantText(".heading", "active")

	self := w.ada.get("/admin/people/" + w.ada.user.ID.String() + "/leave")
	w.ada.submit(self, "[data-leave]", nil).wantStatus(http.StatusConflict).wantText("[role=alert]", "last active admin")
}
