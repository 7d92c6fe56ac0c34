package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// echoing answers a few operations with what it was handed; any other would panic. It shows what reaches a handler.
type echoing struct {
	StrictServerInterface
	created *NewAsset
	patched *AssetPatch
	found   *SearchParams
	failure error
}

func (e *echoing) CreateAsset(_ context.Context, r CreateAssetRequestObject) (CreateAssetResponseObject, error) {
	e.created = r.Body
	return nil, e.failure
}

func (e *echoing) UpdateAsset(_ context.Context, r UpdateAssetRequestObject) (UpdateAssetResponseObject, error) {
	e.patched = r.Body
	return nil, e.failure
}

func (e *echoing) Search(_ context.Context, r SearchRequestObject) (SearchResponseObject, error) {
	e.found = &r.Params
	return nil, e.failure
}

func (e *echoing) ChangeOwner(context.Context, ChangeOwnerRequestObject) (ChangeOwnerResponseObject, error) {
	return nil, e.failure
}

func (e *echoing) PutStage(context.Context, PutStageRequestObject) (PutStageResponseObject, error) {
	panic("stage fright")
}

// tokens of the tests are the names of the roles they carry, joined by "+".
func byRoleNames(_ context.Context, token string) (collateral.Actor, error) {
	if token == "expired" {
		return collateral.Actor{}, collateral.Errorf(collateral.Unauthenticated, "The session has ended. Sign in again.")
	}
	var roles []collateral.Role
	for name := range strings.SplitSeq(token, "+") {
		roles = append(roles, collateral.Role(name))
	}
	return collateral.Actor{UserID: uuid.New(), Roles: roles}, nil
}

func testPlumbing(t *testing.T, operations StrictServerInterface) http.Handler {
	t.Helper()
	return sharingPlumbing(t, operations)
}

