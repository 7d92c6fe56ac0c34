package usage

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// asked is one search of a person some time ago, that showed these pieces.
func (w *world) asked(who collateral.Actor, ago time.Duration, query string, filters url.Values, shown ...uuid.UUID) uuid.UUID {
	w.t.Helper()
	w.clock.move(-ago)
	defer w.clock.move(ago)
	id := w.Searched(w.t.Context(), who, Search{Query: query, Filters: filters, Page: 1, Total: len(shown), Shown: shown})
	if err := w.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	delete(w.typing, who.UserID) // the next one is another search
	w.mu.Unlock()
	return id
}

// By hand: eight searches of reps with words lie in the window. Four found nothing: "ROI calculator", "roi calculators"
// and "roi-calculator" are one query of two people, the fourth holds an address. Of the four that found the deck, one was
// followed by opening it after 5 minutes, one by a use of another piece that names it; two were not: once the deck was
// opened 40 minutes later, once another piece was. "Pricing" and "prices" are one query.
func TestSearchesReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		rob := w.person("rob", collateral.Rep)
		deck, other := w.publish(piece{title: "Deck", age: 120}), w.publish(piece{title: "Other", age: 120})
		validation := url.Values{"stage": {"validation"}, "type": {"deck"}}
		w.asked(w.rita, 10*day, "ROI calculator", nil)
		w.asked(w.rita, 9*day, "roi calculators", validation)
		w.asked(rob, 8*day, "roi-calculator", nil)
		w.asked(rob, 7*day, "offer for jane.doe@buyer.example 0170 5550199", nil)
		w.asked(w.rita, 6*day, "pricing", nil, deck.ID)
		w.record(w.rita, w.event(collateral.View, deck.ID, 6*day-5*time.Minute))
		named := w.asked(w.rita, 5*day, "pricing", nil, deck.ID)
		use := w.event(collateral.Present, other.ID, 5*day-20*time.Minute)
		use.SearchID = named.String()
		w.record(w.rita, use)
		w.asked(w.rita, 4*day, "Pricing", nil, deck.ID)
		w.record(w.rita, w.event(collateral.View, deck.ID, 4*day-40*time.Minute))
		w.asked(rob, 3*day, "prices", nil, deck.ID)
		w.record(rob, w.event(collateral.View, other.ID, 3*day-5*time.Minute))
		// None of these counts: no rep, no words, before the window, and after as_of.
		w.asked(w.mia, 10*day, "roi calculator", nil)
		w.asked(rob, 10*day, "", validation)
		w.asked(rob, 95*day, "roi calculator", nil)
		w.asked(rob, time.Hour, "roi calculator", nil)

		got, err := w.Searches(t.Context(), w.lea, SearchesQuery{AsOf: today.Add(-day)})
		if err != nil {
			t.Fatal(err)
		}
		want := SearchesReport{
			AsOf: today.Add(-day), Window: Window{From: "2026-08-23", To: "2026-11-21", Days: 90}, Searches: 8,
			Nothing: SearchList{Times: 4, Queries: 2, Items: []SearchedQuery{
				{Query: "roi calculator", Times: 3, LastOn: "2026-11-14", Filters: []string{"stage=validation", "type=deck"}},
				{Query: "offer for [address] [number]", Times: 1, LastOn: "2026-11-15"},
			}},
			Unopened:    SearchList{Times: 2, Queries: 1, Items: []SearchedQuery{{Query: "prices", Times: 2, LastOn: "2026-11-19"}}},
			Definitions: searchesDefinitions(90),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
	})
}

// From five people on it is told how many they are, and what they asked is shown as it is.
func TestSearchesOfManyPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		rep := w.person(name, collateral.Rep)
		r, err := w.Searches(t.Context(), w.lea, SearchesQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && (r.Nothing.Items[0].People != 0 || r.Nothing.Items[0].Query != "din [number]") {
			t.Errorf("%d people: got %+v, want neither their number nor the long number", i, r.Nothing.Items[0])
		}
		w.asked(rep, day, "DIN 123456", nil)
	}
	r, err := w.Searches(t.Context(), w.lea, SearchesQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Nothing.Items[0]; got.People != 5 || got.Query != "din 123456" {
		t.Errorf("five people: got %+v, want their number and what they asked", got)
	}
}

func TestWhoSeesSearches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for _, actor := range []collateral.Actor{w.rita, w.mia, w.ann} {
		if _, err := w.Searches(t.Context(), actor, SearchesQuery{}); collateral.KindOf(err) != collateral.Forbidden {
			t.Errorf("%v: got %v, want it forbidden", actor.Roles, err)
		}
	}
}
