package web_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"collateral/internal/registry"
)

// An admin sees how the machine is, has the index compared, and a job tried again that was given up.
func TestStateOfTheMachine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.store.NewID()
	if err := w.store.Enqueue(t.Context(), registry.JobExtract, key); err != nil {
		t.Fatal(err)
	}
	jobs, err := w.store.ClaimJobs(t.Context(), []string{registry.JobExtract}, 1, time.Minute)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("claiming: got %v, %v", jobs, err)
	}
	if err := w.store.BuryJob(t.Context(), jobs[0], errors.New("<b>the file is damaged</b>")); err != nil {
		t.Fatal(err)
	}

	p := w.ada.get("/admin/state").wantStatus(http.StatusOK).wantText("main", "Version v1.2.3")
	engines := "[aria-label='Table of the engines'] tbody"
	p.wantText(engines, "database SQLite answers").wantText(engines, "the same as the database").
		wantText(engines, "at fault There is no room left. 3 hours ago 1.5 MB free on its disk")
	dead := "[aria-label='Table of what was given up'] tbody"
	p.wantText(dead, "read the text of a file").wantText(dead, "<b>the file is damaged</b>")
	p.wantText("[aria-label='Table of the work'] tbody", "given up 1")

	retry := p.Find("form[action$='/retry']").AttrOr("action", "")
	p = w.ada.submit(p, "form[action$='/retry']", nil).wantText("[role=status]", "tried again").wantText("main", "No job was given up")
	p.wantText("[aria-label='Table of the work'] tbody", "waiting 1")
	p = w.ada.submit(p, "form[action$='/compare']", nil).wantText("[role=status]", "compared in the background")
	p.wantText("[aria-label='Table of the work'] tbody", "compare waiting 1")
	w.ada.post(retry, map[string][]string{"token": {tokenOf(p)}}).wantStatus(http.StatusNotFound)
}
