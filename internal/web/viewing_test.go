package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// views sends what the script of a page of somebody with an account would; the seat is on the page, the token in its forms.
func (v *visitor) views(p *shown, beats string, instead ...string) *shown {
	v.t.Helper()
	seat := p.Find("[data-attention]")
	told := fmt.Sprintf(`{"visit":%q,"asset":%q,"version":%q,"beats":[%s]}`, seat.AttrOr("data-visit", ""), seat.AttrOr("data-asset", ""), seat.AttrOr("data-version", ""), beats)
	return v.post("/viewings", url.Values{"token": {p.Find("input[name=token]").First().AttrOr("value", "")}, "told": {strings.NewReplacer(instead...).Replace(told)}})
}

func TestPageTellsForHowLongItWasViewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Deck", "one", nil)
	p := w.rita.get("/pieces/" + id.String()).wantStatus(http.StatusOK)
	if got := p.Find(`.preview[data-attention], script[src^="/assets/attention.js"]`).Length(); got != 2 {
		t.Fatalf("got %d of the seat and its script", got)
	}
	seat, beat := p.Find("[data-attention]"), `{"from":0,"until":1000,"inputs":1}`
	now, passed := w.store.Now, 20*time.Second
	w.store.Now = func() time.Time { return now().Add(passed) }
	made, _, _ := strings.Cut(seat.AttrOr("data-visit", ""), ".")
	for _, tt := range []struct {
		why, beats string
		instead    []string
		want       int
	}{
		{"no JSON", beat, []string{"{", ""}, http.StatusBadRequest},
		{"an absurd time", `{"from":0,"until":9223372036854775807}`, nil, http.StatusUnprocessableEntity},
		{"a negative one", `{"from":1000,"until":-1}`, nil, http.StatusUnprocessableEntity},
		{"in the future", `{"from":60000,"until":65000}`, nil, http.StatusUnprocessableEntity},
		{"no beats", "", nil, http.StatusUnprocessableEntity},
		{"of an earlier page that never was", beat, []string{made, "1000000000000"}, http.StatusForbidden},
		{"of a piece that was not shown", beat, []string{seat.AttrOr("data-asset", ""), uuid.NewString()}, http.StatusForbidden},
		{"of a version that was not shown", beat, []string{seat.AttrOr("data-version", ""), uuid.NewString()}, http.StatusForbidden},
		{"too large", beat + strings.Repeat(" ", 40<<10), nil, http.StatusRequestEntityTooLarge},
		{"what was visible", beat, nil, http.StatusNoContent},
		{"the same again", beat, nil, http.StatusNoContent},
	} {
		if got := w.rita.views(p, tt.beats, tt.instead...); got.status != tt.want {
			t.Errorf("%s: got status %d, want %d: %s", tt.why, got.status, tt.want, got.Text())
		}
	}
	if got := w.stranger().views(p, beat); got.status != http.StatusUnauthorized {
		t.Errorf("without a session: got status %d, want 401", got.status)
	}
	theirs := w.lea.get("/pieces/" + id.String())
	if got := w.lea.views(theirs, beat, theirs.Find("[data-attention]").AttrOr("data-visit", ""), seat.AttrOr("data-visit", "")); got.status != http.StatusForbidden {
		t.Errorf("by somebody whom the page was not made for: got status %d, want 403", got.status)
	}
	mine := w.rita.get("/account/data").Text()
	if !strings.Contains(mine, `"visible_ms":1000`) || strings.Contains(w.lea.get("/account/data").Text(), "visible_ms") {
		t.Errorf("got %s, want the second that rita looked, for her alone", mine)
	}
}

func TestMakersSeeHowRepsLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Deck", "one", nil)
	readers := []*visitor{w.mia, w.lea, w.rita}
	for i := range 4 {
		readers = append(readers, w.join(fmt.Sprintf("rep%d", i), collateral.Rep))
	}
	var pages []*shown
	for _, reader := range readers {
		pages = append(pages, reader.get("/pieces/"+id.String()))
	}
	now, passed := w.store.Now, 20*time.Second
	w.store.Now = func() time.Time { return now().Add(passed) }
	for i, reader := range readers {
		if w.mia.get("/work/"+id.String()).Find("#viewed").Length() > 0 {
			t.Errorf("the makers are told of %d readers", i)
		}
		if got := reader.views(pages[i], `{"from":0,"until":4000,"pages":[[1,3000]]}`); got.status != http.StatusNoContent {
			t.Fatalf("got status %d: %s", got.status, got.Text())
		}
	}
	seen := w.mia.get("/work/"+id.String()).wantText("main", "How reps look at it").wantText(".attention-figures", "4 s")
	for _, name := range []string{"rita", "rep0"} {
		if strings.Contains(seen.text("main"), name) {
			t.Errorf("%s is named", name)
		}
	}
	w.rita.get("/privacy").wantText("main", "for how long the page of a piece is in front of you")
}
