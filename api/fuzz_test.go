package api

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// fuzzed is the API on one SQLite store, for whatever a fuzzer thinks up.
type fuzzed struct {
	*world
	contract *contract
}

func newFuzzed(f *testing.F) *fuzzed {
	f.Helper()
	return &fuzzed{world: newWorld(f, storetest.Open(f, store.SQLite)), contract: testContract(f)}
}

// answerTime is long for one request, and short for one that never ends.
const answerTime = 20 * time.Second

// ask sends a request as somebody. The answer must come, satisfy the contract, and not be the server's fault.
func (z *fuzzed) ask(t *testing.T, p *person, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	r.Header.Set("Authorization", "Bearer "+p.token)
	rec, answered := httptest.NewRecorder(), make(chan struct{})
	go func() {
		defer close(answered)
		z.api.ServeHTTP(rec, r)
	}()
	select {
	case <-answered:
	case <-time.After(answerTime):
		t.Fatalf("%s %s is not answered", r.Method, r.URL)
	}
	if rec.Code >= http.StatusInternalServerError {
		t.Errorf("%s %s: got %d %s", r.Method, r.URL, rec.Code, rec.Body)
	}
	checkAnswer(t, z.contract, r, rec)
	return rec
}

// lists are what is asked for with a query, each with who may. With the query that stands here they have a second page.
func (z *fuzzed) lists(id string) []struct {
	who  *person
	path string
} {
	return []struct {
		who  *person
		path string
	}{
		{z.rita, "/search"},
		{z.ann, "/assets?limit=1"},
		{z.mia, "/assets/" + id + "/versions?limit=1"},
		{z.ann, "/reviews?limit=1"},
		{z.lea, "/reports/unused?limit=1"},
		{z.lea, "/reports/unused/trend"},
		{z.lea, "/reports/coverage?limit=1"},
		{z.lea, "/reports/searches?limit=1"},
		{z.lea, "/reports/reviews?limit=1"},
		{z.lea, "/reports/adoption?limit=1"},
		{z.ada, "/users?limit=1"},
		{z.ada, "/audit?limit=1"},
		{z.mia, "/tokens"},
		{z.rita, "/stages"},
		{z.rita, "/taxonomies"},
	}
}

func FuzzQuery(f *testing.F) {
	z := newFuzzed(f)
	lists := z.lists(z.published("Freight deck", "hard shoulder"))
	z.work()
	for i := range lists {
		for _, query := range []string{
			"", "limit=1", "limit=0&cursor=x", "q=hard+sholder&stage=validation&stage=x&type=deck&sort=newest&page=2&per_page=100",
			"q=%00", "q=%zz", "a;b", "limit=1&limit=2", "page=999999999999999999999", "page=2147483647&per_page=100", "waiting_for=me",
			"window=400&as_of=2026-11-22&stage=validation&owner=" + someID, "as_of=9999-12-31T23:59:59Z", "as_of=0000-01-01", "state=published&owner=x",
			"q=C%2B%2B+%22a+b%22+-%2A~", "q=" + strings.Repeat("%C3%A9", 300), "from=2026-01-01&action=version.added", "stage[]=x", "stage=a,b",
		} {
			f.Add(uint8(i), query)
		}
	}
	f.Fuzz(func(t *testing.T, list uint8, query string) {
		l := lists[int(list)%len(lists)]
		path, _, _ := strings.Cut(l.path, "?")
		r := httptest.NewRequest(http.MethodGet, BasePath+path, nil)
		r.URL.RawQuery = query
		z.ask(t, l.who, r)
	})
}

// FuzzCursor sends cursors that are well-formed on the outside, so that what lies in them is read.
func FuzzCursor(f *testing.F) {
	z := newFuzzed(f)
	piece := z.published("Freight deck", "hard shoulder")
	z.published("Peat-bog survey", "soft shoulder")
	z.upload(z.mia, piece, "a.txt", []byte("a second version")).want(201)
	lists := z.lists(piece)
	for i := range lists {
		for _, name := range []string{"assets", "versions", "reviews", "unused", "coverage", "users", "audit", "tokens", ""} {
			f.Add(uint8(i), name, "1")
			f.Add(uint8(i), name, someID)
			f.Add(uint8(i), name, "2026-11-22T10:00:00Z\x00"+someID)
			f.Add(uint8(i), name, "1795341600000000\x000\x000\x00Freight\x00"+someID)
			f.Add(uint8(i), name, "9223372036854775808\x00-1\x00\xff\x00\x00")
		}
		cursor := z.do(lists[i].who, "GET", lists[i].path, nil).want(200).text("next_cursor")
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			f.Fatal(err)
		}
		if name, key, found := strings.Cut(string(raw), "\x00"); found {
			f.Add(uint8(i), name, key)
		}
	}
	f.Fuzz(func(t *testing.T, list uint8, name, key string) {
		l := lists[int(list)%len(lists)]
		path, _, _ := strings.Cut(l.path, "?")
		r := httptest.NewRequest(http.MethodGet, BasePath+path, nil)
		r.URL.RawQuery = url.Values{"cursor": {collateral.Cursor(name, strings.Split(key, "\x00")...)}}.Encode()
		z.ask(t, l.who, r)
	})
}

