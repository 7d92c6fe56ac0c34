package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

const roleText = "Puts a price on doing nothing, in the buyer's own figures."

// described is what a marketer types of a sound piece.
func described(title string) url.Values {
	return url.Values{
		"title": {title}, "type": {"deck"}, "audience": {"customer"}, "summary": {"Ten slides."},
		"stage": {"problem-identification"}, "role": {roleText}, "primary": {"0"}, "persona": {"CFO, Line of business"},
	}
}

// submittedByForm is a piece that mia registered and handed to Sales by the form.
func (w *world) submittedByForm(title, content string) string {
	w.t.Helper()
	p := w.mia.upload(w.mia.get("/work/new").wantStatus(http.StatusOK), pieceForm, described(title), "submit", sentFile{"file", "deck.txt", content})
	return p.wantStatus(http.StatusOK).wantText("[role=status]", "Handed to Sales").pieceID(w.t)
}

// sign approves the newest version.
func (w *world) sign(id string, n int) {
	w.t.Helper()
	if _, err := w.pieces.Review(w.t.Context(), w.ann.actor(), uuid.MustParse(id), n, collateral.Approve, ""); err != nil {
		w.t.Fatal(err)
	}
}

func TestMarketerSubmitsByOneForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submittedByForm("The cost of doing nothing", "What it costs.")
	p := w.mia.get("/work/" + id).wantStatus(http.StatusOK)
	p.wantText(".step.now", "Waits for Sales").wantText(".step.now", "ann")
	w.mia.get("/work").wantText("#at-waiting", "Waiting for Sales").wantText(".work-how", "could be signed by ann")
	a, err := w.pieces.Asset(t.Context(), w.mia.actor(), uuid.MustParse(id))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(a.Personas, " "); got != "cfo line-of-business" {
		t.Errorf("got personas %q, want them as slugs", got)
	}
	w.sign(id, 1)
	p = w.mia.get("/work").wantText("#at-approved", "Signed, not published")
	p = w.mia.submit(p, "form[action='/work/"+id+"/publish']", nil).wantText("[role=status]", "Published")
	p.wantText(".step.done", "as approver")
	w.rita.get("/work/" + id) // goes on to the page for everybody
	p = w.mia.submit(p, "form[action$='/withdraw']", url.Values{"reason": {"x"}}).wantStatus(http.StatusUnprocessableEntity)
	if got := p.Find("#reason").AttrOr("value", ""); got != "x" {
		t.Errorf("reason: got %q, want what was typed", got)
	}
	w.mia.submit(p, "form[action$='/withdraw']", url.Values{"reason": {"The prices changed."}}).wantText("[role=status]", "Withdrawn").wantText(".step.back", "Withdrawn").
		wantText(".notice.bad", "The prices changed.mia")
	w.ann.get("/pieces/"+id).wantText(".notice.bad", "mia").wantText(".notice.bad", "“The prices changed.”")
	w.rita.get("/pieces/" + id).wantStatus(http.StatusNotFound)
}

func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	values := described("ab") // a title too short: there can be no piece
	values["role"] = []string{"too short"}
	values["language"] = []string{"no language"}
	p := w.mia.upload(w.mia.get("/work/new"), pieceForm, values, "save", sentFile{"file", "deck.txt", "text"}).wantStatus(http.StatusUnprocessableEntity)
	for selector, want := range map[string]string{"#title-wrong": "3", "#role-0-wrong": "20", "#language-wrong": "language tag"} {
		p.wantText(selector, want)
	}
	for selector, want := range map[string]string{"#title": "ab", "#language": "no language", "#persona": "CFO, Line of business"} {
		if got := p.Find(selector).AttrOr("value", ""); got != want {
			t.Errorf("%s: got %q, want %q as it was typed", selector, got, want)
		}
	}
	if got := p.Find("#role-0").Text(); got != "too short" {
		t.Errorf("role: got %q", got)
	}
	// With a title there can be a piece, so that the file is kept.
	p = w.mia.upload(p, pieceForm, url.Values{"title": {"The cost"}}, "submit", sentFile{"file", "deck.txt", "text"}).
		wantStatus(http.StatusUnprocessableEntity).wantText("[role=status]", "saved as a draft with the file deck.txt")
	if got := p.Find("#role-0").Text(); got != "too short" {
		t.Errorf("role: got %q", got)
	}
	p = w.mia.upload(p, pieceForm, url.Values{"role": {roleText}, "language": {"en"}}, "submit").wantStatus(http.StatusOK)
	p.wantText("[role=status]", "Handed to Sales").pieceID(t)
	if got := w.mia.get("/work").Find(".work-row").Length(); got != 1 {
		t.Errorf("got %d pieces, want one", got)
	}
}

