package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// tell sends what the script of a page would.
func (v *visitor) tell(p *shown, body string, headers map[string]string) *shown {
	v.t.Helper()
	seat := p.Find("[data-attention]")
	body = strings.NewReplacer("VISIT", seat.AttrOr("data-visit", ""), "ASSET", seat.AttrOr("data-asset", ""), "VERSION", seat.AttrOr("data-version", "")).Replace(body)
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+seat.AttrOr("data-attention", ""), strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return v.send(r)
}

func TestPageTellsForHowLongItWasVisible(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{w.live("Deck", "one", nil)}})
	buyer := w.stranger()
	p := buyer.get(path).wantStatus(http.StatusOK).wantQuiet()
	const piece = `{"visit":"VISIT","asset":"ASSET","version":"VERSION","beats":[%s]}`
	beat := fmt.Sprintf(piece, `{"from":0,"until":1500,"inputs":2,"pages":[[1,1200]]}`)
	for _, tt := range []struct {
		why, body string
		headers   map[string]string
		want      int
	}{
		{"no JSON", "beats", nil, http.StatusBadRequest},
		{"nothing", "", nil, http.StatusBadRequest},
		{"a number that is none", fmt.Sprintf(piece, `{"from":0,"until":1e99}`), nil, http.StatusBadRequest},
		{"an absurd time", fmt.Sprintf(piece, `{"from":0,"until":9223372036854775807}`), nil, http.StatusUnprocessableEntity},
		{"a negative one", fmt.Sprintf(piece, `{"from":1000,"until":-9223372036854775808}`), nil, http.StatusUnprocessableEntity},
		{"no beats", fmt.Sprintf(piece, ""), nil, http.StatusUnprocessableEntity},
		{"another visit", strings.Replace(beat, "VISIT", uuid.NewString(), 1), nil, http.StatusForbidden},
		{"another piece", strings.Replace(beat, "ASSET", uuid.NewString(), 1), nil, http.StatusNotFound},
		{"too large", beat + strings.Repeat(" ", 40<<10), nil, http.StatusRequestEntityTooLarge},
		{"from another site", beat, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"}, http.StatusForbidden},
		{"what was visible", beat, map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, http.StatusNoContent},
		{"the same again", beat, nil, http.StatusNoContent},
	} {
		if got := buyer.tell(p, tt.body, tt.headers); got.status != tt.want {
			t.Errorf("%s: got status %d, want %d: %s", tt.why, got.status, tt.want, got.Text())
		}
	}
	if got := w.stranger().tell(p, beat, nil); got.status != http.StatusForbidden {
		t.Errorf("without the visitor's cookie: got status %d, want 403", got.status)
	}
	w.wantFigures(l.ID, 1, 1)
	o, err := w.links.Outcome(t.Context(), w.rita.actor(), l.ID)
	if err != nil || o.Pieces[0].Median <= 0 || o.Pieces[0].Median > 1500*time.Millisecond {
		t.Errorf("got %+v and error %v, want what was told, as far as it has passed", o, err)
	}
}
