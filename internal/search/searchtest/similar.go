package searchtest

import (
	"fmt"
	"slices"
	"testing"

	"collateral/internal/search"
)

func testSimilar(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	docs := []search.Document{
		{ID: "self", Title: "Freight tariffs explained", Summary: "For the buyer", Stages: []string{"evaluation", "negotiation"}, Personas: []string{"cfo"}, PublishedAt: day(1)},
		{ID: "words", Title: "Explaining a freight tariff", Stages: []string{"evaluation", "negotiation"}, Personas: []string{"cfo"}, PublishedAt: day(1)},
		{ID: "word", Title: "Tariffs of the post", Stages: []string{"renewal"}, PublishedAt: day(1)},
		{ID: "stages", Title: "Other", Stages: []string{"negotiation", "evaluation"}, PublishedAt: day(1)},
		{ID: "stage-new", Title: "Another", Stages: []string{"evaluation"}, PublishedAt: day(90)},
		{ID: "stage-old", Title: "Another", Stages: []string{"evaluation"}, PublishedAt: day(1)},
		{ID: "persona", Title: "Third", Personas: []string{"cfo", "ciso"}, PublishedAt: day(1)},
		{ID: "inside", Title: "Fourth", Pages: []string{"freight tariffs explained"}, Uses: 500, PublishedAt: day(90)},
		{ID: "gone", Title: "Freight tariffs explained", Stages: []string{"evaluation"}, PublishedAt: day(1)},
	}
	for i := range 40 {
		docs = append(docs, search.Document{ID: fmt.Sprint("for-", i), Title: fmt.Sprint("For the n", i), PublishedAt: day(1)})
	}
	put(t, x, docs...)
	if err := x.Delete(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	flush(t, x)
	similar := func(id string, limit int) []search.Kin {
		t.Helper()
		kin, err := x.Similar(t.Context(), id, limit)
		if err != nil {
			t.Fatalf("Similar %s: %v", id, err)
		}
		return kin
	}
	names := func(kin []search.Kin) []string {
		var ids []string
		for _, k := range kin {
			ids = append(ids, k.ID)
		}
		return ids
	}

	kin := similar("self", 20)
	same(t, "the nearest first", names(kin)[:2], []string{"words", "stages"})
	for i, k := range kin {
		slices.Sort(kin[i].Words)
		slices.Sort(k.Stages)
	}
	same(t, "what is shared", kin[0], search.Kin{
		ID: "words", Stages: []string{"evaluation", "negotiation"}, Personas: []string{"cfo"}, Words: []string{"Freight", "explained", "tariffs"},
	})
	at := func(id string) int { return slices.Index(names(kin), id) }
	if at("word") < 0 || at("persona") < 0 || at("stage-new") > at("stage-old") {
		t.Errorf("got %q, want whoever shares a word, a persona or a stage, and of equals the newer first", names(kin))
	}
	for _, id := range []string{"self", "gone", "inside", "for-1"} {
		if at(id) >= 0 {
			t.Errorf("got %s, want neither the piece itself nor what has nothing in common", id)
		}
	}
	same(t, "at most two", names(similar("self", 2)), []string{"words", "stages"})
	same(t, "of one that shares nothing", names(similar("inside", 5)), nil)
	same(t, "of an unknown one", names(similar("nowhere", 5)), nil)
	same(t, "of a deleted one", names(similar("gone", 5)), nil)
}
