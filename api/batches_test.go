package api

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const libraryCSV = "\ufefffile;url;title;type;audience;stages;owner\r\n" +
	"decks/first call.txt;;First call deck;deck;customer;validation (primary): Shows that it works, with their data.;mia@example.com\r\n" +
	"faq.txt;;Questions and answers;faq;partner;;mia@example.com\r\n" +
	";https://example.com/film;The film;video;customer;validation (primary): Shows that it works, with their data.;mia@example.com\r\n"

// library sends a CSV under a name.
func (w *world) library(p *person, query, name, csv string) *answer {
	w.t.Helper()
	return w.libraryForm(p, query, [][2]string{{"name", name}, {"csv", csv}})
}

func (w *world) libraryForm(p *person, query string, parts [][2]string) *answer {
	w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, part := range parts {
		var to io.Writer
		var err error
		if part[0] == "csv" {
			to, err = m.CreateFormFile("csv", "library.csv")
		} else {
			to, err = m.CreateFormField(part[0])
		}
		if err == nil {
			_, err = io.WriteString(to, part[1])
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, BasePath+"/batches"+query, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.send(p, r)
}

func (w *world) sendFile(p *person, batch, path string, content io.Reader) *answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPut, BasePath+"/batches/"+batch+"/files?path="+url.QueryEscape(path), content)
	r.Header.Set("Content-Type", mediaBytes)
	return w.send(p, r)
}

// progress reads the rows by state.
func progress(batch object) map[string]int {
	got := map[string]int{}
	for _, p := range batch.list("progress") {
		got[p.text("state")] = p.number("rows")
	}
	return got
}

func TestLibraryComesInOverTheNetwork(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		plan := w.library(w.ada, "?dry_run=true", "library", libraryCSV).want(200)
		if plan.number("rows") != 3 || plan.number("links") != 1 || plan.number("incomplete") != 1 || plan.at("batch").value != nil {
			t.Errorf("got plan %v, want three rows and no batch", plan.value)
		}
		if got := w.do(w.ada, "GET", "/batches", nil).want(200).list("items"); len(got) != 0 {
			t.Errorf("got %d batches after looking only, want none", len(got))
		}
		made := w.library(w.ada, "", "library", libraryCSV)
		batch := made.want(201).at("batch")
		id := batch.text("id")
		if got := made.header.Get("Location"); got != BasePath+"/batches/"+id {
			t.Errorf("got location %q, want that of the batch", got)
		}
		if diff := cmp.Diff(map[string]int{"awaiting_file": 2, "draft": 1}, progress(batch)); diff != "" {
			t.Errorf("the progress at first (-want +got):\n%s", diff)
		}

		// Files come one by one, each once.
		w.sendFile(w.ada, id, "decks/first call.txt", strings.NewReader("the first call")).want(201)
		again := w.sendFile(w.ada, id, `.\decks\first call.txt`, strings.NewReader("the first call")).want(200)
		if again.text("title") != "First call deck" || again.text("state") != "draft" || again.text("asset_id") == "" {
			t.Errorf("got row %v, want the draft", again.value)
		}
		w.sendFile(w.ada, id, "decks/first call.txt", strings.NewReader("another call")).wantProblem(409, "conflict")
		w.sendFile(w.ada, id, "unknown.txt", strings.NewReader("what")).wantProblem(404, "not-found")
		w.sendFile(w.ada, id, "faq.txt", strings.NewReader("")).wantProblem(422, "invalid", "/file")
		w.sendFile(w.ada, id, "faq.txt", io.LimitReader(zeros{}, maxUpload+1)).wantProblem(413, "too-large", "/file")
		w.sendFile(w.mia, id, "faq.txt", strings.NewReader("questions")).wantProblem(404, "not-found")
		w.do(w.ada, "PUT", "/batches/"+id+"/files?path=faq.txt", "{}").wantProblem(415, "unsupported")
		w.do(w.ada, "PUT", "/batches/"+id+"/files", "{}", "Content-Type", mediaBytes).wantProblem(400, "malformed", "?path")
		w.sendFile(w.ada, id, "faq.txt", strings.NewReader("questions")).want(201)

		// The same library once more goes on with the same batch.
		same := w.library(w.ada, "", "library", strings.Replace(libraryCSV, "First call deck", "First call", 1)).want(200)
		if same.text("batch", "id") != id || same.number("known") != 3 || len(same.list("warnings")) != 1 || same.list("warnings")[0].number("line") != 2 {
			t.Errorf("got %v, want the same batch, and a warning of line 2", same.value)
		}

		items := w.do(w.ada, "GET", "/batches/"+id+"/items?state=incomplete", nil).want(200).list("items")
		if len(items) != 1 || items[0].text("source") != "faq.txt" || len(items[0].list("missing")) != 1 || items[0].list("missing")[0].text("pointer") != "/stages" {
			t.Errorf("got incomplete rows %v, want faq.txt, which lacks stages", items)
		}
		w.submitAll(id)
		if diff := cmp.Diff(map[string]int{"in_review": 2, "incomplete": 1}, progress(w.do(w.ada, "GET", "/batches/"+id, nil).want(200))); diff != "" {
			t.Errorf("the progress after submission (-want +got):\n%s", diff)
		}
		w.do(w.mia, "POST", "/assets/"+w.draft(w.mia, "Another deck", "text")+"/submit", nil).want(200)
		for query, want := range map[string]int{"?waiting_for=me&batch=" + id: 2, "?batch=" + newID(): 0, "?waiting_for=me": 3} {
			if got := w.do(w.ann, "GET", "/reviews"+query, nil).want(200).list("items"); len(got) != want {
				t.Errorf("/reviews%s: got %d pieces, want %d", query, len(got), want)
			}
		}
	})
}

