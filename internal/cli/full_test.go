package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/disktest"
)

// full is a server on a disk that fills up, and what it has acknowledged.
type full struct {
	t     *testing.T
	s     *server
	data  string
	token map[string]string // by role

	assets    map[string]string // id to title
	files     map[string]string // id of an asset to the content of its only version
	published []string          // ids of assets
	events    []string          // ids
	others    int               // files beside those
}

// TestFullDisk has every kind of request meet a full disk. Writes are refused with a sentence, reads go on, and when there
// is room again everything goes on in the same process, with all that was acknowledged.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disktest.OnSmall(t, 48<<20, func(t *testing.T, disk disktest.Disk) {
		f := newFull(t, filepath.Join(disk.Dir, "data"))
		piece := f.publish("Freight deck")
		f.findable(piece)

		for _, room := range []int64{0, 100 << 10, 600 << 10, 2 << 20} {
			disk.Leave(t, room)
			f.publishUntilFull()
			f.recordUntilFull(disk, piece)
			f.refusesWrites(disk, piece)
			f.readsGoOn(disk, piece)
			disk.Empty(t)
			f.eventually("writing is possible again", func() bool {
				status, _, _ := f.do("rep", "POST", "/usage/events", events(piece, uuid.NewString()))
				return status == http.StatusOK
			})
			f.nothingIsLost()
			t.Logf("with %d bytes left: %d pieces were published so far", room, len(f.published))
		}
		f.leavesNothingBehind()
		f.startsAgain(disk)
	})
}

// startsAgain ends the server, sees that another one says why it does not start on a full disk, and starts it when there is
// room.
func (f *full) startsAgain(disk disktest.Disk) {
	f.t.Helper()
	f.s.signal(f.t, syscall.SIGTERM)
	if code := f.s.wait(f.t); code != 0 {
		f.t.Errorf("got exit code %d, want 0\n%s", code, f.s.stderr)
	}
	disk.Fill(f.t)
	out, err := run(f.t, "", "serve", "--data", f.data, "--listen", "127.0.0.1:0")
	if err == nil || !strings.Contains(out, "no room left") {
		f.t.Errorf("starting on a full disk: got error %v and\n%s\nwant a refusal that says why", err, out)
	}
	disk.Empty(f.t)
	f.s = startServer(f.t, "--data", f.data, "--keep-free", "0")
	f.nothingIsLost()
}

// publishUntilFull brings pieces as far as they get, until there is no room for the next step of one.
func (f *full) publishUntilFull() {
	f.t.Helper()
	for range 500 {
		if !f.tryToPublish(fmt.Sprintf("Freight survey %s", strings.Repeat("abcdefghij"[len(f.assets)%10:len(f.assets)%10+1], 1+len(f.assets)))) {
			return
		}
	}
	f.t.Fatal("the disk never fills up")
}

// recordUntilFull uses up what room there is inside the files of the database, until it refuses events.
func (f *full) recordUntilFull(disk disktest.Disk, piece string) {
	f.t.Helper()
	disk.Fill(f.t)
	for range 20_000 {
		id := uuid.NewString()
		switch status, body, _ := f.do("rep", "POST", "/usage/events", events(piece, id)); status {
		case http.StatusOK:
			f.events = append(f.events, id)
		case http.StatusInsufficientStorage:
			return
		default:
			f.t.Fatalf("an event on a full disk: got %d %s, want 200 or 507", status, body)
		}
	}
	f.t.Fatal("the database never refuses an event")
}

