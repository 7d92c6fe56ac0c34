package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func TestChangeTaxonomy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		d := details("Deck", exploration)
		d.Personas = []string{"cfo"}
		piece := must(w.Create(ctx, w.mia, d))(t)
		got := must(w.ChangeTaxonomy(ctx, w.ada, collateral.Persona, registry.TaxonomyChange{Add: []string{"cio", "buyer"}, Closed: new(true)}))(t)
		want := collateral.Taxonomy{Facet: collateral.Persona, Closed: true, Values: []string{"buyer", "cfo", "cio"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after adding (-want +got):\n%s", diff)
		}
		if uses := must(w.TaxonomyUses(ctx))(t); uses[collateral.Persona]["cfo"] != 1 || uses[collateral.Persona]["cio"] != 0 {
			t.Errorf("got uses %v, want one of cfo", uses)
		}
		_, err := w.ChangeTaxonomy(ctx, w.ada, collateral.Persona, registry.TaxonomyChange{Add: []string{"cio", "Big Boss"}, Remove: []string{"nobody"}})
		wantKind(t, err, collateral.Invalid, "/add/0", "/add/1", "/remove/0")
		_, err = w.ChangeTaxonomy(ctx, w.ada, "colour", registry.TaxonomyChange{})
		wantKind(t, err, collateral.NotFound)

		// A closed list stays as it is when a piece is changed that has what is not in it any more.
		must(w.ChangeTaxonomy(ctx, w.ada, collateral.Persona, registry.TaxonomyChange{Remove: []string{"cfo"}}))(t)
		must(w.Change(ctx, w.mia, piece.ID, &piece.Revision, func(d *collateral.Details) error { d.Title = "Deck 2"; return nil }))(t)
		want.Values = []string{"buyer", "cio"}
		if diff := cmp.Diff(want, must(w.Taxonomies(ctx))(t)[0]); diff != "" {
			t.Errorf("after removing (-want +got):\n%s", diff)
		}
	})
}
