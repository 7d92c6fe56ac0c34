package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

const pieceRole = "Shows the buyer what the product does."

// submitted is a piece of mia's whose first version waits for Sales.
func (w *world) submitted(title, text string) uuid.UUID {
	w.t.Helper()
	ctx, mia := w.t.Context(), w.mia.actor()
	a, err := w.pieces.Create(ctx, mia, collateral.Details{
		Title: title, Type: "deck", Audience: collateral.ForCustomer, Language: "en",
		Stages: []collateral.StageTag{{Stage: "solution-exploration", Role: pieceRole, Primary: true}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.resubmit(a.ID, text)
	return a.ID
}

// resubmit sends a new version of a piece to Sales.
func (w *world) resubmit(id uuid.UUID, text string) {
	w.t.Helper()
	ctx, mia := w.t.Context(), w.mia.actor()
	if _, _, err := w.pieces.Upload(ctx, mia, id, registry.File{Name: "piece.txt", Note: "As asked.", Content: strings.NewReader(text)}); err != nil {
		w.t.Fatal(err)
	}
	if _, _, err := w.pieces.Submit(ctx, mia, id); err != nil {
		w.t.Fatal(err)
	}
}

func address(id uuid.UUID, n string) string { return "/reviews/" + id.String() + "/" + n }

func TestApproverSignsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.submitted("First deck", "one"), w.submitted("Second deck", "two")
	queue := w.ann.get("/reviews").wantStatus(http.StatusOK)
	queue.wantText(".areas [aria-current]", "2 waiting for you").wantText(".waiting:first-child", "First deck").
		wantText(".waiting:first-child", pieceRole).wantText(".waiting:first-child", "Sent by mia").wantText(".waiting:first-child", "not opened yet")
	if n := queue.Find("[name=version]").Length(); n != 0 {
		t.Errorf("got %d versions to choose before any was opened, want none", n)
	}
	p := w.ann.get(address(first, "1")).wantStatus(http.StatusOK)
	p.wantText("main", "1 of 2 waiting for you").wantText("aside", pieceRole).wantText("aside", "piece.txt").wantText("blockquote", "As asked.")
	if src := p.Find(".preview iframe").AttrOr("src", ""); src != "/pieces/"+first.String()+"/versions/1/content" {
		t.Errorf("the preview shows %q, want the version", src)
	}
	p = w.ann.submit(p, "form[data-decision=approve]", nil).wantStatus(http.StatusOK)
	if p.at.Path != address(second, "1") {
		t.Errorf("after signing: got %s, want the next one that waits", p.at)
	}
	p.wantText("[role=status]", "You signed “First deck”")
	p = w.ann.submit(p, "form[data-decision=approve]", nil).wantText("[role=status]", "Nothing else waits").wantText(".empty", "Nothing waits for you")
	if p.at.Path != "/reviews" {
		t.Errorf("after the last one: got %s, want the queue", p.at)
	}
	w.mia.get("/reviews").wantStatus(http.StatusForbidden)
}

func TestApproverSendsBackWithAReason(t *testing.T) {
	t.Parallel()
	tests := []struct{ decision, done, told string }{
		{"request_changes", "“Deck” goes back", "ann asks for changes of “Deck”."},
		{"reject", "You rejected “Deck”", "ann rejected “Deck”."},
	}
	w := newWorld(t)
	for _, test := range tests {
		id := w.submitted("Deck", test.decision)
		form := "details[data-decision=" + test.decision + "] form"
		p := w.ann.submit(w.ann.get(address(id, "1")), form, url.Values{"comment": {" "}}).
			wantStatus(http.StatusUnprocessableEntity).wantText(".wrong", "the marketer reads this")
		if p.Find("details[data-decision="+test.decision+"][open] textarea[aria-invalid=true]").Length() != 1 {
			t.Errorf("%s: the comment is not marked", test.decision)
		}
		w.ann.submit(p, form, url.Values{"comment": {"The price is old."}}).wantText("[role=status]", test.done)
		w.mia.get("/notices").wantText(".told.unread:first-child", test.told).wantText(".told:first-child blockquote", "The price is old.")
		w.resubmit(id, test.decision+", mended")
		w.ann.get(address(id, "2")).wantText("main", "the version before").wantText("blockquote", "The price is old.")
		if _, err := w.pieces.Unsubmit(t.Context(), w.mia.actor(), id); err != nil {
			t.Fatal(err)
		}
	}
}

// Of two approvers at once the second is told who signed, and keeps what was typed.
func TestSecondApproverIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, abe := w.submitted("Deck", "one"), w.join("abe", collateral.Approver)
	slow := w.ann.get(address(id, "1"))
	abe.submit(abe.get(address(id, "1")), "form[data-decision=approve]", nil)
	p := w.ann.submit(slow, "details[data-decision=reject] form", url.Values{"comment": {"Too long."}}).wantStatus(http.StatusConflict)
	p.wantText("[role=alert]", "abe signed version 1 on").wantText("aside", "Too long.")
	if p.Find("form[data-decision]").Length() != 0 {
		t.Error("a signed version can be decided on again")
	}
}

// What was sent anew after it was looked at has to be looked at again.
func TestStaleReviewIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submitted("Deck", "one")
	p := w.ann.get(address(id, "1"))
	ctx, mia := t.Context(), w.mia.actor()
	if _, err := w.pieces.Unsubmit(ctx, mia, id); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.pieces.Submit(ctx, mia, id); err != nil {
		t.Fatal(err)
	}
	p = w.ann.submit(p, "form[data-decision=approve]", nil).wantStatus(http.StatusConflict).wantText("[role=alert]", "Look at it first")
	w.ann.submit(p, "form[data-decision=approve]", nil).wantText("[role=status]", "You signed")
}

func TestApproverSignsMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two, three := w.submitted("One", "1"), w.submitted("Two", "2"), w.submitted("Three", "3")
	w.ann.get(address(one, "1"))
	w.ann.get("/pieces/" + two.String() + "/versions/1/content").wantStatus(http.StatusOK)
	queue := w.ann.get("/reviews")
	if n := queue.Find("[name=version]").Length(); n != 2 {
		t.Fatalf("got %d versions to choose, want the two that were opened", n)
	}
	w.ann.submit(queue, "main form", nil).wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Choose the versions")
	p := w.ann.submit(queue, "main form", url.Values{"version": {one.String() + "/1", three.String() + "/1", two.String() + "/1"}}).wantStatus(http.StatusOK)
	for i, want := range []string{"signed One", "not signed Three, version 1: You have not opened", "signed Two"} {
		if got := strings.Join(strings.Fields(p.Find(".outcomes li").Eq(i).Text()), " "); !strings.HasPrefix(got, want) {
			t.Errorf("outcome %d: got %q, want %q", i+1, got, want)
		}
	}
	if n := p.Find(".waiting").Length(); n != 1 {
		t.Errorf("got %d that still wait, want one", n)
	}
}

func TestApproverWhoMadeItSeesWhyNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submitted("Own", "one")
	if _, err := w.pieces.AddCoauthor(t.Context(), w.mia.actor(), id, w.ann.user.ID); err != nil {
		t.Fatal(err)
	}
	w.ann.get("/reviews").wantText(".empty", "Nothing waits for you")
	w.ann.get("/reviews?show=all").wantText(".waiting", "You contributed to this piece")
	p := w.ann.get(address(id, "1")).wantText("aside .notice", "Somebody else from Sales")
	if p.Find("form[data-decision]").Length() != 0 {
		t.Error("a maker is offered to sign")
	}
}

func TestReviewShowsWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submitted("Prices", "It costs 40 a month.")
	w.ann.submit(w.ann.get(address(id, "1")), "form[data-decision=approve]", nil)
	w.resubmit(id, "It costs 45 a month.")
	if err := w.jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := w.ann.get(address(id, "2")).wantText("main", "Compared with version 1")
	if got, want := p.text(".runs del")+">"+p.text(".runs ins"), "40>45"; got != want {
		t.Errorf("the text changed: got %q, want %q", got, want)
	}
}
