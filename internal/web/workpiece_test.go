package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// published is a piece that mia registered, ann signed and mia published.
func (w *world) published(title, content string) string {
	w.t.Helper()
	id := w.submittedByForm(title, content)
	w.sign(id, 1)
	w.mia.submit(w.mia.get("/work/"+id), "form[action$='/publish']", nil).wantText("[role=status]", "Published")
	return id
}

func TestMakersSeeWhatBecameOfAPiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.published("The cost", "What it costs.")
	_, err := w.uses.Record(t.Context(), w.rita.actor(), []usage.Incoming{{
		ID: uuid.NewString(), Kind: string(collateral.Share), AssetID: id, OccurredAt: time.Now().UTC().Format(time.RFC3339Nano), Reaction: string(collateral.Positive),
	}})
	if err != nil {
		t.Fatal(err)
	}
	p := w.mia.get("/work/" + id).wantStatus(http.StatusOK)
	p.wantText(".week-chart", "1 Shared or presented").wantText("main", "1 positive, 0 neutral, 0 negative").wantText("main", "By team nothing is told")
	if got := p.Find(".week-chart svg[role=img][aria-label]").Length(); got != 5 {
		t.Errorf("got %d charts that say what they show, want 5", got)
	}
	if got := p.Find("table[aria-label='Uses by week'] tbody tr").Length(); got != usage.HistoryWeeks {
		t.Errorf("got %d weeks in the table, want %d", got, usage.HistoryWeeks)
	}
	w.mia.get("/work").wantText(".work-how", "shared or shown 1 time in 90 days")
	w.ada.get("/work/"+id).wantStatus(http.StatusOK).wantText("#became", "What became of it")
	if got := w.rita.get("/work/" + id).at.Path; got != "/pieces/"+id {
		t.Errorf("a rep gets to %s, want the page for everybody", got)
	}
}

func TestVersionSentBackSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submittedByForm("The cost", "What it costs.")
	_, err := w.pieces.Review(t.Context(), w.ann.actor(), uuid.MustParse(id), 1, collateral.RequestChanges, "Slide 4 says 900, slide 5 says 700.")
	if err != nil {
		t.Fatal(err)
	}
	w.mia.get("/work").wantText("#at-back", "Sent back").wantText(".work-how", "ann").wantText(".work-how", "Slide 4 says 900")
	p := w.mia.get("/work/"+id).wantText(".step.back", "Sent back").wantText(".notice.bad", "Slide 4 says 900").wantText(".notice.warn", "Upload a new version")
	p = w.mia.upload(p, "#new-version > form", url.Values{"note": {"700 throughout."}}, "", sentFile{"file", "deck.txt", "What it really costs."}).
		wantText("[role=status]", "Stored as version 2").wantText("table", "700 throughout.")
	p = w.mia.submit(p, "form[action$='/submit']", nil).wantText("[role=status]", "Handed to Sales")
	w.mia.submit(p, "form[action$='/unsubmit']", nil).wantText("[role=status]", "Taken back")
}

// A newer version that is sent back is seen, although the piece is published.
func TestRenewedPieceStandsForItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.published("The cost", "What it costs.")
	p := w.mia.upload(w.mia.get("/work/"+id), "#new-version > form", nil, "", sentFile{"file", "deck.txt", "What it really costs."})
	w.mia.submit(p, "form[action$='/submit']", nil).wantText("main", "Version 1 is published since")
	_, err := w.pieces.Review(t.Context(), w.ann.actor(), uuid.MustParse(id), 2, collateral.RequestChanges, "The old figure was right.")
	if err != nil {
		t.Fatal(err)
	}
	p = w.mia.get("/work")
	p.wantText("#at-renewed", "Newer version under way").wantText(".work-how", "The old figure was right.")
	if p.Find("#at-published").Length() != 0 {
		t.Error("the piece stands twice")
	}
}

// Admins delete the bytes of a version for good, on a page that says what follows.
func TestPurgeOfAVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.published("The cost", "What it costs.")
	const link, form = "a[href$='/versions/1/purge']", "form[data-purge]"
	if w.ada.get("/work/"+id).Find(link).Length() > 0 || w.ada.get("/work/"+id+"/versions/1/purge").wantText("main", "Withdraw the piece first").Find(form).Length() > 0 {
		t.Error("what is published can be purged")
	}
	if _, err := w.pieces.Withdraw(t.Context(), w.mia.actor(), uuid.MustParse(id), "It names a buyer."); err != nil {
		t.Fatal(err)
	}
	if w.mia.get("/work/"+id).Find(link).Length() > 0 {
		t.Error("a marketer is offered to purge")
	}
	w.mia.get("/work/" + id + "/versions/1/purge").wantStatus(http.StatusForbidden)
	p := w.ada.get(w.ada.get("/work/"+id).Find(link).AttrOr("href", "")).wantText("h1", "Purge version 1").wantText("main", "deck.txt")
	w.ada.submit(p, form, url.Values{"reason": {"x"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#reason-wrong", "Say why")
	w.ada.submit(p, form, url.Values{"reason": {"A buyer asked for it."}}).wantText("[role=status]", "deleted for good").
		wantText("table", "the bytes were purged for good“A buyer asked for it.” ada")
	w.ada.get("/pieces/" + id + "/versions/1/content").wantStatus(http.StatusGone)
	w.ada.get("/work/"+id+"/versions/1/purge").wantStatus(http.StatusOK).wantText("main", "purged already")
	w.ada.get("/work/" + id + "/versions/2/purge").wantStatus(http.StatusNotFound)
}
