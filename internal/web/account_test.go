package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/mail"
)

func TestAccountShowsThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, v := range []*visitor{w.rita, w.mia, w.ann, w.lea, w.ada} {
		v.get("/account").wantStatus(http.StatusOK).
			wantText("h2", v.user.Name).wantText("dl", v.user.Email).wantText("dl", string(v.user.Roles[0]))
	}
	if p := w.stranger().get("/account"); p.at.Path != "/signin" {
		t.Errorf("a stranger gets to %s, want the page for signing in", p.at)
	}
}

func TestPasswordIsChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.stranger()
	elsewhere.post("/signin", url.Values{"email": {"rita@example.com"}, "password": {password}}).wantStatus(http.StatusOK)

	p := w.rita.get("/account")
	const form = "form[action='/account/password']"
	w.rita.submit(p, form, url.Values{"current_password": {"wrong"}, "new_password": {"another long one"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#current-wrong", "not your current password")
	w.rita.submit(p, form, url.Values{"current_password": {password}, "new_password": {"short"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#next-wrong", "too short")
	p = w.rita.submit(p, form, url.Values{"current_password": {password}, "new_password": {"another long one"}}).
		wantStatus(http.StatusOK).wantText("[role=status]", "password is changed")
	if p.at.Path != "/account" {
		t.Errorf("got to %s, want the account again", p.at)
	}
	if q := elsewhere.get("/account"); q.at.Path != "/signin" {
		t.Errorf("elsewhere: got %s, want to be signed out", q.at)
	}
	w.stranger().post("/signin", url.Values{"email": {"rita@example.com"}, "password": {"another long one"}}).wantStatus(http.StatusOK)
}

// Whoever wants no mails says so, where there are any.
func TestMailIsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const form = "form[action='/account/mail']"
	if w.rita.get("/account").Find(form).Length() > 0 {
		t.Error("mails can be chosen where none are sent")
	}
	w.pieces.Mail = &mail.Server{}
	off := w.rita.submit(w.rita.get("/account").wantText("#mail + p", "is mailed to rita@example.com"), form, nil)
	off.wantText("[role=status]", "No more mails").wantText("#mail + p", "Nothing is mailed to you")
	w.mia.get("/account").wantText("#mail + p", "is mailed to mia@example.com")
	w.rita.submit(off, form, nil).wantText("#mail + p", "is mailed to rita@example.com")
}

func TestSignOutElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.stranger()
	elsewhere.post("/signin", url.Values{"email": {"rita@example.com"}, "password": {password}}).wantStatus(http.StatusOK)
	w.rita.submit(w.rita.get("/account"), "form[action='/account/sessions']", nil).wantText("[role=status]", "signed out everywhere else")
	if p := elsewhere.get("/account"); p.at.Path != "/signin" {
		t.Errorf("elsewhere: got %s, want to be signed out", p.at)
	}
	w.rita.get("/account").wantText("h1", "Your account")
}

// A token is made, shown once, works, and is deleted.
func TestTokenOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	both := w.join("bea", collateral.Rep, collateral.Leader)
	p := both.get("/account").wantText(".empty", "no token")
	const form = "form[action='/account/tokens']"
	refused := both.submit(p, form, url.Values{"name": {"export"}, "role": {}, "ends": {"2001-01-01"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#token-roles-wrong", "at least one").wantText("#token-ends-wrong", "in the future")
	if got := refused.Find(form+" [name=name]").AttrOr("value", ""); got != "export" {
		t.Errorf("after a refusal the name is %q, want what was typed", got)
	}
	both.submit(p, form, url.Values{"name": {"export"}, "ends": {"soon"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#token-ends-wrong", "2027-03-31")

	p = both.submit(p, form, url.Values{"name": {"export"}, "role": {"leader"}}).wantStatus(http.StatusOK)
	secret := p.text("[data-secret]")
	actor, err := w.people.Authenticate(t.Context(), secret)
	if err != nil || !actor.Is(collateral.Leader) || actor.Is(collateral.Rep) {
		t.Fatalf("the token is of %v, %v; want the leader alone", actor, err)
	}
	p.wantText("pre", "curl "+w.url+"/api/v1/me -H 'Authorization: Bearer "+secret)

	p = both.get("/account").wantText("tbody", "export leader")
	if strings.Contains(p.text("main"), secret) {
		t.Error("the secret is shown again")
	}
	both.submit(p, "form[action$='/delete']", nil).wantText("[role=status]", "deleted")
	if _, err := w.people.Authenticate(t.Context(), secret); err == nil {
		t.Error("the deleted token lets somebody in")
	}

	made := both.submit(both.get("/account"), form, url.Values{"name": {"CRM"}, "role": {"leader"}, "scope": {"report-uses"}}).wantStatus(http.StatusOK)
	if actor, err := w.people.Authenticate(t.Context(), made.text("[data-secret]")); err != nil || !actor.OnlyReports || len(actor.Roles) != 0 {
		t.Errorf("the token is of %v, %v; want it to report uses only", actor, err)
	}
	made.wantText("pre", `<script src="`+w.url+`/beacon.js" data-token="`)
	both.get("/account").wantText("tbody tr", "only reports uses")
}
