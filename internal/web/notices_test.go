package web_test

import (
	"net/http"
	"testing"

	"collateral/internal/collateral"
)

func TestNoticesAreReadAndLeadOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ann.get("/notices").wantText(".empty", "nothing to tell you")
	one, two := w.submitted("One", "1"), w.submitted("Two", "2")
	p := w.ann.get("/notices").wantText(".bell .count", "2 unread").wantText(".told:first-child", "“Two” waits for a signature. mia sent it.")
	link := p.Find(".told:first-child a").AttrOr("href", "")
	if at := w.ann.get(link).wantStatus(http.StatusOK).at.Path; at != address(two, "1") {
		t.Errorf("the notice leads to %s, want the version", at)
	}
	p = w.ann.get("/notices").wantText(".bell .count", "1 unread").wantText(".told:first-child", "“One”")
	if other := w.rita.get(link).status; other != http.StatusNotFound {
		t.Errorf("somebody else's notice: got status %d, want 404", other)
	}
	p = w.ann.submit(p, ".told.unread form", nil)
	if p.Find(".bell .count").Length() != 0 || p.Find(".told.read").Length() != 2 {
		t.Errorf("after reading each: got %q unread", p.text(".bell .count"))
	}
	if _, err := w.pieces.Review(t.Context(), w.ann.actor(), one, 1, collateral.Approve, ""); err != nil {
		t.Fatal(err)
	}
	if n := w.ann.get("/notices").Find(".told").Length(); n != 1 {
		t.Errorf("got %d notices, want only of what still waits", n)
	}
	p = w.mia.get("/notices").wantText(".told.unread", "ann signed “One”. It can be published.")
	w.mia.submit(p, "form[action='/notices/read']", nil).wantText("[role=status]", "marked as read")
}
