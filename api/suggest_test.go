package api

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// suggested lists what somebody is suggested, as kind and text.
func (w *world) suggested(p *person, typed string) []string {
	w.t.Helper()
	items := w.do(p, "GET", "/search/suggestions?q="+url.QueryEscape(typed), nil).want(200).list("items")
	return each(items, func(s object) string { return s.text("kind") + " " + s.text("text") })
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		same := func(what string, got []string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		published := w.published("Solution map", "what belongs to what")
		w.draft(w.mia, "Solution draft", "not yet")
		same("to a rep", w.suggested(w.rita, "sol"), "title Solution map", "tag Solution exploration")
		same("to the maker of a draft", w.suggested(w.mia, "sol"), "title Solution map", "tag Solution exploration")
		items := w.do(w.rita, "GET", "/search/suggestions?q=sol", nil).want(200).list("items")
		if got := items[0].text("asset_id"); got != published {
			t.Errorf("the title leads to %q, want %q", got, published)
		}
		if facet, value := items[1].text("facet"), items[1].text("value"); facet != "stage" || value != "solution-exploration" {
			t.Errorf("the tag is %q of %q, want the stage's key", value, facet)
		}

		w.do(w.mia, "POST", "/assets/"+published+"/withdraw", fields{"reason": "Old."}).want(200)
		same("before the index knows of the withdrawal", w.suggested(w.rita, "sol"), "tag Solution exploration")
		w.work()
		same("after", w.suggested(w.rita, "sol"))
		same("for what nobody finds", w.suggested(w.rita, `<script> "* OR`))
	})
}

func TestSuggestedQueries(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		same := func(what string, got []string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		w.published("Map", "warehouse of the north")
		ask := func(p *person, q string) {
			t.Helper()
			w.do(p, "GET", "/search?q="+url.QueryEscape(q), nil).want(200)
		}
		// Another query settles the one before.
		for _, q := range []string{"Warehouse", "north", "warehouse nowhere", "map"} {
			ask(w.rita, q)
		}
		for _, p := range []*person{w.lea, w.ada, w.ann} {
			ask(p, "warehouse north")
			ask(p, "map")
		}
		w.settle()
		same("one's own, with a hit", w.suggested(w.rita, "wareh"), "query Warehouse")
		same("whole words of it, too", w.suggested(w.rita, "nor"), "query north")
		same("without anything typed", w.suggested(w.rita, ""), "query map", "query north", "query Warehouse")
		same("what is typed already is none", w.suggested(w.rita, "warehouse"))

		same("of three others", w.suggested(w.max, "wareh"))
		ask(w.abe, "Warehouse North")
		w.settle()
		same("of four others", w.suggested(w.max, "wareh"))
		for range 3 {
			ask(w.abe, "warehouse north")
			ask(w.abe, "map")
		}
		w.settle()
		same("of four, one of them often", w.suggested(w.max, "wareh"))
		ask(w.mia, "warehouse north")
		w.settle()
		same("of five", w.suggested(w.max, "wareh"), "query warehouse north")
		same("one's own before", w.suggested(w.rita, "wareh"), "query Warehouse", "query warehouse north")
		same("but not without anything typed", w.suggested(w.max, ""))
	})
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		one := w.published("Freight tariffs explained", "one")
		two := w.published("Explaining freight", "two")
		three := w.published("Something else", "three")
		draft := w.draft(w.mia, "Freight tariffs drafted", "four")

		items := w.do(w.rita, "GET", "/assets/"+one+"/similar", nil).want(200).list("items")
		got := each(items, func(o object) string { return fmt.Sprint(o.text("asset_id"), " ", o.at("why").value) })
		want := []string{
			two + " [map[kind:words values:[Freight explained]] map[kind:stages values:[solution-exploration]]]",
			three + " [map[kind:stages values:[solution-exploration]]]",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("similar pieces (-want +got):\n%s", diff)
		}
		w.do(w.mia, "POST", "/assets/"+two+"/withdraw", fields{"reason": "Old."}).want(200)
		if items := w.do(w.rita, "GET", "/assets/"+one+"/similar", nil).want(200).list("items"); len(items) != 1 {
			t.Errorf("got %d similar pieces before the index knows of the withdrawal, want 1", len(items))
		}
		if items := w.do(w.mia, "GET", "/assets/"+draft+"/similar", nil).want(200).list("items"); len(items) != 0 {
			t.Errorf("got %d pieces like a draft, want none", len(items))
		}
		w.do(w.rita, "GET", "/assets/"+draft+"/similar", nil).wantProblem(404, "not-found")
		w.do(w.rita, "GET", "/assets/"+newID()+"/similar", nil).wantProblem(404, "not-found")
	})
}
