package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/search"
	"collateral/internal/search/meiliindex"
	"collateral/internal/search/meilitest"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// onSearchServer runs f on a world whose index is on a stand-in for a search server.
func onSearchServer(t *testing.T, f func(t *testing.T, w *world, server *meilitest.Server)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		server := meilitest.Start(t)
		w := newWorld(t, s)
		index, _, err := meiliindex.Open(t.Context(), meiliindex.Config{URL: server.URL, Name: "pieces"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = index.Close() })
		index.Patience = meiliindex.Patience{Answer: 20 * time.Second, Write: 20 * time.Second, Task: time.Minute, Pause: time.Millisecond}
		w.Index = index
		f(t, w, server)
	})
}

func TestReconcileFindsEveryDifference(t *testing.T) {
	t.Parallel()
	onSearchServer(t, func(t *testing.T, w *world, _ *meilitest.Server) {
		same, changed, missing := w.published("Same", "one"), w.published("Changed", "two"), w.published("Missing", "three")
		w.work()
		if n := must(w.Reconcile(t.Context()))(t); n != 0 {
			t.Fatalf("got %d differences in an index that is up to date, want none", n)
		}
		if err := w.Index.Delete(t.Context(), missing.ID.String()); err != nil {
			t.Fatal(err)
		}
		err := w.Index.Put(t.Context(),
			search.Document{ID: changed.ID.String(), Title: "As it was", Revision: "an older one"},
			search.Document{ID: "018f3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f", Title: "Nobody's"})
		if err != nil {
			t.Fatal(err)
		}
		if n := must(w.Reconcile(t.Context()))(t); n != 3 {
			t.Errorf("got %d differences, want one changed, one missing and one too many", n)
		}
		w.work()
		if n := must(w.Reconcile(t.Context()))(t); n != 0 {
			t.Errorf("got %d differences after the jobs, want none", n)
		}
		for _, a := range []*collateral.Asset{same, changed, missing} {
			if got := w.find(w.rita, search.Query{Words: a.Title}); len(got) != 1 || got[0] != a.Title {
				t.Errorf("%s: found %q", a.Title, got)
			}
		}
		if got := w.find(w.rita, search.Query{}); len(got) != 3 {
			t.Errorf("got %q, want the three pieces", got)
		}
	})
}

func TestReindexOnSearchServer(t *testing.T) {
	t.Parallel()
	onSearchServer(t, func(t *testing.T, w *world, server *meilitest.Server) {
		w.published("Renewal deck", "one")
		w.published("Price list", "two")
		w.work()
		if err := w.Index.Put(t.Context(), search.Document{ID: "018f3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f", Title: "Nobody's"}); err != nil {
			t.Fatal(err)
		}
		if n := must(w.ReindexAll(t.Context()))(t); n != 2 {
			t.Errorf("got %d pieces, want 2", n)
		}
		if got := server.Documents("pieces"); got != 2 {
			t.Errorf("got %d documents, want 2", got)
		}
		if got := server.Tasks("indexSwap"); got != 1 {
			t.Errorf("got %d swaps, want one", got)
		}
		if n := must(w.Reconcile(t.Context()))(t); n != 0 {
			t.Errorf("got %d differences after the rebuild, want none", n)
		}
	})
}

func TestSearchServerIsAway(t *testing.T) {
	t.Parallel()
	onSearchServer(t, func(t *testing.T, w *world, server *meilitest.Server) {
		w.published("Renewal deck", "one")
		w.work()
		server.Stop()
		late := w.published("Price list", "two") // publishing goes on
		began := time.Now()
		_, err := w.Find(t.Context(), w.rita, search.Query{Words: "renewal"})
		if took := time.Since(began); collateral.KindOf(err) != collateral.Unavailable || took > 5*time.Second {
			t.Errorf("a search with words: got %v after %s, want Unavailable in time", err, took)
		}
		if err := w.IndexAsset(t.Context(), late.ID); collateral.KindOf(err) != collateral.Unavailable {
			t.Errorf("indexing: got %v, want Unavailable, so that the job waits", err)
		}
		server.Resume()
		w.work()
		if got := w.find(w.rita, search.Query{Words: "price"}); len(got) != 1 {
			t.Errorf("got %q after the server is back, want what was published meanwhile", got)
		}
	})
}

