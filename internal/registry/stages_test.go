package registry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/search"
)

func keys(stages []collateral.Stage) []string {
	var out []string
	for _, s := range stages {
		out = append(out, s.Key)
	}
	return out
}

func TestStagesAreEditedInPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		before := keys(must(w.Stages(ctx))(t))
		if len(before) != 6 {
			t.Fatalf("got stages %q, want the six default ones", before)
		}
		first := 1
		_, err := w.PutStage(ctx, w.lea, selection, registry.StageChange{Position: &first})
		if err != nil {
			t.Fatal(err)
		}
		want := append([]string{selection}, slices.DeleteFunc(slices.Clone(before), func(k string) bool { return k == selection })...)
		after := must(w.Stages(ctx))(t)
		if diff := cmp.Diff(want, keys(after)); diff != "" {
			t.Errorf("after moving one to the front (-want +got):\n%s", diff)
		}
		for i, s := range after {
			if s.Position != i+1 {
				t.Errorf("stage %s: got position %d, want %d", s.Key, s.Position, i+1)
			}
		}

		name, questions := "Onboarding", []string{"Who trains our people?"}
		put, err := w.PutStage(ctx, w.lea, "onboarding", registry.StageChange{Name: &name, Questions: &questions})
		if err != nil || put.Position != 7 {
			t.Fatalf("adding a stage: got %+v, %v; want position 7", put, err)
		}
		taken := exploration
		_, err = w.PutStage(ctx, w.lea, "onboarding", registry.StageChange{Key: &taken})
		wantKind(t, err, collateral.Conflict, "/key")
		empty := ""
		_, err = w.PutStage(ctx, w.lea, "onboarding", registry.StageChange{Name: &empty})
		wantKind(t, err, collateral.Invalid, "/name")
	})
}

func TestRenamingAndMergingOrphanNoTag(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.published("Explorer", "words")
		both := w.created("Both", "words")
		both = must(w.Change(ctx, w.mia, both.ID, &both.Revision, func(d *collateral.Details) error {
			d.Stages = append(d.Stages, collateral.StageTag{Stage: selection, Role: roleText})
			return nil
		}))(t)

		renamed := "looking-around"
		if _, err := w.PutStage(ctx, w.lea, exploration, registry.StageChange{Key: &renamed}); err != nil {
			t.Fatal(err)
		}
		w.work()
		at := func(stage string) []string {
			return w.find(w.rita, search.Query{Filter: map[search.Facet][]string{search.FacetStage: {stage}}})
		}
		if got := at(renamed); !cmp.Equal(got, []string{"Explorer"}) {
			t.Errorf("after renaming: got %q at the stage, want the piece", got)
		}

		_, err := w.RetireStage(ctx, w.lea, renamed, renamed)
		wantKind(t, err, collateral.Invalid, "/into")
		_, err = w.RetireStage(ctx, w.lea, renamed, "nowhere")
		wantKind(t, err, collateral.Invalid, "/into")
		if _, err := w.RetireStage(ctx, w.lea, renamed, selection); err != nil {
			t.Fatal(err)
		}
		w.work()
		for _, key := range []string{renamed, selection} { // the old name still leads to the pieces
			if got := at(key); !cmp.Equal(got, []string{"Explorer"}) {
				t.Errorf("after merging, asking for %s: got %q, want the piece", key, got)
			}
		}
		card := must(w.Find(ctx, w.rita, search.Query{Page: 1, PerPage: 10}))(t).Hits[0].Piece
		if len(card.Stages) != 1 || card.Stages[0].Stage != selection || card.Stages[0].Role != roleText || !card.Stages[0].Primary {
			t.Errorf("after merging, the hit: got %+v, want the stage that took over, as primary", card)
		}
		if got := w.reload(both.ID).Revision; got != both.Revision+1 {
			t.Errorf("a piece whose tag moved: got revision %d, want %d", got, both.Revision+1)
		}
		tags := w.reload(both.ID).Stages
		if len(tags) != 1 || tags[0].Stage != selection || !tags[0].Primary {
			t.Errorf("a piece with both: got tags %+v, want the one left, as primary", tags)
		}
		if got := keys(must(w.Stages(ctx))(t)); slices.Contains(got, renamed) || len(got) != 5 {
			t.Errorf("got stages %q, want five without the retired one", got)
		}
		_, err = w.PutStage(ctx, w.lea, renamed, registry.StageChange{})
		wantKind(t, err, collateral.Conflict)
		_, _, err = w.Assets(ctx, w.rita, registry.AssetFilter{Stages: []string{"nowhere"}}, collateral.Paging{Limit: 10})
		wantKind(t, err, collateral.Invalid, "?stage")
		_, err = w.Find(ctx, w.rita, search.Query{Page: 1, PerPage: 10, Filter: map[search.Facet][]string{search.FacetStage: {"nowhere"}}})
		wantKind(t, err, collateral.Invalid, "?stage")

		// What is merged twice still resolves.
		if _, err := w.RetireStage(ctx, w.lea, selection, "validation"); err != nil {
			t.Fatal(err)
		}
		w.work()
		if got := at(renamed); !cmp.Equal(got, []string{"Explorer"}) {
			t.Errorf("after merging twice: got %q, want the piece", got)
		}
	})
}