// sharingPlumbing is testPlumbing that takes uses from pages of the origins.
func sharingPlumbing(t *testing.T, operations StrictServerInterface, from ...string) http.Handler {
	t.Helper()
	h, err := plumbing{
		authenticate: byRoleNames,
		ready:        func(context.Context) error { return errors.New("database at 10.0.0.7 is down") },
		front:        httpd.Front{Log: slog.New(slog.DiscardHandler), NewID: uuid.New},
		origins:      from,
	}.handler(operations)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// send makes a request as somebody with the roles of token; none when it is empty.
func send(h http.Handler, method, path, token, body string) *httptest.ResponseRecorder {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, reader)
	if body != "" {
		r.Header.Set("Content-Type", mediaJSON)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func problemIn(t *testing.T, rec *httptest.ResponseRecorder) Problem {
	t.Helper()
	if got := rec.Header().Get("Content-Type"); got != mediaProblem {
		t.Fatalf("got Content-Type %q with status %d, want %s: %s", got, rec.Code, mediaProblem, rec.Body)
	}
	var p Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatalf("the problem cannot be read: %v: %s", err, rec.Body)
	}
	if p.Status != rec.Code {
		t.Errorf("the problem says status %d, the answer %d", p.Status, rec.Code)
	}
	return p
}

const someID = "01936f5e-6d2a-7c41-9b1d-0c3f5a7e2b84"

func TestBadInput(t *testing.T) {
	t.Parallel()
	const assets, asset = BasePath + "/assets", BasePath + "/assets/" + someID
	tests := []struct {
		name, method, path, body string
		want                     map[string]string // pointer to detail
	}{
		{"not JSON", "POST", assets, `{"title": }`, map[string]string{"": "The body is not JSON: it cannot be read from character 11 on."}},
		{"garbage behind", "POST", assets, `{"title":"A deck","type":"deck"} x`, map[string]string{"": "The body is not JSON: it cannot be read from character 34 on."}},
		{"empty body", "POST", assets, " ", map[string]string{"": "The body is missing."}},
		{"not an object", "POST", assets, `["deck"]`, map[string]string{"": "This must be an object."}},
		{"several at once", "POST", assets, `{"title":7,"type":"slides","colour":"red","stages":[{"stage":"Not A Slug","role":"short","primary":"yes"}]}`, map[string]string{
			"/title":            "This must be a text.",
			"/type":             "Use deck, one-pager, brochure, case-study, white-paper, video, battlecard, calculator, email-template, script, faq, proposal-template, reference, link, data-sheet or demo.",
			"/colour":           "There is no such field.",
			"/stages/0/stage":   "This does not have the right form: 1 to 64 lower-case letters, digits and hyphens.",
			"/stages/0/role":    "This is too short: use at least 20 characters.",
			"/stages/0/primary": "This must be true or false.",
		}},
		{"missing", "POST", assets, `{}`, map[string]string{"/title": "This is missing.", "/type": "This is missing."}},
		{"no such day", "POST", assets, `{"title":"A deck","type":"deck","review_by":"2027-02-30"}`, map[string]string{"/review_by": "This is not a date. Write it like 2027-03-31."}},
		{"negative cost", "POST", assets, `{"title":"A deck","type":"deck","cost":{"amount":-1,"currency":"EURO"}}`, map[string]string{
			"/cost/amount":   "This is too small: use 0 or more.",
			"/cost/currency": "This does not have the right form: An ISO 4217 code, such as EUR.",
		}},
		{"NUL in a text", "POST", assets, `{"title":"A \u0000deck","type":"deck"}`, map[string]string{"/title": "This holds a NUL character."}},
		{"null where there must be something", "PATCH", asset, `{"title":null}`, map[string]string{"/title": "This must not be null."}},
		{"malformed id in the path", "PATCH", assets + "/42", `{"title":"A deck"}`, map[string]string{"{id}": "This is not an id. Ids are UUIDs, like 01936f5e-6d2a-7c41-9b1d-0c3f5a7e2b84."}},
		{"malformed id in the body", "PUT", asset + "/owner", `{"owner":"me"}`, map[string]string{"/owner": "This is not an id. Ids are UUIDs, like 01936f5e-6d2a-7c41-9b1d-0c3f5a7e2b84."}},
		{"unknown parameter", "GET", BasePath + "/search?query=roi", "", map[string]string{"?query": "There is no such parameter."}},
		{"not a number", "GET", BasePath + "/search?page=two&per_page=0", "", map[string]string{"?page": "This must be a whole number.", "?per_page": "This is too small: use 1 or more."}},
		{"given twice", "GET", BasePath + "/search?q=roi&q=tco", "", map[string]string{"?q": "This parameter can be given only once."}},
		{"unknown choice", "GET", BasePath + "/search?sort=best&type=deck&type=slide", "", map[string]string{
			"?sort": "Use relevance, newest or most-used.",
			"?type": "Use deck, one-pager, brochure, case-study, white-paper, video, battlecard, calculator, email-template, script, faq, proposal-template, reference, link, data-sheet or demo.",
		}},
		{"NUL in the query", "GET", BasePath + "/search?q=%00", "", map[string]string{"?q": "This holds bytes that are not text."}},
		{"unreadable query", "GET", BasePath + "/search?q=%zz", "", map[string]string{}},
	}
	h := checked(t, testPlumbing(t, &echoing{}))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rec := send(h, tt.method, tt.path, "marketer", tt.body)
			p := problemIn(t, rec)
			if rec.Code != http.StatusBadRequest || p.Type != "urn:collateral:problem:malformed" {
				t.Errorf("got %d %s, want 400 malformed", rec.Code, p.Type)
			}
			got := map[string]string{}
			for _, e := range p.Errors {
				got[e.Pointer] = e.Detail
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnsupportedMediaType(t *testing.T) {
	t.Parallel()
	h := checked(t, testPlumbing(t, &echoing{}))
	r := httptest.NewRequest(http.MethodPost, BasePath+"/assets", strings.NewReader("title=A+deck"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer marketer")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if p := problemIn(t, rec); rec.Code != http.StatusUnsupportedMediaType || !strings.Contains(p.Detail, mediaJSON) {
		t.Errorf("got %d %q, want 415 naming %s", rec.Code, p.Detail, mediaJSON)
	}
}

func TestBodyOverTheLimit(t *testing.T) {
	t.Parallel()
	h := checked(t, testPlumbing(t, &echoing{}))
	rec := send(h, "POST", BasePath+"/assets", "marketer", `{"title":"`+strings.Repeat("a", maxJSON)+`"}`)
	if p := problemIn(t, rec); rec.Code != http.StatusRequestEntityTooLarge || p.Type != "urn:collateral:problem:too-large" {
		t.Errorf("got %d %s, want 413", rec.Code, p.Type)
	}
}

func TestHandlersGetDefaultsAndNulls(t *testing.T) {
	t.Parallel()
	operations := &echoing{}
	h := testPlumbing(t, operations)

	send(h, "POST", BasePath+"/assets", "rep", `{"title":"A deck","type":"deck","stages":[{"stage":"validation","role":"Shows the buyer how it works"}],"cost":{"amount":1250.10,"currency":"EUR"}}`)
	if got := operations.created; got == nil || got.Audience != AudienceInternal || got.Stages[0].Primary || got.Cost.MustGet().Amount != "1250.10" {
		t.Errorf("got %+v, want the default audience and the amount to the digit", got)
	}
	send(h, "PATCH", BasePath+"/assets/"+someID, "rep", `{"summary":null,"personas":[]}`)
	if got := operations.patched; got == nil || !got.Summary.IsNull() || !got.Personas.IsSpecified() || got.Personas.IsNull() || got.Language.IsSpecified() {
		t.Errorf("got %+v, want summary null, personas empty, language absent", got)
	}
	send(h, "GET", BasePath+"/search?q=&stage=&stage=validation&stage=consensus-creation", "rep", "")
	want := &SearchParams{Stage: []string{"validation", "consensus-creation"}, Sort: SearchOrderRelevance, Page: 1, PerPage: 20}
	if diff := cmp.Diff(want, operations.found); diff != "" {
		t.Errorf("parameters differ (-want +got):\n%s", diff)
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	h := checked(t, testPlumbing(t, &echoing{}))
	for header, want := range map[string]int{"": 401, "Basic abc": 401, "Bearer": 401, "Bearer expired": 401, "Bearer approver": 403} {
		r := httptest.NewRequest(http.MethodPost, BasePath+"/assets", strings.NewReader("{"))
		r.Header.Set("Authorization", header)
		r.AddCookie(&http.Cookie{Name: "session", Value: "marketer"})
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if problemIn(t, rec); rec.Code != want {
			t.Errorf("with Authorization %q got %d, want %d", header, rec.Code, want)
		}
		if got := rec.Header().Get("WWW-Authenticate"); (want == 401) != (got != "") {
			t.Errorf("with Authorization %q got %d with WWW-Authenticate %q", header, rec.Code, got)
		}
	}
}

// TestNothingIsReadOfStrangers holds the order: a body is read only after its sender may send it.
func TestNothingIsReadOfStrangers(t *testing.T) {
	t.Parallel()
	h := testPlumbing(t, &echoing{})
	for _, token := range []string{"", "expired", "leader"} {
		body := &countingReader{}
		r := httptest.NewRequest(http.MethodPost, BasePath+"/assets", body)
		r.Header.Set("Content-Type", mediaJSON)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if body.n != 0 {
			t.Errorf("as %q %d bytes were read, want none", token, body.n)
		}
	}
}

type countingReader struct{ n int }

func (r *countingReader) Read(p []byte) (int, error) {
	clear(p)
	if r.n += len(p); r.n > 1<<30 {
		return 0, io.EOF
	}
	return len(p), nil
}

func TestRefusalsByKind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		failure    error
		status     int
		name       string
		retryAfter string
	}{
		{collateral.Errorf(collateral.Gate, "Not yet."), 422, "gate", ""},
		{collateral.Fault("/owner", "Nobody has this id."), 422, "invalid", ""},
		{collateral.Errorf(collateral.Stale, "Changed."), 412, "stale", ""},
		{collateral.Errorf(collateral.Unconditional, "Send If-Match."), 428, "precondition-required", ""},
		{collateral.Errorf(collateral.Gone, "Purged."), 410, "gone", ""},
		{&collateral.Error{Kind: collateral.TooMany, Message: "Wait.", RetryAfter: 60}, 429, "too-many", "60"},
		{collateral.Errorf(collateral.Unavailable, "Search is away."), 503, "unavailable", "5"},
		{collateral.NoRoom(), 507, "full", "60"},
		{errors.New("dial tcp 10.0.0.7: refused"), 500, "internal", ""},
		{collateral.Errorf(collateral.Internal, "secret of the house"), 500, "internal", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := checked(t, testPlumbing(t, &echoing{failure: tt.failure}))
			rec := send(h, "PUT", BasePath+"/assets/"+someID+"/owner", "rep", `{"owner":"`+someID+`"}`)
			p := problemIn(t, rec)
			if rec.Code != tt.status || p.Type != "urn:collateral:problem:"+tt.name || rec.Header().Get("Retry-After") != tt.retryAfter {
				t.Errorf("got %d %s with Retry-After %q", rec.Code, p.Type, rec.Header().Get("Retry-After"))
			}
			if tt.status == 500 && (strings.Contains(p.Detail, "10.0.0.7") || strings.Contains(p.Detail, "secret") || p.RequestID == "") {
				t.Errorf("got %+v, want nothing of the cause and the request's id", p)
			}
		})
	}
}

func TestPanicIsAProblem(t *testing.T) {
	t.Parallel()
	h := checked(t, testPlumbing(t, &echoing{}))
	rec := send(h, "PUT", BasePath+"/stages/validation", "leader", `{"name":"Validation"}`)
	if p := problemIn(t, rec); rec.Code != 500 || strings.Contains(p.Detail, "fright") {
		t.Errorf("got %d %q, want a 500 that hides the cause", rec.Code, p.Detail)
	}
}

func TestOutsideTheContract(t *testing.T) {
	t.Parallel()
	h := checked(t, testPlumbing(t, &echoing{}))
	tests := []struct {
		method, path string
		status       int
	}{
		{"GET", BasePath + "/nothing", 404},
		{"GET", "/api/v2/assets", 404},
		{"DELETE", BasePath + "/assets", 405},
		{"HEAD", BasePath + "/assets/" + someID + "/publish", 405},
		{"GET", "/readyz", 503},
	}
	for _, tt := range tests {
		rec := send(h, tt.method, tt.path, "", "")
		if p := problemIn(t, rec); rec.Code != tt.status || strings.Contains(p.Detail, "10.0.0.7") {
			t.Errorf("%s %s: got %d %q, want %d", tt.method, tt.path, rec.Code, p.Detail, tt.status)
		}
	}
	if rec := send(h, "GET", "/healthz", "", ""); rec.Code != 200 {
		t.Errorf("/healthz: got %d, want 200", rec.Code)
	}
}

func TestContractIsServed(t *testing.T) {
	t.Parallel()
	c, h := testContract(t), testPlumbing(t, &echoing{})
	text := send(h, "GET", "/api/openapi.yaml", "", "")
	if text.Code != 200 || !strings.Contains(text.Body.String(), "openapi: 3.0.3") {
		t.Errorf("/api/openapi.yaml: got %d, %.80q", text.Code, text.Body)
	}
	page := send(h, "GET", "/api/docs", "", "")
	for _, o := range c.operations {
		if !strings.Contains(page.Body.String(), `id="`+o.id+`"`) {
			t.Errorf("/api/docs does not show %s", o.id)
		}
	}
	if strings.Contains(page.Body.String(), "https://") {
		t.Error("/api/docs loads or links something from elsewhere")
	}
}
