package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/web"
)

// No form is taken that another site made: neither without the token that our own pages put into it, nor with it from elsewhere.
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	maker := w.join("all", collateral.Rep, collateral.Marketer, collateral.Leader, collateral.Admin)
	tokenOf := func(v *visitor) string {
		return v.get("/account").Find("input[name=token]").First().AttrOr("value", "")
	}
	paths := web.PostRoutes()
	if len(paths) < 40 {
		t.Fatalf("got %d addresses of forms, want all of them", len(paths))
	}
	for path, public := range paths {
		sender := maker
		if strings.HasPrefix(path, "/reviews") {
			sender = w.ann
		}
		address := w.url + strings.NewReplacer(":id", uuid.NewString(), ":flag", uuid.NewString(), ":n", "1", ":do", "submit", ":key", "validation", ":facet", "persona").Replace(path)
		check := func(what, kind, body, want string, headers ...string) {
			t.Helper()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", kind)
			for i := 0; i < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
			p := sender.send(r)
			if p.status != http.StatusForbidden || !strings.Contains(p.text("main"), want) {
				t.Errorf("%s, %s: got status %d, %q; want 403, %q", path, what, p.status, p.text("main"), want)
			}
		}
		const plain = "application/x-www-form-urlencoded"
		signed := url.Values{"token": {tokenOf(sender)}}.Encode()
		check("by a page of another site", plain, signed, "sent from another site", "Sec-Fetch-Site", "cross-site")
		check("by a page of a neighbour", plain, signed, "sent from another site", "Sec-Fetch-Site", "same-site")
		check("by an old browser", plain, signed, "sent from another site", "Origin", "https://elsewhere.example")
		if strings.HasPrefix(path, "/s/") {
			continue // visitors' own forms say "null" in old browsers, and without the visitor's cookie no form there does anything
		}
		check("by a page in a sandbox", plain, signed, "sent from another site", "Origin", "null")
		if public {
			continue
		}
		const strange = "does not come from a page of yours"
		check("without a token", plain, "", strange)
		check("with a token of somebody else", plain, url.Values{"token": {tokenOf(w.rita)}}.Encode(), strange)
		files, kind := forgedFiles(t)
		check("with files and without a token", kind, files, strange)
	}
}

func forgedFiles(t *testing.T) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.WriteField("note", "x"); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), form.FormDataContentType()
}
