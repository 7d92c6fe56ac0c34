package api

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/demo/files"
)

// realFiles are files as people upload them, with a word that stands in no other.
func realFiles(t *testing.T) map[string]struct {
	name, mediaType, word string
	content               []byte
} {
	t.Helper()
	document := func(word string) files.Document {
		return files.Document{
			Info: files.Info{Title: "Moving to the new platform"},
			Sections: []files.Section{
				{Heading: "Why now", Paragraphs: []string{"Every month on the old platform costs money."}},
				{Heading: "What it takes", Paragraphs: []string{"The " + word + " takes six weeks."}},
			},
		}
	}
	write := func(f func(io.Writer) error) []byte {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	type file = struct {
		name, mediaType, word string
		content               []byte
	}
	return map[string]file{
		"PDF": {"plan.pdf", "application/pdf", "migration", write(func(w io.Writer) error { return files.PDF(w, document("migration")) })},
		"DOCX": {"Umstellung für Käufer.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "cutover",
			write(func(w io.Writer) error { return files.DOCX(w, document("cutover")) })},
		"PPTX": {"deck.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "rollout",
			write(func(w io.Writer) error {
				return files.PPTX(w, files.Deck{Info: files.Info{Title: "Moving to the new platform"}, Slides: []files.Slide{
					{Title: "What it takes", Bullets: []string{"The rollout takes six weeks."}},
				}})
			})},
	}
}

// TestTheWholeWay takes a real file of each kind from the marketer's upload to the leader's report.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	for kind, file := range realFiles(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			overEach(t, func(t *testing.T, w *world) {
				created := w.do(w.mia, "POST", "/assets", fields{
					"title": "Migration plan", "type": "deck", "audience": "customer", "language": "en",
					"summary": "How buyers move over.", "personas": []string{"cio"}, "industries": []string{"retail"},
					"review_by": "2099-01-31", "cost": fields{"amount": 1250.5, "currency": "eur"},
					"stages": []fields{stage("solution-exploration", true), stage("validation", false)},
				})
				asset := created.want(201)
				id := asset.text("id")
				if asset.text("state") != "draft" || asset.text("owner") != w.mia.id || asset.text("owner_name") != "mia" ||
					created.header.Get("Location") != BasePath+"/assets/"+id || asset.text("cost", "currency") != "EUR" {
					t.Errorf("created %s with Location %q", created.body, created.header.Get("Location"))
				}
				w.do(w.rita, "GET", "/assets/"+id, nil).wantProblem(404, "not-found")

				version := w.upload(w.mia, id, file.name, file.content).want(201)
				if version.number("n") != 1 || version.text("media_type") != file.mediaType || version.number("size") != len(file.content) {
					t.Errorf("uploaded %v, want version 1 of %s", version.value, file.mediaType)
				}
				if submitted := w.do(w.mia, "POST", "/assets/"+id+"/submit", nil).want(200); submitted.text("state") != "in_review" {
					t.Errorf("submitted: got state %q", submitted.text("state"))
				}
				waiting := w.do(w.ann, "GET", "/reviews?waiting_for=me", nil).want(200).list("items")
				if len(waiting) != 1 || waiting[0].text("asset_id") != id || waiting[0].number("version") != 1 {
					t.Errorf("waiting for ann: got %v, want version 1 of %s", waiting, id)
				}
				w.do(w.ann, "GET", "/assets/"+id+"/versions/1/content", nil).want(200)
				w.do(w.ann, "POST", "/assets/"+id+"/reviews", fields{"version": 1, "decision": "approve"}).want(201)
				if published := w.do(w.mia, "POST", "/assets/"+id+"/publish", nil).want(200); published.text("state") != "published" || published.number("published_version") != 1 {
					t.Errorf("published: got %v", published.value)
				}
				w.work()

				found := w.do(w.rita, "GET", "/search?stage=solution-exploration&q="+file.word, nil).want(200)
				hits := found.list("hits")
				if len(hits) != 1 || hits[0].text("asset_id") != id || hits[0].number("page") < 1 || len(hits[0].list("why")) == 0 {
					t.Fatalf("found %v, want a page of %s", found.value, id)
				}
				if counts := found.list("facets", "stage"); len(counts) != 2 || counts[0].number("count") != 1 {
					t.Errorf("stages counted as %v, want two with one hit each", counts)
				}
				content := w.do(w.rita, "GET", "/assets/"+id+"/content?download=1", nil)
				content.want(200)
				if !bytes.Equal(content.body, file.content) {
					t.Error("what was downloaded is not what was uploaded")
				}
				if got := content.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") {
					t.Errorf("got Content-Disposition %q", got)
				}
				receipt := w.do(w.rita, "POST", "/usage/events", fields{"events": []fields{{
					"id": newID(), "kind": "share", "asset_id": id, "occurred_at": time.Now().UTC().Format(time.RFC3339Nano),
					"search_id": found.text("search_id"), "opportunity": "ACME-7",
				}}}).want(200)
				if receipt.number("accepted") != 1 {
					t.Errorf("recorded %v, want one accepted", receipt.value)
				}
				report := w.do(w.lea, "GET", "/reports/unused", nil).want(200)
				if young := report.list("too_new"); len(young) != 1 || young[0].text("asset_id") != id || young[0].number("step") != 4 {
					t.Errorf("the report lists %v as too new, want %s at step 4", young, id)
				}
				if report.number("eligible") != 0 || report.at("strict", "share").value != nil || report.text("strict", "note") == "" {
					t.Errorf("got %v of %d, want no share of nothing, with a sentence", report.at("strict").value, report.number("eligible"))
				}
				if gone := w.do(w.mia, "POST", "/assets/"+id+"/withdraw", fields{"reason": "The platform changed."}).want(200); gone.text("state") != "withdrawn" {
					t.Errorf("withdrawn: got state %q", gone.text("state"))
				}
				if left := w.do(w.rita, "GET", "/search?q="+file.word, nil).want(200); len(left.list("hits")) != 0 {
					t.Errorf("still found after withdrawal: %v", left.list("hits"))
				}
				w.do(w.rita, "GET", "/assets/"+id+"/content", nil).wantProblem(404, "not-found")
			})
		})
	}
}