func FuzzUsageEvents(f *testing.F) {
	z := newFuzzed(f)
	piece := z.published("Freight deck", "hard shoulder")
	event := func(more string) string {
		return `{"events":[{"id":"` + someID + `","kind":"view","asset_id":"` + piece + `","occurred_at":"` + time.Now().UTC().Format(time.RFC3339) + `"` + more + `}]}`
	}
	for _, body := range []string{
		event(""), event(`,"search_id":"` + someID + `","opportunity":"Peat","dwell_ms":5,"reaction":"positive"`),
		event(`,"opportunity":"a\u0000b"`), event(`,"dwell_ms":1e400`), event(`,"dwell_ms":5.0`), event(`,"reaction":null`), event(`,"id":7`), event(`,"id":"x"`),
		`{"events":[null,7,"x",[],{},{"id":null}]}`, `{"events":{}}`, `{"events":[]}`, `{}`, `[]`, `null`, ``, `{"events":[{"id":"\ud800"}]}`, `{"events":[{"":1}],"x":1}`,
		`{"events":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`, "\xff{}", `{"events":[{"occurred_at":"9999-12-31T23:59:59.999999999999+23:59"}]}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest(http.MethodPost, BasePath+"/usage/events", strings.NewReader(body))
		r.Header.Set("Content-Type", mediaJSON)
		z.ask(t, z.rita, r)
	})
}

// FuzzUpload sends forms, well-formed and not. What is refused leaves no file, whole or half.
func FuzzUpload(f *testing.F) {
	z := newFuzzed(f)
	asset := z.do(z.mia, "POST", "/assets", fields{"title": "Deck", "type": "deck"}).want(201).text("id")
	const head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
	for _, body := range []string{
		head + "text\r\n--b--\r\n", head + "text\r\n--b--", head + "text\r\n--b", head + "text", head, "", "--b--", "--b\r\n", "--b\r\n\r\n\r\n--b--",
		head + "text\r\n" + head + "again\r\n--b--", head + "\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nfirst\r\n" + head + "text\r\n--b--",
		head + "text\r\n--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nlast\x00\r\n--b--",
		head + "text\r\n--b\r\nContent-Disposition: form-data; name=\"colour\"\r\n\r\nred\r\n--b--",
		strings.Replace(head, "a.txt", "../../etc/passwd", 1) + "text\r\n--b--", strings.Replace(head, "a.txt", "a\x07.txt", 1) + "text\r\n--b--",
		strings.Replace(head, `; filename="a.txt"`, "", 1) + "text\r\n--b--", strings.Replace(head, "\r\n\r\n", "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", 1) + "=00\r\n--b--",
		strings.Replace(head, `filename="a.txt"`, `filename*=UTF-8''%e2%82`, 1) + "text\r\n--b--", head + strings.Repeat("x", 5000) + "\r\n--b--", strings.Repeat("--b\r\n", 100),
	} {
		f.Add("multipart/form-data; boundary=b", body)
	}
	f.Add("multipart/form-data; boundary=\"\"", head)
	f.Add("multipart/form-data", head)
	f.Add("multipart/form-data; boundary="+strings.Repeat("b", 80), head)
	f.Add("multipart/mixed; boundary=b", head+"text\r\n--b--")
	f.Add(mediaJSON, `{"url":"https://example.com/a","note":"x"}`)
	f.Add(mediaJSON, `{"from":1}`)
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r := httptest.NewRequest(http.MethodPost, BasePath+"/assets/"+asset+"/versions", strings.NewReader(body))
		r.Header["Content-Type"] = []string{contentType}
		before := z.stored(t)
		rec := z.ask(t, z.mia, r)
		if after := z.stored(t); rec.Code >= 300 && after > before {
			t.Errorf("answered %d %s, and left a file", rec.Code, rec.Body)
		}
	})
}

// stored counts the files of versions, and wants none that is half-written.
func (z *fuzzed) stored(t *testing.T) int {
	t.Helper()
	half, err := os.ReadDir(filepath.Join(z.files, "tmp"))
	if err != nil || len(half) > 0 {
		t.Fatalf("got half-written files %v, error %v, want none", half, err)
	}
	whole, err := filepath.Glob(filepath.Join(z.files, "sha256", "*", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(whole)
}
