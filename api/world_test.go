package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/httpd"
	"collateral/internal/jobs"
	"collateral/internal/privacy"
	"collateral/internal/registry"
	"collateral/internal/report"
	"collateral/internal/sharing"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/upkeep"
	"collateral/internal/usage"
)

// world is the API on real engines, with people. Every answer is held against the contract.
type world struct {
	t       testing.TB
	api     http.Handler
	handler http.Handler // api, with its answers checked
	runner  *jobs.Runner
	settle  func() // writes every search and counts what many people ask
	files   string // the folder in which the blobs lie, whoever keeps them there
	pieces  *registry.Registry
	links   *sharing.Sharing

	mia, max  *person // marketers
	ann, abe  *person // approvers
	rita, lea *person // a rep, a leader
	ada       *person // an admin
}

type person struct {
	id    string
	token string
}

const password = "correct horse battery"

const maxUpload = 1 << 20

// overEach runs f on a fresh world over every database at hand: on SQLite with files and index in folders, and on PostgreSQL
// with files in a bucket, where there is a server for it, and the index on a search server.
func overEach(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { f(t, newWorld(t, s)) })
}

func newWorld(t testing.TB, s *store.Store) *world {
	t.Helper()
	blobs, files := newBlobs(t, s.Dialect())
	index := newIndex(t, s.Dialect())
	uses := usage.New(s)
	t.Cleanup(func() {
		if err := uses.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	people := accesstest.New(s)
	pieces := &registry.Registry{
		Store: s, Blobs: blobs, Index: index, Usage: uses,
		Text: extract.Runner{Limits: extract.DefaultLimits()}, MaxUpload: maxUpload, Log: slog.New(slog.DiscardHandler),
	}
	links := &sharing.Sharing{Store: s, Access: people, Registry: pieces, Usage: uses, PublicURL: "https://collateral.example.com", Log: slog.New(slog.DiscardHandler)}
	erasing := &privacy.Privacy{Store: s, Usage: uses}
	h, err := New(Deps{
		Access: people, Registry: pieces, Usage: uses, Reports: &report.Reports{Store: s, Usage: uses}, Sharing: links, Privacy: erasing, Upkeep: newUpkeep(s, pieces), Now: s.Now,
		Ready: func(context.Context) error { return nil },
		Front: httpd.Front{
			Log: slog.New(slog.DiscardHandler), NewID: s.NewID,
			Proxies: []*net.IPNet{{IP: net.IPv4(198, 51, 100, 7).To4(), Mask: net.CIDRMask(32, 32)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, files: files, pieces: pieces, links: links, api: h, handler: checked(t, h)}
	w.settle = func() {
		if err := errors.Join(uses.Flush(t.Context()), pieces.CountPopularQueries(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	w.runner = jobs.New(s, map[string]jobs.Handler{
		registry.JobExtract:  pieces.ExtractText,
		registry.JobIndex:    pieces.IndexAsset,
		registry.JobSynonyms: pieces.IndexSynonyms,
		sharing.JobShared:    links.RecordShared,
		privacy.JobForget:    erasing.Forget,
	}, slog.New(slog.DiscardHandler))
	join := func(name string, role collateral.Role) *person {
		u, _, err := people.CreateUser(t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: []collateral.Role{role}}, password)
		if err != nil {
			t.Fatalf("creating %s: %v", name, err)
		}
		session, err := people.SignIn(t.Context(), u.Email, password, "192.0.2.1")
		if err != nil {
			t.Fatalf("signing %s in: %v", name, err)
		}
		return &person{id: u.ID.String(), token: session.Token}
	}
	w.mia, w.max = join("mia", collateral.Marketer), join("max", collateral.Marketer)
	w.ann, w.abe = join("ann", collateral.Approver), join("abe", collateral.Approver)
	w.rita, w.lea, w.ada = join("rita", collateral.Rep), join("lea", collateral.Leader), join("ada", collateral.Admin)
	return w
}

// newUpkeep is the machine, with an engine that answers and one that does not.
func newUpkeep(s *store.Store, pieces *registry.Registry) *upkeep.Upkeep {
	return &upkeep.Upkeep{
		Store: s, Registry: pieces, Version: "v1.2.3", CompareJob: "compare",
		Engines: func(context.Context) []upkeep.Engine {
			return []upkeep.Engine{
				{Part: "database", Kind: "test", Since: s.Now()},
				{Part: "files", Kind: "a folder", Fault: "It is full.", Since: s.Now(), Free: new(int64(0))},
			}
		},
	}
}

// in is the same world in a subtest.
func (w *world) in(t *testing.T) *world {
	inner := *w
	inner.t = t
	return &inner
}

// answer is what came back.
type answer struct {
	t      testing.TB
	what   string // method and path
	status int
	header http.Header
	body   []byte
}

// do sends a request as somebody; nil is a stranger. A body is sent as JSON, a string as it is.
func (w *world) do(p *person, method, path string, body any, headers ...string) *answer {
	w.t.Helper()
	var reader io.Reader
	if text, ok := body.(string); ok {
		reader = strings.NewReader(text)
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(method, BasePath+path, reader)
	if body != nil {
		r.Header.Set("Content-Type", mediaJSON)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(p, r)
}

func (w *world) send(p *person, r *http.Request) *answer {
	w.t.Helper()
	if p != nil {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return &answer{t: w.t, what: r.Method + " " + r.URL.String(), status: rec.Code, header: rec.Header(), body: rec.Body.Bytes()}
}

// want fails the test unless the answer has the status, and returns its JSON body, if it has one.
func (a *answer) want(status int) object {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: got %d, want %d: %s", a.what, a.status, status, a.body)
	}
	if len(a.body) == 0 || !strings.Contains(a.header.Get("Content-Type"), "json") {
		return object{}
	}
	var o object
	if err := json.Unmarshal(a.body, &o.value); err != nil {
		a.t.Fatalf("%s: not JSON: %v: %s", a.what, err, a.body)
	}
	return o
}

// wantProblem fails the test unless the answer is a refusal of the kind that points at the fields.
func (a *answer) wantProblem(status int, name string, pointers ...string) object {
	a.t.Helper()
	p := a.want(status)
	if got, want := p.text("type"), "urn:collateral:problem:"+name; got != want {
		a.t.Errorf("%s: got problem %q, want %q: %s", a.what, got, want, a.body)
	}
	var got []string
	for _, e := range p.list("errors") {
		got = append(got, e.text("pointer"))
	}
	slices.Sort(got)
	slices.Sort(pointers)
	if !slices.Equal(got, pointers) {
		a.t.Errorf("%s: got faults at %q, want %q: %s", a.what, got, pointers, a.body)
	}
	return p
}

// object is a JSON value, read leniently: what is not there is the zero value.
type object struct{ value any }

func (o object) at(path ...string) object {
	for _, name := range path {
		fields, _ := o.value.(map[string]any)
		o = object{fields[name]}
	}
	return o
}

func (o object) text(path ...string) string {
	s, _ := o.at(path...).value.(string)
	return s
}

func (o object) number(path ...string) int {
	f, _ := o.at(path...).value.(float64)
	return int(f)
}

func (o object) list(path ...string) []object {
	items, _ := o.at(path...).value.([]any)
	return each(items, func(v any) object { return object{v} })
}

type fields = map[string]any

// stage tags a piece in the tests.
func stage(key string, primary bool) fields {
	return fields{"stage": key, "role": "Shows the buyer what the product does.", "primary": primary}
}

// draft is a new deck of somebody's, tagged and with a file.
func (w *world) draft(p *person, title, text string) string {
	w.t.Helper()
	asset := w.do(p, "POST", "/assets", fields{
		"title": title, "type": "deck", "audience": "customer", "language": "en", "stages": []fields{stage("solution-exploration", true)},
	}).want(201)
	id := asset.text("id")
	w.upload(p, id, "piece.txt", []byte(text)).want(201)
	return id
}

// published is a draft of mia's that ann signed and mia published, found by the search.
func (w *world) published(title, text string) string {
	w.t.Helper()
	id := w.draft(w.mia, title, text)
	w.approve(id, 1)
	w.do(w.mia, "POST", "/assets/"+id+"/publish", nil).want(200)
	w.work()
	return id
}

func (w *world) approve(id string, version int) {
	w.t.Helper()
	w.do(w.mia, "POST", "/assets/"+id+"/submit", nil).want(200)
	w.do(w.ann, "POST", "/assets/"+id+"/reviews", fields{"version": version, "decision": "approve"}).want(201)
}

func (w *world) work() {
	w.t.Helper()
	if err := w.runner.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) upload(p *person, asset, name string, content []byte) *answer {
	w.t.Helper()
	body, contentType := form(w.t, part{"file", name, content})
	return w.sendForm(p, asset, body, contentType)
}

func (w *world) sendForm(p *person, asset string, body io.Reader, contentType string) *answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, BasePath+"/assets/"+asset+"/versions", body)
	r.Header.Set("Content-Type", contentType)
	return w.send(p, r)
}

type part struct {
	name, fileName string
	content        []byte
}

func form(t testing.TB, parts ...part) (io.Reader, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, p := range parts {
		h := map[string][]string{"Content-Disposition": {`form-data; name="` + p.name + `"`}}
		if p.name == "file" {
			h["Content-Disposition"][0] += `; filename="` + p.fileName + `"`
		}
		to, err := m.CreatePart(h)
		if err == nil {
			_, err = to.Write(p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return &body, m.FormDataContentType()
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
