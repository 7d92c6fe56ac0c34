package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// A rep finds a piece, looks at it, and says that it was used: three pages and a form, without scripts.
func TestFindAndUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	w.live("Fleet plan", "how a pilot is planned in detail", nil)

	found := w.rita.get("/?q=pilot")
	link := found.Find("[data-hit]").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Text() == "Fleet deck" })
	piece := w.rita.get(link.AttrOr("href", "")).wantStatus(http.StatusOK)
	piece.wantText("h1", "Fleet deck").wantText(".roles", "Shows the buyer what the product does.").wantText("table", "by ann")
	piece.wantText(".back", "Back to “pilot”").wantText("[aria-labelledby=piece-similar]", "Fleet plan")
	if got, want := piece.Find("#piece-address").AttrOr("value", ""), w.url+"/pieces/"+id.String(); got != want {
		t.Errorf("got the address %q to copy, want %q", got, want)
	}
	if got := piece.Find(".piece-use a.button").AttrOr("href", ""); got != "/pieces/"+id.String()+"/content?download=1" {
		t.Errorf("got the download %q", got)
	}

	form := piece
	noted := w.rita.submit(form, "form[data-use=present]", url.Values{"reaction": {"positive"}, "opportunity": {"OPP-1"}})
	noted.wantStatus(http.StatusOK).wantText(".notice.good", "you presented it in a call").wantText(".back", "Back to “pilot”")
	w.rita.submit(form, "form[data-use=present]", nil) // the same form once more, from the page before
	w.rita.submit(noted, "form[data-use=share]", nil).wantText(".notice.good", "you sent it to a buyer")
	w.rita.get("/pieces/"+id.String()).wantAll(".piece-figures dd", "0", "2", "0", "0", "1").wantText(".card-facts", "used 2 times in 90 days")
	recent := w.rita.get("/recent").wantStatus(http.StatusOK)
	recent.wantText("main", "presented in a call").wantText("main", "positive").wantAll("[data-hit]", "Fleet deck")
	w.ada.get("/recent").wantText("main", "Nothing used yet")

	refused := w.rita.submit(noted, "form[data-use=share]", url.Values{"opportunity": {strings.Repeat("x", 101)}, "reaction": {"neutral"}})
	refused.wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "opportunity is too long")
	if got := refused.Find("details[open] input[name=opportunity]").AttrOr("value", ""); len(got) != 101 {
		t.Errorf("got %q in the refused form, want what was typed", got)
	}
}

func TestWhoSeesWhichPiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	path := "/pieces/" + id.String()
	draft, err := w.pieces.Create(ctx, w.mia.actor(), collateral.Details{Title: "Draft", Type: "deck", Audience: collateral.ForCustomer})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"/pieces/" + draft.ID.String(), "/pieces/" + uuid.NewString(), "/pieces/x"} {
		w.rita.get(address).wantStatus(http.StatusNotFound).wantText("h1", "There is nothing here")
	}
	w.mia.get("/pieces/"+draft.ID.String()).wantText(".notice", "not published").wantText(".actions", "Work on this piece")
	if w.rita.get(path).Find(`main a[href^="/work"]`).Length() > 0 {
		t.Error("a rep is offered to work on the piece")
	}

	if _, _, err := w.pieces.Upload(ctx, w.mia.actor(), id, file("piece.txt", "the next one")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.pieces.Submit(ctx, w.mia.actor(), id); err != nil {
		t.Fatal(err)
	}
	if got := w.ann.get(path).Find(`main a[href^="/reviews/"]`).AttrOr("href", ""); got != "/reviews/"+id.String()+"/2" {
		t.Errorf("an approver is led to %q, want what waits", got)
	}
	if w.rita.get(path).Find(`main a[href^="/reviews/"]`).Length() > 0 {
		t.Error("a rep is offered a review")
	}

	if _, err := w.pieces.Withdraw(ctx, w.mia.actor(), id, "The price is old."); err != nil {
		t.Fatal(err)
	}
	w.rita.get(path).wantStatus(http.StatusNotFound)
	gone := w.mia.get(path).wantStatus(http.StatusOK)
	if gone.Find("form[data-use]").Length() > 0 || !strings.Contains(gone.text("main"), "withdrawn") && !strings.Contains(gone.text("main"), "in review") {
		t.Errorf("the owner's page of the withdrawn piece says %q", gone.text("main"))
	}
}

