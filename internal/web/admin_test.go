package web_test

import (
	"net/http"
	"testing"
)

func TestWhoSeesTheAdminsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	forLeaders := []string{"/admin", "/admin/stages", "/admin/stages/new", "/admin/synonyms"}
	forAdmins := []string{"/admin/people", "/admin/people/new", "/admin/lists", "/admin/webhooks", "/admin/webhooks/new", "/admin/audit", "/admin/audit.csv", "/admin/state"}
	check := func(v *visitor, paths []string, want int) {
		t.Helper()
		for _, path := range paths {
			if got := v.get(path).status; got != want {
				t.Errorf("%s opens %s: got %d, want %d", v.user.Name, path, got, want)
			}
		}
	}
	for _, v := range []*visitor{w.rita, w.mia, w.ann} {
		check(v, forLeaders, http.StatusForbidden)
		check(v, forAdmins, http.StatusForbidden)
		if v.get("/").Find("nav a[href='/admin']").Length() > 0 {
			t.Errorf("%s has a way to the admin's pages", v.user.Name)
		}
	}
	check(w.lea, forLeaders, http.StatusOK)
	check(w.lea, forAdmins, http.StatusForbidden)
	check(w.ada, forLeaders, http.StatusOK)
	check(w.ada, forAdmins, http.StatusOK)
	for _, v := range []*visitor{w.lea, w.ada} {
		for _, href := range v.get("/admin").Find(".tiles a").Map(hrefOf) {
			v.get(href).wantStatus(http.StatusOK)
		}
	}
}