func TestClosedLists(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := details("Deck", exploration)
		d.Personas = []string{"cfo"}
		must(w.Create(ctx, w.mia, d))(t)
		lists := must(w.Taxonomies(ctx))(t)
		if !slices.Contains(lists[0].Values, "cfo") {
			t.Errorf("got personas %q, want the new value among them", lists[0].Values)
		}
		must(w.SetTaxonomy(ctx, w.ada, collateral.Taxonomy{Facet: collateral.Persona, Closed: true, Values: []string{"cfo"}}))(t)
		d.Personas = []string{"cfo", "cio"}
		_, err := w.Create(ctx, w.mia, d)
		wantKind(t, err, collateral.Invalid, "/personas/1")
	})
}

func TestEveryFaultIsNamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := details("De", exploration)
		d.Stages = []collateral.StageTag{{Stage: "nowhere", Role: "too short", Primary: true}, {Stage: selection, Role: roleText, Primary: true}}
		d.ReviewBy = "soon"
		_, err := w.Create(ctx, w.mia, d)
		wantKind(t, err, collateral.Invalid, "/title", "/stages/0/role", "/stages/1/primary", "/review_by", "/stages/0/stage")
	})
}

func TestChangeWantsTheRevision(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.created("Deck", "words")
		rename := func(title string) func(*collateral.Details) error {
			return func(d *collateral.Details) error { d.Title = title; return nil }
		}
		_, err := w.Change(ctx, w.mia, a.ID, nil, rename("Other"))
		wantKind(t, err, collateral.Unconditional)
		must(w.Change(ctx, w.mia, a.ID, &a.Revision, rename("Other")))(t)
		_, err = w.Change(ctx, w.mia, a.ID, &a.Revision, rename("Third"))
		wantKind(t, err, collateral.Stale)
		now := a.Revision + 1
		if same := must(w.Change(ctx, w.mia, a.ID, &now, rename("Other")))(t); same.Revision != now {
			t.Errorf("saving without a change: got revision %d, want %d", same.Revision, now)
		}
		_, err = w.Change(ctx, w.max, a.ID, &a.Revision, rename("Third"))
		wantKind(t, err, collateral.NotFound)
		published := w.published("Public", "words")
		_, err = w.Change(ctx, w.max, published.ID, &published.Revision, rename("Third"))
		wantKind(t, err, collateral.Forbidden)
	})
}

// A new stage takes no other's place, and whoever changes what somebody else changed meanwhile is told.
func TestStagesChangeOnWhatWasSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.PutStage(ctx, w.lea, exploration, registry.StageChange{Name: new("Another"), New: true})
		wantKind(t, err, collateral.Conflict, "/key")
		seen := must(w.Stages(ctx))(t)[1]
		must(w.PutStage(ctx, w.lea, seen.Key, registry.StageChange{Position: new(1)}))(t) // a place is nothing that is said
		put := must(w.PutStage(ctx, w.lea, seen.Key, registry.StageChange{Name: new("Mine"), Based: seen.Mark()}))(t)
		_, err = w.PutStage(ctx, w.lea, seen.Key, registry.StageChange{Name: new("Theirs"), Based: seen.Mark()})
		wantKind(t, err, collateral.Stale)
		must(w.PutStage(ctx, w.lea, seen.Key, registry.StageChange{Key: new("moved"), Based: put.Mark()}))(t)
		_, err = w.PutStage(ctx, w.lea, seen.Key, registry.StageChange{Name: new("Theirs"), Based: put.Mark()})
		wantKind(t, err, collateral.NotFound)
	})
}

func TestStageTagsAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.created("Draft", "text")
		w.published("Deck", "other text")
		if diff := cmp.Diff(registry.StageTags{Pieces: 2, Published: 1}, must(w.StageTags(t.Context(), exploration))(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, err := w.StageTags(t.Context(), "no-such-stage")
		wantKind(t, err, collateral.NotFound)
	})
}
