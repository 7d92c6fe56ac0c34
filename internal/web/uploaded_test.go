package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/registry"
)

// What people upload never runs in the registry's origin: a browser takes it for what it was found to be, and for nothing
// that runs unless in an origin of its own.
func TestUploadsNeverRunHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const sandbox = "sandbox allow-scripts allow-popups"
	tests := []struct {
		name, content string
		media         string // what the type begins with
		policy        string
		frame         string // the sandbox of the frame on the piece's page; "-" for no frame
	}{
		{"page.html", "<!doctype html><script>alert(1)</script>", "text/html", sandbox, "allow-scripts allow-popups"},
		{"page.txt", "<!doctype html><script>alert(1)</script>", "text/html", sandbox, "allow-scripts allow-popups"},
		{"picture.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml", sandbox, "allow-scripts allow-popups"},
		{"page.xhtml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`, "application/xhtml+xml", sandbox, "allow-scripts allow-popups"},
		{"data.xml", `<?xml version="1.0"?><a xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></a>`, "text/xml", sandbox, "-"},
		{"sheet.pdf", "%PDF-1.7\n%%EOF\n", "application/pdf", "", ""},
		{"notes.txt", "alert(1)", "text/plain", "", ""},
		{"script.js", "alert(1)", "text/", "", ""},
	}
	for _, tt := range tests {
		id := w.live(tt.name, "what it costs", nil)
		v, _, err := w.pieces.Upload(t.Context(), w.mia.actor(), id, registry.File{Name: tt.name, Content: strings.NewReader(tt.content)})
		if err != nil {
			t.Fatal(err)
		}
		w.publishNewest(id)
		for _, of := range []struct {
			path string
			by   *visitor
		}{{"/pieces/" + id.String() + "/content", w.rita}, {"/pieces/" + id.String() + "/versions/2/content", w.mia}} {
			for query, disposition := range map[string]string{"": "inline", "?download=1": "attachment"} {
				h := of.by.get(of.path + query).wantStatus(http.StatusOK).header
				if got := h.Get("Content-Type"); !strings.HasPrefix(got, tt.media) {
					t.Errorf("%s: got the type %q, want %s", tt.name, got, tt.media)
				}
				if got := h.Get("Content-Security-Policy"); got != tt.policy {
					t.Errorf("%s, %s: got the policy %q, want %q", tt.name, v.MediaType, got, tt.policy)
				}
				if got := h.Get("X-Content-Type-Options"); got != "nosniff" {
					t.Errorf("%s: a browser may guess what it is: got %q", tt.name, got)
				}
				if got := h.Get("Content-Disposition"); !strings.HasPrefix(got, disposition+";") || !strings.Contains(got, tt.name) {
					t.Errorf("%s: got the disposition %q, want %s", tt.name, got, disposition)
				}
			}
		}
		frames := w.rita.get("/pieces/" + id.String()).Find(".preview iframe")
		if got, there := frames.Attr("sandbox"); got != strings.Trim(tt.frame, "-") || (tt.frame == "-") != (frames.Length() == 0) || there != strings.HasPrefix(tt.frame, "allow") {
			t.Errorf("%s: got %d frames with the sandbox %q, want %q", tt.name, frames.Length(), got, tt.frame)
		}
	}
}

// A file that no browser shows is offered for download.
func TestWhatCannotBeShownIsOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Model", "what it costs", nil)
	if _, _, err := w.pieces.Upload(t.Context(), w.mia.actor(), id, registry.File{Name: "model.bin", Content: strings.NewReader("\x00\x01\x02\x03")}); err != nil {
		t.Fatal(err)
	}
	w.publishNewest(id)
	p := w.rita.get("/pieces/"+id.String()).wantText(".preview", "A browser cannot show model.bin. Download it to open it.")
	if got := w.rita.get(p.Find(".preview a").AttrOr("href", "")).header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("the link gives %q, want the file to be kept", got)
	}
}

// publishNewest has the newest version signed and published.
func (w *world) publishNewest(id uuid.UUID) {
	w.t.Helper()
	a, _, err := w.pieces.Submit(w.t.Context(), w.mia.actor(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	w.sign(id.String(), a.Newest.N)
	if _, err := w.pieces.Publish(w.t.Context(), w.mia.actor(), id); err != nil {
		w.t.Fatal(err)
	}
}

// An address that leads nowhere offers a search, to strangers as well; so does one that only takes forms.
func TestLostPeopleAreHelped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.live("Fleet deck", "how a pilot is planned", nil)
	for path, status := range map[string]int{
		"/nothing": 404, "/pieces/x": 404, "/work/" + uuid.NewString(): 404, "/assets/nothing.css": 404, "/admin/people/x/y/z": 404,
		"/signout": 405, "/account/password": 405,
	} {
		p := w.rita.get(path).wantStatus(status).wantText("h1", "There is nothing here")
		w.rita.submit(p, "form[role=search]", map[string][]string{"q": {"pilot"}}).wantAll("[data-hit]", "Fleet deck")
	}
	p := w.stranger().get("/nothing").wantStatus(http.StatusNotFound).wantText(".actions", "Sign in")
	if at := w.stranger().submit(p, "form[role=search]", map[string][]string{"q": {"pilot"}}).at; at.Path != "/signin" || at.Query().Get("next") != "/?q=pilot" {
		t.Errorf("a stranger's search leads to %s, want to be asked to sign in first", at)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.url+"/work", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	w.rita.send(r).wantStatus(http.StatusMethodNotAllowed).wantText("h1", "There is nothing here")
}
