package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"collateral/internal/demo/files"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// TestLibraryGoesTheWholeWay brings a library in beside a running server, until the search finds every piece of it.
func TestLibraryGoesTheWholeWay(t *testing.T) {
	t.Parallel()
	const pieces = 12
	folder := t.TempDir()
	writeLibrary(t, folder, pieces)
	l := newImportRun(t, folder, pieces)
	l.bringIn()
	l.waitForTexts()
	l.publish()
	l.waitForIndex()
}

// importRun is a registry into which a library comes.
type importRun struct {
	t            testing.TB
	folder, data string
	n            int
	server       *server
	store        *store.Store
	ada, ann     string // tokens
	began        time.Time
}

func newImportRun(t testing.TB, folder string, n int) *importRun {
	t.Helper()
	l := &importRun{t: t, folder: folder, data: t.TempDir(), n: n}
	for name, role := range map[string]string{"ada": "admin", "mia": "marketer", "ann": "approver"} {
		if out, err := run(t, "correct horse battery\n", "user", "add", name+"@example.com", "--name", name, "--role", role, "--password-stdin", "--data", l.data); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	l.server = startServer(t, "--data", l.data, "--log-level", "warn")
	l.ada, l.ann = signInAs(t, l.server, "ada@example.com", "correct horse battery"), signInAs(t, l.server, "ann@example.com", "correct horse battery")
	var err error
	if l.store, err = store.Open(t.Context(), filepath.Join(l.data, "collateral.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.store.Close(); err != nil {
			t.Error(err)
		}
	})
	l.began = time.Now()
	return l
}

func (l *importRun) bringIn() {
	l.t.Helper()
	out, err := run(l.t, "", "import-library", l.folder, "--csv", filepath.Join(l.folder, "library.csv"), "--as", "ada@example.com", "--data", l.data)
	if err != nil {
		l.t.Fatalf("%v\n%s", err, out)
	}
}

func (l *importRun) waitForTexts() {
	l.t.Helper()
	l.wait("texts that wait to be read", func() bool {
		open, err := l.store.HasOpenJobs(l.t.Context(), []string{registry.JobExtract})
		if err != nil {
			l.t.Fatal(err)
		}
		return !open
	})
}

func (l *importRun) waitForIndex() {
	l.t.Helper()
	l.wait("pieces that are not found", func() bool {
		var found struct{ Total int }
		l.ask(l.ada, http.MethodGet, "/search?per_page=1", nil, &found)
		return found.Total == l.n
	})
}

func (l *importRun) wait(what string, over func() bool) {
	l.t.Helper()
	deadline := time.Now().Add(time.Hour)
	for !over() {
		if time.Now().After(deadline) {
			l.t.Fatalf("after an hour there are still %s", what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// publish submits the batch, and signs and publishes piece by piece, four at a time.
func (l *importRun) publish() {
	l.t.Helper()
	var batches struct{ Items []struct{ ID string } }
	l.ask(l.ada, http.MethodGet, "/batches", nil, &batches)
	pieces := make(chan string, l.n)
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				Item struct {
					AssetID string `json:"asset_id"`
				}
			}
			NextCursor string `json:"next_cursor"`
		}
		l.ask(l.ada, http.MethodPost, "/batches/"+batches.Items[0].ID+"/submit?limit=200&cursor="+cursor, nil, &page)
		for _, i := range page.Items {
			pieces <- i.Item.AssetID
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	close(pieces)
	var done atomic.Int64
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for id := range pieces {
				l.ask(l.ann, http.MethodPost, "/assets/"+id+"/reviews", map[string]any{"version": 1, "decision": "approve"}, nil)
				l.ask(l.ada, http.MethodPost, "/assets/"+id+"/publish", nil, nil)
				done.Add(1)
			}
		})
	}
	clients.Wait()
	if int(done.Load()) != l.n {
		l.t.Fatalf("got %d pieces published, want %d", done.Load(), l.n)
	}
}

// ask sends a request and reads the answer. What fails is reported; the benchmark ends for want of what did not happen.
func (l *importRun) ask(token, method, path string, body, into any) {
	l.t.Helper()
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			l.t.Error(err)
			return
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(l.t.Context(), method, l.server.url+"/api/v1"+path, content)
	if err != nil {
		l.t.Error(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Error(err)
		return
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("got %d: %s", res.StatusCode, answer)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(answer, into)
	}
	if err != nil {
		l.t.Errorf("%s %s: %v", method, path, err)
	}
}

// writeLibrary writes n documents and a CSV that describes them, and returns their size in bytes.
func writeLibrary(t testing.TB, folder string, n int) (size int64) {
	t.Helper()
	csv := "file,title,type,audience,stages,language,owner\n"
	random := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		ext := []string{"pdf", "pptx", "docx", "html"}[random.IntN(4)]
		name := fmt.Sprintf("%02d/piece-%d.%s", i%50, i, ext)
		content := document(t, random, ext, i)
		size += int64(len(content))
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		csv += fmt.Sprintf("%s,Piece number %d,deck,customer,validation (primary): Shows that it works at a customer.,en,mia@example.com\n", name, i)
	}
	if err := os.WriteFile(filepath.Join(folder, "library.csv"), []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	return size
}

// document is one of about a dozen pages or slides, with 100 words on each.
func document(t testing.TB, random *rand.Rand, ext string, number int) []byte {
	t.Helper()
	info := files.Info{Title: fmt.Sprintf("Piece number %d", number), Footer: "Confidential"}
	var doc files.Document
	var deck files.Deck
	for range 6 + random.IntN(12) {
		text := make([]string, 100)
		for i := range text {
			text[i] = fmt.Sprintf("word%d", int(random.ExpFloat64()*500))
		}
		doc.Sections = append(doc.Sections, files.Section{Heading: text[0], Paragraphs: []string{strings.Join(text, " ")}})
		deck.Slides = append(deck.Slides, files.Slide{Title: text[0], Bullets: []string{strings.Join(text[:50], " ")}, Notes: strings.Join(text[50:], " ")})
	}
	doc.Info, deck.Info = info, info
	var out bytes.Buffer
	var err error
	switch ext {
	case "pdf":
		err = files.PDF(&out, doc)
	case "pptx":
		err = files.PPTX(&out, deck)
	case "docx":
		err = files.DOCX(&out, doc)
	default:
		err = files.HTML(&out, doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
