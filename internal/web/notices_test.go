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

// A notice of a piece that was withdrawn since leads back to the notices and says so.
func TestNoticeOfWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Prices", "what it costs", nil)
	flag, err := w.pieces.Flag(t.Context(), w.rita.actor(), id, "The price is old.")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.pieces.SettleFlag(t.Context(), w.mia.actor(), id, flag.ID, collateral.FlagFixed, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.pieces.Withdraw(t.Context(), w.mia.actor(), id, "It is over."); err != nil {
		t.Fatal(err)
	}
	p := w.rita.get("/notices").wantText(".told", "mia has put right what you flagged in “Prices”.")
	p = w.rita.get(p.Find(".told a").First().AttrOr("href", "")).wantStatus(http.StatusOK).wantText("[role=status]", "“Prices” is not yours to see any more")
	if p.at.Path != "/notices" || p.Find(".told.unread").Length() > 0 {
		t.Errorf("got to %s, want the notices, all of them read", p.at)
	}
}
