package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A token that only reports uses records them in its person's name, and is refused wherever else it is shown.
func TestTokenThatOnlyReports(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("Deck", "A deck for the first call.")
		made := w.do(w.rita, "POST", "/tokens", fields{"name": "CRM", "scope": "report-uses"}).want(201)
		if got := made.text("scope"); got != "report-uses" || len(made.list("roles")) != 0 {
			t.Errorf("got scope %q and roles %v, want report-uses and none", got, made.list("roles"))
		}
		w.do(w.rita, "POST", "/tokens", fields{"name": "CRM", "scope": "report-uses", "roles": []string{"rep"}}).wantProblem(422, "invalid", "/roles")
		if got := w.do(w.rita, "GET", "/tokens", nil).want(200).list("items")[0].text("scope"); got != "report-uses" {
			t.Errorf("listed: got scope %q, want report-uses", got)
		}
		beacon := &person{token: made.text("token")}
		use := fields{"id": newID(), "kind": "share", "asset_id": id, "occurred_at": time.Now().UTC().Format(time.RFC3339)}
		if got := w.do(beacon, "POST", "/usage/events", fields{"events": []any{use}}).want(200).number("accepted"); got != 1 {
			t.Errorf("got %d accepted, want 1", got)
		}
		for _, o := range testContract(t).operations {
			if o.public || o.id == "recordUsage" {
				continue
			}
			if got := w.do(beacon, o.route.Method, pathOf(o), nil).status; got != http.StatusForbidden {
				t.Errorf("%s answers a token that only reports with %d, want 403", o.id, got)
			}
		}
	})
}

// Pages of the origins named may report, and read what becomes of it; others get no such word, and nothing else is opened.
func TestOriginsThatMayReport(t *testing.T) {
	t.Parallel()
	const crm = "https://crm.example.com"
	closed, h := testPlumbing(t, reached{}), sharingPlumbing(t, reached{}, crm)
	ask := func(h http.Handler, method, path, origin string) http.Header {
		r := httptest.NewRequest(method, BasePath+path, nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "POST")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Header()
	}
	for _, test := range []struct {
		name, method, path, origin string
		handler                    http.Handler
		want                       string
	}{
		{"asked before", "OPTIONS", "/usage/events", crm, h, crm},
		{"asked before by another", "OPTIONS", "/usage/events", "https://evil.example.com", h, ""},
		{"asked before by none in particular", "OPTIONS", "/usage/events", "null", h, ""},
		{"asked before of something else", "OPTIONS", "/search", crm, h, ""},
		{"refused", "POST", "/usage/events", crm, h, crm},
		{"refused to another", "POST", "/usage/events", "https://crm.example.com.evil.example", h, ""},
		{"something else", "GET", "/search", crm, h, ""},
		{"none named, asked before", "OPTIONS", "/usage/events", crm, closed, ""},
		{"none named", "POST", "/usage/events", crm, closed, ""},
	} {
		got := ask(test.handler, test.method, test.path, test.origin)
		if got.Get("Access-Control-Allow-Origin") != test.want || got.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: got %v, want Access-Control-Allow-Origin %q and no credentials", test.name, got, test.want)
		}
	}
	if got := ask(h, "OPTIONS", "/usage/events", crm).Get("Access-Control-Allow-Headers"); got != "Authorization, Content-Type" {
		t.Errorf("got Access-Control-Allow-Headers %q, want Authorization, Content-Type", got)
	}
}