func TestFlagging(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Prices", "what it costs", nil)
	path := "/pieces/" + id.String()
	flags := "form[action$='/flags']"

	refused := w.rita.submit(w.rita.get(path), flags, url.Values{"reason": {strings.Repeat("old ", 300)}})
	refused.wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "too long")
	if got := refused.Find("textarea[name=reason]").Text(); len(got) < 1000 {
		t.Errorf("got %q in the refused form, want what was typed", got)
	}
	w.rita.submit(refused, flags, url.Values{"reason": {"The price on page 3 is old."}}).
		wantText(".notice.good", "The owner sees").wantText(".flags", "The price on page 3 is old.")
	w.lea.get(path).wantText(".notice.warn", "may be outdated").wantText(".flags", "The price on page 3 is old.")
	if seen := w.lea.get(path).text(".flags"); strings.Contains(seen, "rita") {
		t.Errorf("a reader is told who flagged it: %q", seen)
	}

	page := w.mia.get(path).wantText(".flags", "rita")
	settle := "form[action$='/settle']"
	again := w.mia.submit(page, settle, url.Values{"outcome": {"kept"}, "note": {" "}})
	again.wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Say why the piece stays as it is")
	w.mia.submit(again, settle, url.Values{"outcome": {"kept"}, "note": {"It holds until March."}}).wantText(".notice.good", "Settled")
	w.rita.get(path).wantText(".flags", "It holds until March.")
	if w.lea.get(path).Find(".flags").Length() > 0 {
		t.Error("what is settled is still shown to everybody")
	}
}

// Makers see on their own pages what is said to be outdated, and settle it there; who said it is told.
func TestMakersSettleFlags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Prices", "what it costs", nil).String()
	if w.mia.get("/work/"+id).Find("#flags").Length() > 0 {
		t.Error("the maker's page has room for flags that nobody raised")
	}
	w.rita.submit(w.rita.get("/pieces/"+id), "form[action$='/flags']", url.Values{"reason": {"The price on page 3 is old."}})

	w.mia.get("/work").wantText("a.tag.warn", "Said to be outdated").wantText(".areas", "My pieces 1 in need of you")
	told := w.mia.get("/notices").wantText(".told", "rita takes “Prices” to be outdated.")
	page := w.mia.get(told.Find(".told a").First().AttrOr("href", ""))
	if page.at.Path != "/work/"+id || page.at.Fragment != "flags" {
		t.Errorf("the notice leads to %s, want the flags on the maker's page", page.at)
	}
	page.wantText("#flags", "The price on page 3 is old.").wantText("#flags", "rita, just now")
	settle := "#flags form[action$='/settle']"
	again := w.mia.submit(page, settle, url.Values{"outcome": {"kept"}, "note": {" "}}).wantStatus(http.StatusUnprocessableEntity)
	again.wantText(".card > h2", "Who makes it").wantText("section#flags .notice.bad", "Say why the piece stays as it is")
	done := w.mia.submit(again, settle, url.Values{"outcome": {"kept"}, "note": {"It holds until March."}}).wantText(".notice.good", "Settled")
	if done.at.Path != "/work/"+id {
		t.Errorf("settling leads to %s, want the maker's page", done.at)
	}
	if w.mia.get("/work").Find("a.tag.warn, .areas .count").Length() > 0 {
		t.Error("a settled flag still waits among my pieces")
	}
	told = w.rita.get("/notices").wantText(".told", "mia keeps “Prices” as it is and says why.")
	if at := w.rita.get(told.Find(".told a").First().AttrOr("href", "")).wantText("#flags", "It holds until March.").at; at.Path != "/pieces/"+id {
		t.Errorf("the notice leads to %s, want the piece", at)
	}
}

// Five people are needed for a figure that counts people.
func TestHowManyRepsUsedIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	for i, name := range []string{"r1", "r2", "r3", "r4", "r5"} {
		v := w.join(name, collateral.Rep)
		v.submit(v.get("/pieces/"+id.String()), "form[data-use=share]", nil).wantStatus(http.StatusOK)
		want := "used " + map[int]string{0: "1 time in", 1: "2 times in", 2: "3 times in", 3: "4 times in"}[i]
		if i == 4 {
			want = "5 reps used it in 90 days"
		}
		w.rita.get("/").wantText(".card-facts", want)
	}
}
