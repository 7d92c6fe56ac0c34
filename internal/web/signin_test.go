package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestStrangersSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.stranger()
	p := v.get("/?stage=validation&q=c%2B%2B").wantStatus(http.StatusOK)
	if p.at.Path != "/signin" {
		t.Fatalf("a stranger gets to %s, want the page for signing in", p.at)
	}
	v.submit(p, "main form", url.Values{"email": {"rita@example.com"}, "password": {"wrong"}}).
		wantStatus(http.StatusUnauthorized).wantText("[role=alert]", "password")
	p = v.submit(p, "main form", url.Values{"email": {"rita@example.com"}, "password": {password}}).wantStatus(http.StatusOK)
	if got, want := p.at.RequestURI(), "/?stage=validation&q=c%2B%2B"; got != want {
		t.Errorf("after signing in: got %s, want %s", got, want)
	}
	p = v.submit(p, "form[action='/signout']", nil)
	p.wantText("[role=status]", "signed out")
	if again := v.get("/"); again.at.Path != "/signin" {
		t.Errorf("after signing out: got %s, want the page for signing in", again.at)
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "javascript:alert(1)", "/%2F/evil.example"} {
		v := w.stranger()
		p := v.post("/signin", url.Values{"email": {"rita@example.com"}, "password": {password}, "next": {next}}).wantStatus(http.StatusOK)
		if got := p.at.Scheme + "://" + p.at.Host; got != w.url {
			t.Errorf("next=%s leads to %s, want a page of this site", next, p.at)
		}
	}
}

// A form whose session has ended meanwhile is sent after signing in, with all that was typed.
func TestFormSurvivesTheEndOfItsSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.stranger()
	p := v.post("/signout?from=form", url.Values{"title": {`A "long" title`}, "stage": {"validation", "consensus"}, "token": {"old"}}).
		wantStatus(http.StatusUnauthorized).wantText("main", "What you typed is kept")
	p = v.submit(p, "main form", url.Values{"email": {"rita@example.com"}, "password": {password}}).wantStatus(http.StatusOK)
	form := p.Find("main form")
	if got := form.AttrOr("action", ""); got != "/signout?from=form" {
		t.Errorf("the form goes to %q, want where it was sent first", got)
	}
	if got := form.Find("[name=title]").AttrOr("value", ""); got != `A "long" title` {
		t.Errorf("title: got %q", got)
	}
	if got := form.Find("[name=stage]").Length(); got != 2 {
		t.Errorf("stages: got %d, want both", got)
	}
	if form.Find("[name=token]").AttrOr("value", "old") == "old" {
		t.Error("the form has the token of the old session")
	}
	v.submit(p, "main form", nil).wantText("[role=status]", "signed out")
}

// Of a form with a file all texts are kept, and the file is asked for again.
func TestFormWithFileSurvivesTheEndOfItsSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.stranger()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"token", "old"}, {"title", "Pricing"}, {"role", "Answers what it costs."}} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", "pricing.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(bytes.Repeat([]byte("x"), 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/signout", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	p := v.send(r).wantStatus(http.StatusUnauthorized)
	p = v.submit(p, "main form", url.Values{"email": {"rita@example.com"}, "password": {password}}).wantStatus(http.StatusOK)
	if got := p.Find("main form [name=title]").AttrOr("value", ""); got != "Pricing" {
		t.Errorf("title: got %q, want what was typed", got)
	}
	if got := p.Find("main form input[type=file]").AttrOr("name", ""); got != "file" {
		t.Errorf("the file is asked for as %q, want file", got)
	}
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.rita.get("/").Find("form[action='/signout'] [name=token]").AttrOr("value", "")
	tests := []struct {
		name   string
		form   url.Values
		header [2]string
		want   int
	}{
		{"without a token", url.Values{}, [2]string{}, http.StatusForbidden},
		{"with a token of somebody else", url.Values{"token": {w.mia.get("/").Find("form[action='/signout'] [name=token]").AttrOr("value", "")}}, [2]string{}, http.StatusForbidden},
		{"from another origin", url.Values{"token": {token}}, [2]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{"from another site", url.Values{"token": {token}}, [2]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"from this site", url.Values{"token": {token}}, [2]string{"Sec-Fetch-Site", "same-origin"}, http.StatusOK},
	}
	for _, tt := range tests { // one after the other: the last signs out
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/signout", strings.NewReader(tt.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if tt.header[0] != "" {
			r.Header.Set(tt.header[0], tt.header[1])
		}
		if got := w.rita.send(r).status; got != tt.want {
			t.Errorf("%s: got status %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPagesCarryTheirPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/", "/no-such-page"} {
		p := w.rita.get(path)
		policy := p.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: got policy %q, want %s in it", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: got policy %q, want nothing unsafe", path, policy)
		}
		if p.header.Get("X-Content-Type-Options") != "nosniff" || p.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got headers %v, want nosniff and no-store", path, p.header)
		}
		if n := p.Find("script:not([src]), style, [style], [onclick]").Length(); n != 0 {
			t.Errorf("%s: got %d scripts and styles within the page, want none", path, n)
		}
	}
}

// The cookie is kept from scripts, other sites and plain lines.
func TestSessionCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, w.url+"/signin", strings.NewReader(url.Values{"email": {"rita@example.com"}, "password": {password}}.Encode()))
	r.RequestURI = ""
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-Proto", "https")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if c.Name == "collateral_session" {
			if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
				t.Errorf("got %v, want it HttpOnly, Secure, SameSite=Lax and for the whole site", c)
			}
			return
		}
	}
	t.Errorf("got cookies %v, want a session", answer.Cookies())
}