// TestContent is about ranges, validators, names and links of what is published.
func TestContent(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("Value deck", "0123456789")
		path := "/assets/" + id + "/content"
		whole := w.do(w.rita, "GET", path, nil)
		whole.want(200)
		etag := whole.header.Get("ETag")
		for _, tt := range []struct {
			method  string
			headers []string
			status  int
			body    string
		}{
			{"GET", nil, 200, "0123456789"},
			{"HEAD", nil, 200, ""},
			{"GET", []string{"If-None-Match", etag}, 304, ""},
			{"GET", []string{"Range", "bytes=3-5"}, 206, "345"},
			{"GET", []string{"Range", "bytes=-2"}, 206, "89"},
			{"GET", []string{"Range", "bytes=3-5", "If-Range", `"other"`}, 200, "0123456789"},
		} {
			got := w.do(w.rita, tt.method, path, nil, tt.headers...)
			got.want(tt.status)
			if string(got.body) != tt.body || got.header.Get("ETag") != etag {
				t.Errorf("%s %v: got %q with ETag %s, want %q with %s", tt.method, tt.headers, got.body, got.header.Get("ETag"), tt.body, etag)
			}
		}
		w.do(w.rita, "GET", path, nil, "Range", "bytes=50-60").wantProblem(416, "range")
		w.do(w.rita, "GET", path, nil, "If-Match", `"other"`).wantProblem(412, "stale")
		w.do(w.rita, "GET", "/assets/"+id+"/versions/1/content", nil).wantProblem(403, "forbidden")

		link := w.do(w.mia, "POST", "/assets", fields{"title": "Pricing page", "type": "link", "stages": []fields{stage("validation", true)}}).want(201).text("id")
		w.do(w.mia, "POST", "/assets/"+link+"/versions", fields{"url": "https://example.com/pricing", "note": "The page as it is"}).want(201)
		w.approve(link, 1)
		w.do(w.mia, "POST", "/assets/"+link+"/publish", nil).want(200)
		to := w.do(w.rita, "GET", "/assets/"+link+"/content", nil)
		to.want(302)
		if got := to.header.Get("Location"); got != "https://example.com/pricing" {
			t.Errorf("the link leads to %q", got)
		}
	})
}

func TestUploadedHTMLRunsInAnOriginOfItsOwn(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.do(w.mia, "POST", "/assets", fields{"title": "Return calculator", "type": "calculator"}).want(201).text("id")
		w.upload(w.mia, id, "calculator.html", []byte("<!doctype html><html><script>alert(document.cookie)</script></html>")).want(201)
		got := w.do(w.mia, "GET", "/assets/"+id+"/versions/1/content", nil)
		got.want(200)
		if csp := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox") || strings.Contains(csp, "allow-same-origin") {
			t.Errorf("got Content-Type %q with Content-Security-Policy %q, want a sandbox", got.header.Get("Content-Type"), csp)
		}
	})
}

// TestOpeningsCount holds which answers count as a use: whole ones and those from the start, once.
func TestOpeningsCount(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		step := func(id string) int {
			t.Helper()
			for _, young := range w.do(w.lea, "GET", "/reports/unused", nil).want(200).list("too_new") {
				if young.text("asset_id") == id {
					return young.number("step")
				}
			}
			t.Fatalf("%s is not in the report", id)
			return 0
		}
		id := w.published("Value deck", "0123456789")
		path := "/assets/" + id + "/content"
		etag := w.do(w.rita, "HEAD", path, nil).header.Get("ETag")
		w.do(w.rita, "GET", path, nil, "If-None-Match", etag).want(304)
		w.do(w.rita, "GET", path, nil, "Range", "bytes=3-5").want(206)
		w.do(w.mia, "GET", path, nil).want(200)
		if got := step(id); got != 0 {
			t.Errorf("after HEAD, 304, a later range and the owner's own look: got step %d, want 0", got)
		}
		w.do(w.rita, "GET", path, nil, "Range", "bytes=0-5").want(206)
		if got := step(id); got != 2 {
			t.Errorf("after the first bytes: got step %d, want 2", got)
		}
		w.do(w.rita, "GET", path+"?download=1", nil).want(200)
		if got := step(id); got != 3 {
			t.Errorf("after a download: got step %d, want 3", got)
		}
	})
}

