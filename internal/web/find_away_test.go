package web_test

import (
	"context"
	"net/http"
	"testing"

	"collateral/internal/search"
)

// away is an index behind a server that does not answer.
type away struct{ search.Index }

func (away) Query(context.Context, search.Query) (search.Page, error) {
	return search.Page{}, search.ErrUnavailable
}

func (away) Complete(context.Context, string, int) (search.Completions, error) {
	return search.Completions{}, search.ErrUnavailable
}

func (away) Similar(context.Context, string, int) ([]search.Kin, error) {
	return nil, search.ErrUnavailable
}

// While the search is away, words cannot be searched for, and everything else goes on.
func TestTheSearchIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	w.pieces.Index = away{w.pieces.Index}

	p := w.rita.get("/?q=pilot&stage=" + exploration).wantStatus(http.StatusServiceUnavailable)
	p.wantText("[role=alert]", "The search does not answer just now").wantText("[data-status]", "Nothing could be searched for")
	if got := p.Find("#find-words").AttrOr("value", ""); got != "pilot" {
		t.Errorf("got %q in the box, want what was typed", got)
	}
	if p.header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	browse := p.Find("[role=alert] a").First().AttrOr("href", "")
	w.rita.get(browse).wantStatus(http.StatusOK).wantAll("[data-hit]", "Fleet deck").wantText(".rail a[aria-current]", "Solution exploration")
	w.rita.get("/pieces/"+id.String()).wantStatus(http.StatusOK).wantText("[aria-labelledby=piece-similar]", "does not answer")
	w.rita.get("/suggest?q=fl").wantStatus(http.StatusServiceUnavailable)
}