func (f *full) refusesWrites(disk disktest.Disk, piece string) {
	f.t.Helper()
	for _, w := range []struct {
		role, method, path string
		body               any
	}{
		{"marketer", "POST", "/assets", map[string]any{"title": strings.Repeat("A title ", 20), "type": "deck"}},
		{"rep", "POST", "/usage/events", events(piece, uuid.NewString())},
		{"rep", "POST", "/tokens", map[string]any{"name": "A script", "roles": []string{"rep"}, "expires_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}},
		{"marketer", "POST", "/sessions", map[string]any{"email": "rep@example.com", "password": "correct horse battery"}},
	} {
		f.refused(disk, w.method+" "+w.path, func() (int, []byte, http.Header) { return f.do(w.role, w.method, w.path, w.body) })
	}
	for _, size := range []int{100, 1 << 20} {
		f.refused(disk, fmt.Sprintf("uploading %d bytes", size), func() (int, []byte, http.Header) {
			status, body, header := f.upload(piece, uuid.NewString()+strings.Repeat("x", size))
			if status == http.StatusCreated {
				f.others++
			}
			return status, body, header
		})
	}
	f.leavesNothingBehind()
}

// refused fills the disk up and wants a write to be refused with a sentence that says what to do. The server itself may make
// room at any moment, by throwing away what its index has merged; then it is filled up again.
func (f *full) refused(disk disktest.Disk, what string, write func() (int, []byte, http.Header)) {
	f.t.Helper()
	for range 100 {
		disk.Fill(f.t)
		status, body, header := write()
		if status < 300 {
			continue
		}
		var problem struct{ Type, Detail string }
		if err := json.Unmarshal(body, &problem); err != nil || status != http.StatusInsufficientStorage ||
			problem.Type != "urn:collateral:problem:full" || !strings.Contains(problem.Detail, "admin") || header.Get("Retry-After") == "" {
			f.t.Errorf("%s: got %d %s, want a 507 that says what to do", what, status, body)
		}
		return
	}
	f.t.Errorf("%s: never refused, however full the disk is", what)
}

func (f *full) readsGoOn(disk disktest.Disk, piece string) {
	f.t.Helper()
	for _, path := range []string{"/assets", "/assets/" + piece, "/search?q=freight", "/assets/" + piece + "/content", "/me"} {
		if status, body, _ := f.do("rep", "GET", path, nil); status != http.StatusOK {
			f.t.Errorf("GET %s on a full disk: got %d %s, want 200", path, status, body)
		}
	}
	f.eventually("/readyz answers 200 with the reason", func() bool {
		disk.Fill(f.t)
		status, body := get(f.t, f.s.url+"/readyz")
		return status == http.StatusOK && strings.Contains(body, "no room")
	})
}

// nothingIsLost compares what the server has with what it acknowledged.
func (f *full) nothingIsLost() {
	f.t.Helper()
	if status, body := get(f.t, f.s.url+"/readyz"); status != http.StatusOK || strings.Contains(body, "no room") {
		f.t.Errorf("/readyz with room again: got %d %s, want 200", status, body)
	}
	for id, title := range f.assets {
		if status, body, _ := f.do("marketer", "GET", "/assets/"+id, nil); status != http.StatusOK || !strings.Contains(string(body), title) {
			f.t.Errorf("asset %s: got %d %s, want %q", id, status, body, title)
		}
	}
	for id, content := range f.files {
		if status, body, _ := f.do("marketer", "GET", "/assets/"+id+"/versions/1/content", nil); status != http.StatusOK || string(body) != content {
			f.t.Errorf("content of %s: got %d and %d bytes, want the %d that were sent", id, status, len(body), len(content))
		}
	}
	for _, id := range f.published {
		f.findable(id)
	}
	for ids := f.events; len(ids) > 0; {
		n := min(len(ids), 500)
		var answer struct{ Accepted, Duplicates int }
		status, body, _ := f.do("rep", "POST", "/usage/events", events(f.published[0], ids[:n]...))
		if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK || answer.Duplicates != n {
			f.t.Errorf("sending %d acknowledged events again: got %d %s, want them all known", n, status, body)
		}
		ids = ids[n:]
	}
}

// leavesNothingBehind looks for half-written files, and files that no version has.
func (f *full) leavesNothingBehind() {
	f.t.Helper()
	if half, err := os.ReadDir(filepath.Join(f.data, "blobs", "tmp")); err != nil || len(half) > 0 {
		f.t.Errorf("got half-written files %v, error %v, want none", half, err)
	}
	whole, err := filepath.Glob(filepath.Join(f.data, "blobs", "sha256", "*", "*", "*"))
	if err != nil || len(whole) != len(f.files)+f.others {
		f.t.Errorf("got %d files, error %v, want the %d of versions", len(whole), err, len(f.files)+f.others)
	}
}

func newFull(t *testing.T, data string) *full {
	t.Helper()
	f := &full{t: t, data: data, token: map[string]string{}, assets: map[string]string{}, files: map[string]string{}}
	for _, role := range []string{"marketer", "approver", "rep"} {
		out, err := run(t, "correct horse battery\n", "user", "add", role+"@example.com", "--name", role, "--role", role, "--password-stdin", "--data", data)
		if err != nil {
			t.Fatalf("adding a %s: %v\n%s", role, err, out)
		}
	}
	f.s = startServer(t, "--data", data, "--keep-free", "0")
	for _, role := range []string{"marketer", "approver", "rep"} {
		f.token[role] = signInAs(t, f.s, role+"@example.com", "correct horse battery")
	}
	return f
}

// publish brings a piece all the way, and returns its id.
func (f *full) publish(title string) string {
	f.t.Helper()
	if !f.tryToPublish(title) {
		f.t.Fatalf("publishing %s: there is no room", title)
	}
	return f.published[len(f.published)-1]
}

// tryToPublish brings a piece all the way, and notes each step that is acknowledged; it reports false when there is no
// room for one.
func (f *full) tryToPublish(title string) bool {
	f.t.Helper()
	status, answer, _ := f.do("marketer", "POST", "/assets", map[string]any{
		"title": title, "type": "deck", "stages": []any{map[string]any{"stage": "validation", "role": "Shows the buyer what it does at their own depot.", "primary": true}},
	})
	if !f.stored(status, answer) {
		return false
	}
	var made struct{ ID string }
	if err := json.Unmarshal(answer, &made); err != nil {
		f.t.Fatal(err)
	}
	f.assets[made.ID] = title
	content := strings.Repeat("About the "+title+". ", 1000)
	if status, answer, _ := f.upload(made.ID, content); !f.stored(status, answer) {
		return false
	}
	f.files[made.ID] = content
	for _, step := range []struct {
		role, path string
		body       any
	}{
		{"marketer", "/submit", nil},
		{"approver", "/reviews", map[string]any{"version": 1, "decision": "approve"}},
		{"marketer", "/publish", nil},
	} {
		status, answer, _ := f.do(step.role, "POST", "/assets/"+made.ID+step.path, step.body)
		if !f.stored(status, answer) {
			return false
		}
	}
	f.published = append(f.published, made.ID)
	return true
}

// stored fails the test unless a write was done, or refused for lack of room.
func (f *full) stored(status int, answer []byte) bool {
	f.t.Helper()
	if status >= 300 && status != http.StatusInsufficientStorage {
		f.t.Fatalf("got %d %s, want success or 507\n%s", status, answer, f.s.stderr)
	}
	return status < 300
}

// findable waits until a rep finds the piece by its title.
func (f *full) findable(piece string) {
	f.t.Helper()
	f.eventually("a published piece is found", func() bool {
		var found struct {
			Hits []struct {
				AssetID string `json:"asset_id"`
			}
		}
		status, answer, _ := f.do("rep", "GET", "/search?q="+strings.ReplaceAll(f.assets[piece], " ", "+"), nil)
		if err := json.Unmarshal(answer, &found); err != nil || status != http.StatusOK {
			f.t.Fatalf("searching: got %d %s, want 200", status, answer)
		}
		for _, hit := range found.Hits {
			if hit.AssetID == piece {
				return true
			}
		}
		return false
	})
}

func events(piece string, ids ...string) any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = map[string]any{"id": id, "kind": "view", "asset_id": piece, "occurred_at": time.Now().UTC().Format(time.RFC3339)}
	}
	return map[string]any{"events": all}
}

func (f *full) eventually(what string, happens func() bool) {
	f.t.Helper()
	for deadline := time.Now().Add(patience); !happens(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("%s: not in time\n%s", what, f.s.stderr)
		}
	}
}

func (f *full) do(role, method, path string, body any) (int, []byte, http.Header) {
	f.t.Helper()
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			f.t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	return f.send(role, method, path, "application/json", content)
}

func (f *full) upload(asset, content string) (int, []byte, http.Header) {
	f.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "piece.txt")
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err != nil || w.Close() != nil {
		f.t.Fatalf("writing a form: %v", err)
	}
	return f.send("marketer", "POST", "/assets/"+asset+"/versions", w.FormDataContentType(), &form)
}

func (f *full) send(role, method, path, mediaType string, content io.Reader) (int, []byte, http.Header) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.s.url+"/api/v1"+path, content)
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+f.token[role])
	if content != nil {
		req.Header.Set("Content-Type", mediaType)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatalf("%s %s: %v\n%s", method, path, err, f.s.stderr)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, body, res.Header
}
