package api

import (
	"errors"
	"testing"
	"time"

	"collateral/internal/registry"
)

func TestState(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		db := w.pieces.Store
		if err := db.Enqueue(t.Context(), registry.JobExtract, db.NewID()); err != nil {
			t.Fatal(err)
		}
		jobs, err := db.ClaimJobs(t.Context(), []string{registry.JobExtract}, 1, time.Minute)
		if err != nil || len(jobs) != 1 {
			t.Fatalf("claiming: got %v, %v", jobs, err)
		}
		if err := db.BuryJob(t.Context(), jobs[0], errors.New("damaged")); err != nil {
			t.Fatal(err)
		}

		state := w.do(w.ada, "GET", "/admin/state", nil).want(200)
		if got := state.list("engines"); len(got) != 2 || got[0].text("part") != "database" || got[1].text("fault") != "It is full." {
			t.Errorf("got engines %v, want the database, and the files at fault", got)
		}
		dead := state.list("dead_jobs")
		if len(dead) != 1 || dead[0].text("last_error") != "damaged" || dead[0].text("key") != jobs[0].Key.String() {
			t.Fatalf("got dead jobs %v, want the one", dead)
		}
		retry := "/admin/jobs/" + dead[0].text("id") + "/retry"
		w.do(w.ada, "POST", retry, nil).want(204)
		w.do(w.ada, "POST", retry, nil).wantProblem(404, "not-found")
		w.do(w.ada, "POST", "/admin/index/compare", nil).want(202)

		state = w.do(w.ada, "GET", "/admin/state", nil).want(200)
		waiting := map[string]string{}
		for _, j := range state.list("jobs") {
			waiting[j.text("kind")] = j.text("state")
		}
		if waiting["extract"] != "ready" || waiting["compare"] != "ready" {
			t.Errorf("got work %v, want reading and comparing", waiting)
		}
		w.do(w.lea, "GET", "/admin/state", nil).wantProblem(403, "forbidden")
		w.do(w.lea, "POST", retry, nil).wantProblem(403, "forbidden")
	})
}