func TestPoisonousPieceIsRefusedForGood(t *testing.T) {
	t.Parallel()
	onSearchServer(t, func(t *testing.T, w *world, server *meilitest.Server) {
		good, bad := w.published("Renewal deck", "one"), w.published("Poison", "two")
		server.Set(meilitest.Faults{Refuse: func(d map[string]any) string {
			if d["id"] == bad.ID.String() {
				return "This one is poison."
			}
			return ""
		}})
		if err := w.IndexAsset(t.Context(), bad.ID); collateral.KindOf(err) != collateral.Invalid {
			t.Errorf("got %v, want Invalid, so that the job is given up", err)
		}
		if err := w.IndexAsset(t.Context(), good.ID); err != nil {
			t.Errorf("the other one: %v", err)
		}
		must(w.ReindexAll(t.Context()))(t)
		if got := server.Documents("pieces"); got != 1 {
			t.Errorf("got %d documents after a rebuild, want the good one", got)
		}
		jobs := must(w.Store.ClaimJobs(t.Context(), []string{registry.JobIndex}, 100, time.Minute))(t)
		found := false
		for _, j := range jobs {
			found = found || j.Key == bad.ID
		}
		if !found {
			t.Error("there is no job that tells of the piece that is missing")
		}
	})
}

// TestBrowsingIsTheSameFromTheDatabase holds what the database answers against what the index does.
func TestBrowsingIsTheSameFromTheDatabase(t *testing.T) {
	t.Parallel()
	onSearchServer(t, func(t *testing.T, w *world, server *meilitest.Server) {
		for i, d := range []collateral.Details{
			{Title: "One", Type: "deck", Language: "en", Stages: tagged(exploration, selection)},
			{Title: "Two", Type: "deck", Language: "de", Stages: tagged(selection)},
			{Title: "Three", Type: "faq", Language: "en", Stages: tagged(exploration)},
		} {
			d.Audience = collateral.ForCustomer
			a := must(w.Create(t.Context(), w.mia, d))(t)
			w.upload(w.mia, a.ID, string(rune('a'+i)))
			w.submit(w.mia, a.ID)
			w.sign(w.ann, a.ID, 1)
			must(w.Publish(t.Context(), w.mia, a.ID))(t)
		}
		w.work()
		type filter = map[search.Facet][]string
		var queries []search.Query
		for _, f := range []filter{
			nil, {search.FacetStage: {exploration}}, {search.FacetType: {"deck"}, search.FacetLanguage: {"en"}}, {search.FacetType: {"deck", "faq"}},
			{search.FacetStage: {selection}, search.FacetType: {"faq"}},
		} {
			for _, sort := range []search.Sort{"", search.SortNewest, search.SortMostUsed} {
				queries = append(queries, search.Query{Filter: f, Sort: sort}, search.Query{Filter: f, Sort: sort, Page: 2, PerPage: 2, Words: " ?!"})
			}
		}
		ask := func() (pages []search.Page) {
			t.Helper()
			for _, q := range queries {
				found := must(w.Find(t.Context(), w.rita, q))(t)
				page := search.Page{Total: found.Total, Facets: found.Facets}
				for _, h := range found.Hits {
					page.Hits = append(page.Hits, h.Hit)
				}
				pages = append(pages, page)
			}
			return pages
		}
		want := ask()
		server.Stop()
		if diff := cmp.Diff(want, ask(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the database answers other than the index (-index +database):\n%s", diff)
		}
	})
}

func tagged(stages ...string) (tags []collateral.StageTag) {
	for i, s := range stages {
		tags = append(tags, collateral.StageTag{Stage: s, Role: roleText, Primary: i == 0})
	}
	return tags
}
