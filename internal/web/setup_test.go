package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"collateral/internal/web"
)

// Whoever has the address makes the first admin, once.
func TestFirstAdminInABrowser(t *testing.T) {
	t.Parallel()
	w := newEmptyWorld(t)
	v := w.stranger()
	v.get("/signin").wantText("main", "Nobody has an account yet")
	for _, wrong := range []string{"/setup", web.SetupAddress(""), web.SetupAddress(setupSecret + "x")} {
		v.get(wrong).wantStatus(http.StatusForbidden).wantText("main", "not the address that the server printed")
	}
	ada := url.Values{"name": {"Ada Lane"}, "email": {"ada@example.com"}, "password": {password}}
	w.stranger().post("/setup", ada).wantStatus(http.StatusForbidden)

	p := v.get(web.SetupAddress(setupSecret)).wantStatus(http.StatusOK)
	refused := v.submit(p, "main form", url.Values{"name": {"Ada Lane"}, "email": {"ada"}, "password": {"short"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#email-wrong", "not an e-mail address").wantText("#password-wrong", "too short")
	if got := refused.Find("[name=name]").AttrOr("value", ""); got != "Ada Lane" {
		t.Errorf("the name is %q, want what was typed", got)
	}
	late := w.stranger()
	second := late.get(web.SetupAddress(setupSecret)).wantStatus(http.StatusOK)
	p = v.submit(refused, "main form", ada).wantStatus(http.StatusOK).wantText("[role=status]", "Welcome, Ada Lane")
	if p.at.Path != "/admin" {
		t.Errorf("got to %s, want the admin's pages", p.at)
	}
	v.get("/admin/people").wantText("tbody", "Ada Lane ada@example.com admin")

	late.submit(second, "main form", url.Values{"name": {"Eve"}, "email": {"eve@example.com"}, "password": {password}}).wantText("[role=status]", "Somebody has an account already")
	if p := late.get(web.SetupAddress(setupSecret)); p.at.Path != "/signin" {
		t.Errorf("after the first admin: got %s, want the page for signing in", p.at)
	}
	if n := v.get("/admin/people").Find("tbody tr").Length(); n != 1 {
		t.Errorf("got %d people, want one", n)
	}
}

func TestFirstAdminFromAnotherSite(t *testing.T) {
	t.Parallel()
	w := newEmptyWorld(t)
	v := w.stranger()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+web.SetupAddress(setupSecret), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	v.send(r).wantStatus(http.StatusForbidden).wantText("main", "another site")
}
