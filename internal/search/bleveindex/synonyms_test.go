package bleveindex_test

import (
	"testing"

	"collateral/internal/search"
)

func TestSynonymsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	x, _ := open(t, folder)
	if err := x.Put(t.Context(), search.Document{ID: "a", Title: "Service level agreement"}); err != nil {
		t.Fatal(err)
	}
	if err := x.SetSynonyms(t.Context(), [][]string{{"SLA", "service level agreement"}}); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x, fresh := open(t, folder)
	if fresh {
		t.Error("the index opens as fresh, want it as it was left")
	}
	page, err := x.Query(t.Context(), search.Query{Words: "sla"})
	if err != nil || page.Total != 1 {
		t.Errorf("got %d hits (%v), want 1", page.Total, err)
	}
}
