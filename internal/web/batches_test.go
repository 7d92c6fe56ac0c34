package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const library = `file,url,title,type,audience,stages
decks/first.txt,,The first call,deck,customer,problem-identification (primary): Puts a price on doing nothing in the buyer's figures.
sheets/pulse.txt,,Pulse data sheet,data-sheet,partner,
,https://example.com/calculator,What a breakdown costs,calculator,customer,problem-identification (primary): Lets the buyer put in their own fleet and see.
`

func TestLibraryIsBroughtInWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.mia.get("/work/batches").wantStatus(http.StatusOK).wantText("main", "No library was brought in yet")
	form := "form[data-library-form]"
	faulty := strings.Replace(library, "problem-identification (primary): Puts", "problem-identificatoin (primary): Puts", 1)
	p = w.mia.upload(p, form, url.Values{"name": {"Autumn"}}, "check", sentFile{"csv", "library.csv", faulty}).wantStatus(http.StatusOK)
	p.wantText("[role=alert]", "1 fault").wantText(".faults", "Did you mean")
	if got := p.Find(form).Length(); got != 1 {
		t.Fatalf("got %d forms, want no way to bring a faulty list in", got)
	}
	p = w.mia.upload(p, form, url.Values{"name": {"Autumn"}}, "check", sentFile{"csv", "library.csv", library}).wantText("#plan ~ p", "3 rows, of them 1 link")
	p = w.mia.upload(p, form+":has([name=kept])", nil, "start").wantStatus(http.StatusOK).wantText("h1", "Autumn").wantText("#files", "2 rows await")
	p = w.mia.upload(p, "form[data-batch-form]", nil, "", sentFile{"file", "library/decks/first.txt", "first"}, sentFile{"file", "pulse.txt", "pulse"}, sentFile{"file", "else.txt", "else"})
	p.wantStatus(http.StatusOK).wantText(".notice.warn", "else.txt")
	p.wantText("table", "The first call").wantText("table", "tagged to no buying stage")
	p = w.mia.submit(p, "form[action$='/submit']", nil).wantText("[role=status]", "2 pieces handed to Sales")
	p.wantText("table", "in review")
	w.mia.get(p.at.Path+"?state=duplicates").wantStatus(http.StatusOK).wantText("h1", "Autumn")
	if got := w.mia.get("/work/library.csv").Text(); !strings.Contains(got, "The first call") {
		t.Errorf("got the list %q, want the pieces in it", got)
	}
	if got := w.mia.get("/work/batches/template.csv").Text(); !strings.Contains(got, "decks/first-call.pptx") {
		t.Errorf("got the template %q", got)
	}
}

// The list to begin with is one that can be brought in.
func TestTemplateOfALibraryIsSound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.mia.get("/work/batches")
	csv := w.mia.get("/work/batches/template.csv").Text()
	w.mia.upload(p, "form[data-library-form]", nil, "check", sentFile{"csv", "library.csv", csv}).wantText("main", "2 rows, of them 1 link")
}
