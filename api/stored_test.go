package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/blob/s3test"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// Bytes that are no longer those that were uploaded are not handed out as if they were.
func TestDamagedContentIsNotServed(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		text := strings.Repeat("what was signed ", 50_000)
		id := w.published("Deck", text)
		path := "/assets/" + id + "/content"
		if a := w.do(w.rita, "GET", path, nil); a.status != http.StatusOK || string(a.body) != text {
			t.Fatalf("before: got %d and %d bytes, want %d", a.status, len(a.body), len(text))
		}
		w.damage(t, func(b []byte) { b[len(b)/2] ^= 1 })
		// The answer has begun when it is found out. It ends before its end, and the connection with it.
		if a := w.send(w.rita, httptest.NewRequest(http.MethodGet, BasePath+path, nil)); a.header.Get("Content-Length") != strconv.Itoa(len(text)) || len(a.body) >= len(text) {
			t.Errorf("the whole: got %d bytes announced as %s, want less than %d", len(a.body), a.header.Get("Content-Length"), len(text))
		}
		for _, part := range []string{"bytes=0-9", "bytes=100-", "bytes=-5", "bytes=0-1,5-6"} {
			w.do(w.rita, "GET", path, nil, "Range", part).want(http.StatusInternalServerError)
		}
		w.damage(t, func(b []byte) { b[len(b)/2] ^= 1 })
		w.do(w.rita, "GET", path, nil, "Range", "bytes=0-9").want(http.StatusPartialContent)
	})
}

// damage changes the one file that there is, behind the registry's back.
func (w *world) damage(t *testing.T, change func([]byte)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.files, "sha256", "*", "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got files %q, %v, want one", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	change(content)
	if err := os.WriteFile(files[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Downloads that lead to the store count and say the same as those that pass through the registry.
func TestLinkedContent(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := newWorld(t, s)
	w.pieces.Blobs, w.files = bucketOn(t, s3test.Shared(t))
	id := w.published("Deck", "what was signed")
	path := "/assets/" + id + "/content"
	opened := func(p *person) int {
		t.Helper()
		w.settle()
		openings, err := s.OpeningsSince(t.Context(), []uuid.UUID{uuid.MustParse(p.id)}, time.Now().Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return len(openings)
	}

	streamed := w.do(w.rita, "GET", path, nil)
	streamed.want(200)
	w.pieces.Links = time.Minute
	linked := w.do(w.lea, "GET", path, nil)
	linked.want(http.StatusFound)
	if got := linked.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control of the redirect: got %q, want no-store", got)
	}
	if streaming, led := opened(w.rita), opened(w.lea); streaming != 1 || led != 1 {
		t.Errorf("got %d openings by who was streamed to and %d by who was led away, want 1 each", streaming, led)
	}
	status, header, body := fetch(t, linked.header.Get("Location"), "")
	if status != http.StatusOK || body != string(streamed.body) {
		t.Errorf("at the address: got %d %q, want 200 %q", status, body, streamed.body)
	}
	for _, name := range []string{"Content-Type", "Content-Disposition", "Cache-Control"} {
		if got, want := header.Get(name), streamed.header.Get(name); got != want {
			t.Errorf("%s at the address: got %q, want %q", name, got, want)
		}
	}
	if status, _, body := fetch(t, linked.header.Get("Location"), "bytes=5-7"); status != http.StatusPartialContent || body != "was" {
		t.Errorf("a part at the address: got %d %q, want 206 %q", status, body, "was")
	}
	named := w.do(w.rita, "GET", path+"?download=1", nil)
	named.want(http.StatusFound)
	if _, header, _ := fetch(t, named.header.Get("Location"), ""); !strings.HasPrefix(header.Get("Content-Disposition"), "attachment;") {
		t.Errorf("Content-Disposition of a download: got %q, want an attachment", header.Get("Content-Disposition"))
	}
	w.do(w.mia, "GET", "/assets/"+id+"/versions/1/content", nil).want(http.StatusFound)

	// What a hash answers, and what a browser would run, is not led away.
	w.do(w.rita, "GET", path, nil, "If-None-Match", streamed.header.Get("ETag")).want(http.StatusNotModified)
	page := w.draft(w.mia, "Calculator", "not yet")
	w.upload(w.mia, page, "calculator.html", []byte("<!doctype html><title>x</title><script>1</script>")).want(201)
	w.do(w.mia, "GET", "/assets/"+page+"/versions/2/content", nil).want(200)

	// An address that was changed is none.
	at, err := url.Parse(linked.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	if got := query.Get("X-Amz-Expires"); got != "60" {
		t.Errorf("the address is good for %q seconds, want 60", got)
	}
	query.Set("response-content-type", "text/html")
	at.RawQuery = query.Encode()
	if status, _, _ := fetch(t, at.String(), ""); status != http.StatusForbidden {
		t.Errorf("at an address that was changed: got %d, want 403", status)
	}
}

func fetch(t *testing.T, address, asked string) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if asked != "" {
		req.Header.Set("Range", asked)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

// While the store of the files is away, files are refused and all else goes on; when it is back, nothing has to be done.
func TestStoreOfFilesIsAway(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	w := newWorld(t, storetest.Open(t, store.SQLite))
	blobs, folder := bucketOn(t, server)
	blobs.Patience = 2 * time.Second
	w.pieces.Blobs, w.files = blobs, folder
	id := w.published("Deck", "lighthouse")
	for name, away := range map[string]struct{ leave, come func(testing.TB) }{
		"stopped": {server.Stop, server.Restart},
		"paused":  {server.Pause, server.Resume},
	} {
		away.leave(t)
		for what, a := range map[string]*answer{
			"upload":   w.upload(w.mia, id, "new.txt", []byte(name)),
			"download": w.do(w.rita, "GET", "/assets/"+id+"/content", nil),
		} {
			a.wantProblem(http.StatusServiceUnavailable, "unavailable")
			if a.header.Get("Retry-After") == "" {
				t.Errorf("%s, %s: no Retry-After", name, what)
			}
		}
		w.do(w.mia, "PATCH", "/assets/"+id, fields{"summary": "Changed while files were away: " + name}, "If-Match", w.do(w.mia, "GET", "/assets/"+id, nil).header.Get("ETag")).want(200)
		if found := w.do(w.rita, "GET", "/search?q=lighthouse", nil).want(200).list("hits"); len(found) != 1 {
			t.Errorf("%s: the search found %d pieces, want 1", name, len(found))
		}
		away.come(t)
		if got := w.do(w.mia, "GET", "/assets/"+id+"/versions", nil).want(200).list("items"); len(got) != 1 {
			t.Errorf("%s: got %d versions, want no trace of the one that failed", name, len(got))
		}
		if a := w.do(w.rita, "GET", "/assets/"+id+"/content", nil); a.status != http.StatusOK || string(a.body) != "lighthouse" {
			t.Errorf("%s: the content afterwards: got %d %q", name, a.status, a.body)
		}
	}
	w.upload(w.mia, id, "new.txt", []byte("afterwards")).want(201)
	count := 0
	// What a paused server was sent it may store when it goes on. Nothing points there, and it is swept.
	if err := blobs.All(t.Context(), func(blob.Info) error { count++; return nil }); err != nil || count < 2 || count > 3 {
		t.Errorf("got %d files, %v, want those of the two versions, and at most one that came late", count, err)
	}
}