// A file that is refused keeps nothing else back: the piece is there, and the refusal stands at the file.
func TestRefusedFileLosesNoText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, file := range map[string]sentFile{
		"too large": {"file", "deck.txt", strings.Repeat("x", 1<<20+1)},
		"empty":     {"file", "deck.txt", ""},
		"a path":    {"file", "../deck.txt", "x"},
	} {
		p := w.mia.upload(w.mia.get("/work/new"), pieceForm, described("The cost, "+name), "submit", file)
		if p.status < 400 || p.status > 499 {
			t.Fatalf("%s: got status %d, want a refusal", name, p.status)
		}
		if p.text("#file-wrong") == "" {
			t.Errorf("%s: nothing stands at the file; the page says: %s", name, p.text("main"))
		}
		if got := p.Find("#title").AttrOr("value", ""); got != "The cost, "+name {
			t.Errorf("%s: got title %q", name, got)
		}
		w.mia.upload(p, pieceForm, nil, "submit", sentFile{"file", "deck.txt", "text of " + name}).wantText("[role=status]", "Handed to Sales")
	}
}

func TestLinkIsAPieceToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	values := described("A page of ours")
	values["url"] = []string{"ftp://example.com"}
	p := w.mia.upload(w.mia.get("/work/new"), pieceForm, values, "submit").wantStatus(http.StatusUnprocessableEntity).wantText("#url-wrong", "web address")
	w.mia.upload(p, pieceForm, url.Values{"url": {"https://example.com/page"}}, "submit").wantText("[role=status]", "Handed to Sales").wantText("table", "https://example.com/page")
}

// A form that is sent twice, since its answer was lost, makes one piece.
func TestSameFormTwiceMakesOnePiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.mia.get("/work/new")
	w.mia.upload(p, pieceForm, described("First words"), "save").wantStatus(http.StatusOK)
	w.mia.upload(p, pieceForm, described("Better words"), "save").wantStatus(http.StatusOK).wantText("h1", "Better words")
	if got := w.mia.get("/work").Find(".work-row").Length(); got != 1 {
		t.Errorf("got %d pieces, want one", got)
	}
}

// The file of such a form is stored once, whether it was saved or handed to Sales.
func TestSameFileTwiceMakesOneVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deck := sentFile{"file", "deck.txt", "text"}
	for _, do := range []string{"save", "submit"} {
		p := w.mia.get("/work/new")
		for range 2 {
			made := w.mia.upload(p, pieceForm, described("The cost"), do, deck).wantStatus(http.StatusOK)
			if got := made.Find("table[aria-label^=Versions] tbody tr").Length(); got != 1 {
				t.Errorf("%s: got %d versions, want one", do, got)
			}
		}
	}
	id := w.mia.upload(w.mia.get("/work/new"), pieceForm, described("The cost"), "save").pieceID(t)
	p := w.mia.get("/work/" + id)
	for range 2 {
		w.mia.upload(p, "#new-version > form", nil, "", deck).wantText("[role=status]", "Stored as version 1.")
	}
}

func TestRowsAreAddedWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.mia.get("/work/new")
	before := p.Find("[data-row]").Length()
	values := described("The cost")
	values.Set("do", "row")
	p = w.mia.submit(p, pieceForm, values).wantStatus(http.StatusOK)
	if got := p.Find("[data-row]").Length(); got != before+1 && got != before { // one row was typed and the others were not sent
		t.Errorf("got %d rows, want one more than %d", got, before)
	}
	if got := p.Find("#title").AttrOr("value", ""); got != "The cost" {
		t.Errorf("title: got %q, want what was typed", got)
	}
	if got := w.mia.get("/work").Find(".work-row").Length(); got != 0 {
		t.Errorf("got %d pieces, want none yet", got)
	}
}

func TestStaleFormShowsBothValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.mia.upload(w.mia.get("/work/new"), pieceForm, described("The cost"), "save").pieceID(t)
	mine, other := w.mia.get("/work/"+first+"/edit"), w.mia.get("/work/"+first+"/edit")
	w.mia.upload(other, pieceForm, url.Values{"title": {"Their title"}, "summary": {"Their summary."}}, "save").wantStatus(http.StatusOK)
	p := w.mia.upload(mine, pieceForm, url.Values{"title": {"My title"}, "language": {"de"}}, "save", sentFile{"file", "deck.txt", "text"}).
		wantStatus(http.StatusConflict)
	p.wantText(".conflict", "My title").wantText(".conflict", "Their title").wantText("[role=status]", "stored as version 1")
	p = w.mia.upload(p, pieceForm, url.Values{"take_title": {"mine"}, "take_summary": {"theirs"}, "take_language": {"mine"}}, "save").wantStatus(http.StatusOK)
	p.wantText("h1", "My title")
	a, err := w.pieces.Asset(t.Context(), w.mia.actor(), uuid.MustParse(first))
	if err != nil {
		t.Fatal(err)
	}
	if a.Summary != "Their summary." || a.Language != "de" {
		t.Errorf("got summary %q and language %q, want theirs and mine", a.Summary, a.Language)
	}
}

func TestWhatIsThereAlreadyIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submittedByForm("The cost of doing nothing", "the same bytes")
	p := w.mia.upload(w.mia.get("/work/new"), pieceForm, described("Cost of doing nothing"), "save", sentFile{"file", "other.txt", "the same bytes"})
	p.wantText("[role=status]", "has the same content").wantText("main", "nearly the same title")
	answer := w.mia.get("/work/like?title=Cost+of+doing+nothing").wantStatus(http.StatusOK)
	if got := answer.Text(); !strings.Contains(got, "The cost of doing nothing") {
		t.Errorf("got %s, want the piece that is there", got)
	}
	if got := w.rita.get("/work/like?title=Cost+of+doing+nothing").Text(); strings.Contains(got, "cost") {
		t.Errorf("a rep is told of a draft: %s", got)
	}
}

func TestWhoWorksOnAPiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.mia.upload(w.mia.get("/work/new"), pieceForm, described("The cost"), "save").pieceID(t)
	w.rita.get("/work/" + id + "/edit").wantStatus(http.StatusNotFound)
	w.ann.get("/work/" + id).wantStatus(http.StatusNotFound)
	for v, path := range map[*visitor]string{w.ann: "/work", w.lea: "/work/new", w.ada: "/work/new", w.rita: "/work/batches"} {
		v.get(path).wantStatus(http.StatusForbidden)
	}
	w.ada.get("/work").wantStatus(http.StatusOK).wantText("main", "The cost")
	p := w.mia.get("/work/" + id)
	p = w.mia.submit(p, "form[action$='/coauthors']", url.Values{"coauthor": {"nobody@example.com"}}).wantStatus(http.StatusUnprocessableEntity)
	p.wantText("#coauthor-wrong", "Nobody")
	w.mia.submit(p, "form[action$='/coauthors']", url.Values{"coauthor": {"Ann@example.com"}}).wantText("[role=status]", "ann works on the piece too")
	w.ann.get("/work/"+id).wantStatus(http.StatusOK).wantText("#new-version", "New version")
	p = w.mia.get("/work/" + id)
	w.mia.submit(p, "form[action$='/delete']", nil).wantText("[role=status]", "deleted")
}