// submitAll submits a batch page by page: the first time what is complete, the second time nothing.
func (w *world) submitAll(batch string) {
	w.t.Helper()
	for _, want := range []int{2, 0} {
		submitted, rows, cursor := 0, 0, ""
		for {
			page := w.do(w.ada, "POST", "/batches/"+batch+"/submit?limit=2&cursor="+cursor, nil).want(200)
			submitted += page.number("submitted")
			for _, i := range page.list("items") {
				rows++
				if lacks := len(i.list("item", "missing")); (i.text("item", "source") == "faq.txt") != (lacks == 1) {
					w.t.Errorf("got %d things missing of %s", lacks, i.text("item", "source"))
				}
			}
			if cursor = page.text("next_cursor"); cursor == "" {
				break
			}
		}
		if submitted != want || rows != 3 {
			w.t.Errorf("got %d of %d rows submitted, want %d of 3", submitted, rows, want)
		}
	}
}

func TestFaultsOfALibraryOverTheNetwork(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		faulty := strings.NewReplacer("deck;customer;validation", "deck;customer;validatoin", ";faq;", ";fak;").Replace(libraryCSV)
		plan := w.library(w.ada, "?dry_run=true", "library", faulty).want(200)
		want := []string{`2 stages There is no buying stage "validatoin". Did you mean "validation"?`, `3 type There is no type "fak". Did you mean "faq"?`}
		var got []string
		for _, f := range plan.list("faults") {
			got = append(got, strings.Join([]string{string(rune('0' + f.number("line"))), f.text("column"), f.text("detail")}, " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the faults differ (-want +got):\n%s", diff)
		}
		w.library(w.ada, "", "library", faulty).wantProblem(422, "invalid", "/csv/2/stages", "/csv/3/type")
		w.library(w.ada, "", "library", "nonsense").wantProblem(422, "invalid", "/csv/1", "/csv/1/title", "/csv/1/type", "/csv/1/audience", "/csv/1/file")
		w.library(w.max, "", "library", libraryCSV).wantProblem(422, "invalid", "/csv/2/owner", "/csv/3/owner", "/csv/4/owner")
		w.library(w.ada, "", "", libraryCSV).wantProblem(422, "invalid", "/name")
		w.library(w.ada, "?dry_run=perhaps", "library", libraryCSV).wantProblem(400, "malformed", "?dry_run")
		w.libraryForm(w.ada, "", nil).wantProblem(400, "malformed", "/csv", "/name")
		w.libraryForm(w.ada, "", [][2]string{{"name", "a"}, {"name", "b"}}).wantProblem(400, "malformed", "/name")
		w.libraryForm(w.ada, "", [][2]string{{"name", "a"}, {"note", "b"}}).wantProblem(400, "malformed", "/note")
		w.libraryForm(w.ada, "", [][2]string{{"name", strings.Repeat("a", maxBatchName+1)}}).wantProblem(413, "too-large", "/name")
		if got := w.do(w.ada, "GET", "/batches", nil).want(200).list("items"); len(got) != 0 {
			t.Errorf("got %d batches, want none", len(got))
		}
	})
}

func TestDuplicatesAndExportOverTheNetwork(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		shelf := w.published("On the shelf", "the first call")
		id := w.library(w.mia, "", "library", libraryCSV).want(201).text("batch", "id")
		w.sendFile(w.mia, id, "decks/first call.txt", strings.NewReader("the first call")).want(201)
		found := w.do(w.mia, "GET", "/batches/"+id+"/duplicates", nil).want(200)
		items := found.list("items")
		if len(items) != 1 || items[0].text("other_id") != shelf || items[0].text("other_title") != "On the shelf" || items[0].at("same_bytes").value != true || found.number("unread") != 1 {
			t.Errorf("got %v, want one row like the piece on the shelf", found.value)
		}
		w.do(w.max, "GET", "/batches/"+id+"/duplicates", nil).wantProblem(404, "not-found")

		out := w.do(w.mia, "GET", "/assets.csv", nil)
		out.want(200)
		if got := out.header.Get("Content-Type"); got != mediaCSV {
			t.Errorf("got content type %q, want %s", got, mediaCSV)
		}
		for _, text := range []string{"\ufefffile,url,title,", "decks/first call.txt,,First call deck,", ",https://example.com/film,The film,", "piece.txt,,On the shelf,"} {
			if !strings.Contains(string(out.body), text) {
				t.Errorf("the export lacks %q:\n%s", text, out.body)
			}
		}
		if got := w.do(w.max, "GET", "/assets.csv", nil); strings.Contains(string(got.body), "shelf") {
			t.Errorf("max takes along what is mia's:\n%s", got.body)
		}
	})
}

// TestBrokenFileOfALibrary leaves nothing behind.
func TestBrokenFileOfALibrary(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.library(w.mia, "", "library", libraryCSV).want(201).text("batch", "id")
		w.sendFile(w.mia, id, "faq.txt", io.MultiReader(strings.NewReader("half"), cut{})).wantProblem(400, "malformed")
		if got := progress(w.do(w.mia, "GET", "/batches/"+id, nil).want(200)); got["awaiting_file"] != 2 {
			t.Errorf("got %v, want two rows that wait", got)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// cut is a connection that breaks off.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, errors.Join(io.ErrUnexpectedEOF) }
