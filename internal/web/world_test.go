package web_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"collateral/internal/access"
	"collateral/internal/access/accesstest"
	"collateral/internal/blob/diskblob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/httpd"
	"collateral/internal/jobs"
	"collateral/internal/privacy"
	"collateral/internal/registry"
	"collateral/internal/report"
	"collateral/internal/search/bleveindex"
	"collateral/internal/sharing"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/upkeep"
	"collateral/internal/usage"
	"collateral/internal/web"
)

// publicURL is where buyers would find the pages.
const publicURL = "https://collateral.example.com"

const password = "correct horse battery"

// world is the pages on the engines of one machine, with a person for each role.
type world struct {
	t       testing.TB
	url     string
	handler http.Handler // what serves at url
	people  *access.Access
	pieces  *registry.Registry
	uses    *usage.Usage
	links   *sharing.Sharing
	store   *store.Store // behind all of it
	jobs    *jobs.Runner

	rita, mia, ann, lea, ada *visitor // rep, marketer, approver, leader, admin
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := newEmptyWorld(t)
	w.rita, w.mia, w.ann = w.join("rita", collateral.Rep), w.join("mia", collateral.Marketer), w.join("ann", collateral.Approver)
	w.lea, w.ada = w.join("lea", collateral.Leader), w.join("ada", collateral.Admin)
	return w
}

// setupSecret is that of the address for making the first admin.
const setupSecret = "SETUPSECRET"

// newEmptyWorld is a world in which nobody has an account yet.
func newEmptyWorld(t testing.TB) *world {
	t.Helper()
	s := storetest.Open(t, store.SQLite)
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	index, _, err := bleveindex.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	uses := usage.New(s)
	t.Cleanup(func() {
		if err := uses.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	people, log := accesstest.New(s), slog.New(slog.DiscardHandler)
	pieces := &registry.Registry{
		Store: s, Blobs: blobs, Index: index, Usage: uses, MaxUpload: 1 << 20, Log: log,
		Text: extract.Runner{Limits: extract.DefaultLimits()},
	}
	links := &sharing.Sharing{Store: s, Access: people, Registry: pieces, Usage: uses, PublicURL: publicURL, Log: log}
	erasing := &privacy.Privacy{Store: s, Usage: uses, Company: "Brightwell Pumps", Contact: "privacy@brightwell.example"}
	handler, err := web.New(web.Deps{
		Access: people, Registry: pieces, Usage: uses, Reports: &report.Reports{Store: s, Usage: uses}, Sharing: links, Privacy: erasing, Upkeep: newUpkeep(s, pieces), Now: s.Now, Front: httpd.Front{Log: log, NewID: s.NewID}, Setup: setupSecret,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	w := &world{t: t, url: server.URL, handler: handler, people: people, pieces: pieces, uses: uses, links: links, store: s}
	w.jobs = jobs.New(s, map[string]jobs.Handler{
		registry.JobExtract:  pieces.ExtractText,
		registry.JobIndex:    pieces.IndexAsset,
		registry.JobSynonyms: pieces.IndexSynonyms,
		privacy.JobForget:    erasing.Forget,
	}, log)
	return w
}

// newUpkeep is the machine, with one engine that is at fault.
func newUpkeep(s *store.Store, pieces *registry.Registry) *upkeep.Upkeep {
	return &upkeep.Upkeep{
		Store: s, Registry: pieces, Version: "v1.2.3", CompareJob: "compare",
		Engines: func(context.Context) []upkeep.Engine {
			return []upkeep.Engine{
				{Part: "database", Kind: "SQLite", Since: s.Now()}, {Part: "search", Kind: "Bleve", Since: s.Now()},
				{Part: "files", Kind: "a folder", Fault: "There is no room left.", Since: s.Now().Add(-3 * time.Hour), Free: new(int64(1_500_000))},
			}
		},
	}
}

// join gives somebody an account and signs them in by the page.
func (w *world) join(name string, roles ...collateral.Role) *visitor {
	w.t.Helper()
	u, _, err := w.people.CreateUser(w.t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: roles}, password)
	if err != nil {
		w.t.Fatalf("creating %s: %v", name, err)
	}
	v := w.stranger()
	v.user = u
	v.post("/signin", url.Values{"email": {u.Email}, "password": {password}}).wantStatus(http.StatusOK)
	return v
}

// stranger is a browser in which nobody is signed in.
func (w *world) stranger() *visitor {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &visitor{t: w.t, url: w.url, client: &http.Client{Jar: jar}}
}

// visitor is a person with a browser that runs no scripts.
type visitor struct {
	t      testing.TB
	url    string
	client *http.Client
	user   collateral.User
}

func (v *visitor) actor() collateral.Actor {
	return collateral.Actor{UserID: v.user.ID, Roles: v.user.Roles}
}

// shown is a page that a visitor sees.
type shown struct {
	*goquery.Document
	t      testing.TB
	status int
	header http.Header
	at     *url.URL // after redirects
}

func (v *visitor) get(path string) *shown {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.send(r)
}

// post sends a form as it is; fill and submit what a page shows with shown.form.
func (v *visitor) post(path string, form url.Values) *shown {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(r)
}

func (v *visitor) send(r *http.Request) *shown {
	v.t.Helper()
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		v.t.Fatal(err)
	}
	return &shown{Document: doc, t: v.t, status: answer.StatusCode, header: answer.Header, at: answer.Request.URL}
}

// submit sends a form that a page shows, with its own values but for those that are given. The selector must fit one form.
func (v *visitor) submit(p *shown, selector string, values url.Values) *shown {
	v.t.Helper()
	form := p.Find(selector)
	if form.Length() != 1 {
		v.t.Fatalf("%s: got %d forms like %s, want one", p.at, form.Length(), selector)
	}
	sent := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		name, _ := field.Attr("name")
		kind, _ := field.Attr("type")
		_, checked := field.Attr("checked")
		switch {
		case (kind == "checkbox" || kind == "radio") && !checked, kind == "submit":
		case goquery.NodeName(field) == "textarea":
			sent.Add(name, field.Text())
		case goquery.NodeName(field) == "select":
			field.Find("option[selected]").Each(func(_ int, o *goquery.Selection) { sent.Add(name, o.AttrOr("value", o.Text())) })
		default:
			sent.Add(name, field.AttrOr("value", ""))
		}
	})
	maps.Copy(sent, values)
	action, err := p.at.Parse(form.AttrOr("action", ""))
	if err != nil {
		v.t.Fatal(err)
	}
	if strings.EqualFold(form.AttrOr("method", "get"), "get") {
		action.RawQuery = sent.Encode()
		return v.get(action.RequestURI())
	}
	return v.post(action.RequestURI(), sent)
}

func (p *shown) wantStatus(want int) *shown {
	p.t.Helper()
	if p.status != want {
		p.t.Fatalf("%s: got status %d, want %d; the page says: %s", p.at, p.status, want, strings.Join(strings.Fields(p.Find("main").Text()), " "))
	}
	return p
}

// text is what the elements say that fit the selector, with single blanks.
func (p *shown) text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

// wantText fails when what fits the selector does not say the text.
func (p *shown) wantText(selector, want string) *shown {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s: %s says %q, want %q in it", p.at, selector, got, want)
	}
	return p
}

// hrefOf is where a link leads.
func hrefOf(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") }