func TestChangingAPiece(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.draft(w.mia, "Value deck", "text")
		path := "/assets/" + id
		read := w.do(w.mia, "GET", path, nil)
		read.want(200)
		etag := read.header.Get("ETag")

		w.do(w.mia, "PATCH", path, fields{"title": "Better deck"}).wantProblem(428, "precondition-required")
		w.do(w.mia, "PATCH", path, fields{"title": "Better deck"}, "If-Match", `"99"`).wantProblem(412, "stale")
		w.do(w.max, "PATCH", path, fields{"title": "Better deck"}, "If-Match", etag).wantProblem(404, "not-found")
		w.do(w.rita, "PATCH", path, fields{"title": "Better deck"}).wantProblem(404, "not-found")

		changed := w.do(w.mia, "PATCH", path, fields{"title": "Better deck", "personas": []string{"cio"}, "cost": fields{"amount": 10, "currency": "EUR"}}, "If-Match", etag)
		asset := changed.want(200)
		if asset.text("title") != "Better deck" || asset.text("language") != "en" || changed.header.Get("ETag") == etag {
			t.Errorf("got %s with ETag %s, want the title changed, the language kept and a new ETag", changed.body, changed.header.Get("ETag"))
		}
		w.do(w.mia, "PATCH", path, fields{"title": "Late"}, "If-Match", etag).wantProblem(412, "stale")
		cleared := w.do(w.mia, "PATCH", path, fields{"language": nil, "cost": nil, "personas": nil, "stages": nil}, "If-Match", `W/"1", `+changed.header.Get("ETag")).want(200)
		if cleared.at("language").value != nil || cleared.at("cost").value != nil || len(cleared.list("personas")) != 0 || len(cleared.list("stages")) != 0 {
			t.Errorf("null did not clear: %v", cleared.value)
		}
		if any := w.do(w.mia, "PATCH", path, fields{"summary": "Short."}, "If-Match", "*").want(200); any.text("summary") != "Short." {
			t.Errorf("got %v", any.value)
		}
	})
}

// TestRepsSeeWhatWasSigned changes the tags of a published piece: only its makers see that before Sales signs it.
func TestRepsSeeWhatWasSigned(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		path := "/assets/" + w.published("Value deck", "text")
		w.do(w.mia, "PATCH", path, fields{"audience": "internal", "stages": []fields{stage("validation", true)}}, "If-Match", "*").want(200)
		for who, want := range map[*person]string{w.mia: "internal validation", w.rita: "customer solution-exploration"} {
			asset := w.do(who, "GET", path, nil).want(200)
			if got := asset.text("audience") + " " + asset.list("stages")[0].text("stage"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
}

func TestListsPage(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 5 {
			want = append(want, w.draft(w.mia, fmt.Sprint("Deck ", i), "text"))
		}
		slices.Reverse(want)
		var got []string
		path := "/assets?limit=2&state=&state=draft&owner=" + w.mia.id + "&owner=" + w.max.id
		for cursor := ""; ; {
			page := w.do(w.mia, "GET", path+"&cursor="+cursor, nil).want(200)
			for _, item := range page.list("items") {
				got = append(got, item.text("id"))
			}
			if cursor = page.text("next_cursor"); cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages differ (-want +got):\n%s", diff)
		}
		users := w.do(w.ada, "GET", "/users?limit=1", nil).want(200).text("next_cursor")
		w.do(w.mia, "GET", "/assets?cursor="+users, nil).wantProblem(400, "malformed", "?cursor")
		w.do(w.mia, "GET", "/assets?cursor=nonsense", nil).wantProblem(400, "malformed", "?cursor")
	})
}

func TestReportAsAFile(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		w.published("Value deck", "text")
		for accept, want := range map[string]string{
			"text/csv":                             mediaCSV,
			"application/json;q=0.5, text/csv":     mediaCSV,
			"*/*":                                  mediaJSON,
			"application/json, text/csv;q=0.9":     mediaJSON,
			"text/html, application/json, */*;q=1": mediaJSON,
		} {
			got := w.do(w.lea, "GET", "/reports/unused", nil, "Accept", accept)
			if got.want(200); !strings.HasPrefix(got.header.Get("Content-Type"), want) {
				t.Errorf("with Accept %q got %q, want %q", accept, got.header.Get("Content-Type"), want)
			}
		}
		w.do(w.lea, "GET", "/reports/unused?as_of=yesterday", nil).wantProblem(422, "invalid", "?as_of")
		w.do(w.rita, "GET", "/reports/unused", nil).wantProblem(403, "forbidden")
	})
}
