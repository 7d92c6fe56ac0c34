package upkeep_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/search/bleveindex"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/upkeep"
)

func newUpkeep(t *testing.T, s *store.Store) *upkeep.Upkeep {
	t.Helper()
	index, _, err := bleveindex.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	return &upkeep.Upkeep{
		Store: s, Registry: &registry.Registry{Store: s, Index: index, Log: slog.New(slog.DiscardHandler)}, Version: "v1",
		Engines:    func(context.Context) []upkeep.Engine { return []upkeep.Engine{{Part: "database", Kind: "test"}} },
		CompareJob: "compare",
	}
}

func newAdmin(t *testing.T, s *store.Store) collateral.Actor {
	t.Helper()
	people := access.New(s)
	people.Cost = access.Cost{Memory: 64, Passes: 1}
	admin, err := people.CreateFirstAdmin(t.Context(), "Ada", "ada@example.com", "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	return collateral.Actor{UserID: admin.ID, Roles: admin.Roles}
}

// bury leaves a job that was given up, and returns it.
func bury(t *testing.T, s *store.Store, kind string) store.DeadJob {
	t.Helper()
	if err := s.Enqueue(t.Context(), kind, s.NewID()); err != nil {
		t.Fatal(err)
	}
	jobs, err := s.ClaimJobs(t.Context(), []string{kind}, 1, time.Minute)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("claiming: got %v, %v", jobs, err)
	}
	if err := s.BuryJob(t.Context(), jobs[0], errors.New("the file is damaged")); err != nil {
		t.Fatal(err)
	}
	dead, err := s.DeadJobs(t.Context(), 10)
	if err != nil || len(dead) != 1 {
		t.Fatalf("dead jobs: got %v, %v, want one", dead, err)
	}
	return dead[0]
}

func TestDeadJobIsTriedAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		u, ada := newUpkeep(t, s), newAdmin(t, s)
		dead := bury(t, s, "extract")
		if err := s.Enqueue(t.Context(), "index", uuid.New()); err != nil {
			t.Fatal(err)
		}
		state, err := u.State(t.Context(), ada)
		if err != nil {
			t.Fatal(err)
		}
		want := []upkeep.Work{{Kind: "extract", State: "dead", Count: 1}, {Kind: "index", State: "ready", Count: 1}}
		if diff := cmp.Diff(want, state.Jobs, cmpopts.IgnoreFields(upkeep.Work{}, "Oldest")); diff != "" {
			t.Errorf("work (-want +got):\n%s", diff)
		}
		if len(state.Dead) != 1 || state.Dead[0].LastError != "the file is damaged" || state.Dead[0].ID != dead.ID {
			t.Errorf("got dead jobs %+v, want the one", state.Dead)
		}
		if state.Version != "v1" || len(state.Engines) != 1 || state.DatabaseBytes < 1000 || state.Differences == nil || *state.Differences != 0 {
			t.Errorf("got %+v, want version, engines, a size, and no differences", state)
		}

		if err := u.RetryJob(t.Context(), ada, dead.ID); err != nil {
			t.Fatal(err)
		}
		if err := u.RetryJob(t.Context(), ada, dead.ID); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("once more: got %v, want NotFound", err)
		}
		jobs, err := s.ClaimJobs(t.Context(), []string{"extract"}, 2, time.Minute)
		if err != nil || len(jobs) != 1 || jobs[0].Key != dead.Key || jobs[0].Attempt != 1 {
			t.Errorf("got %+v, %v, want the same work from the beginning", jobs, err)
		}
		checkAudited(t, s, "job.retried", dead.ID.String(), "extract")
	})
}

func TestCompareIsAskedFor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		u, ada := newUpkeep(t, s), newAdmin(t, s)
		if err := u.Compare(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
		jobs, err := s.ClaimJobs(t.Context(), []string{"compare"}, 2, time.Minute)
		if err != nil || len(jobs) != 1 || jobs[0].Key != uuid.Nil {
			t.Errorf("got %+v, %v, want the work of comparing", jobs, err)
		}
		checkAudited(t, s, "index.compared", "search", "")
	})
}

func TestOnlyAdminsLookAfterTheMachine(t *testing.T) {
	t.Parallel()
	u := newUpkeep(t, storetest.Open(t, store.SQLite))
	for _, role := range collateral.Roles() {
		if role == collateral.Admin {
			continue
		}
		actor := collateral.Actor{UserID: uuid.New(), Roles: []collateral.Role{role}}
		_, stateErr := u.State(t.Context(), actor)
		for what, err := range map[string]error{
			"State": stateErr, "RetryJob": u.RetryJob(t.Context(), actor, uuid.New()), "Compare": u.Compare(t.Context(), actor),
		} {
			if collateral.KindOf(err) != collateral.Forbidden {
				t.Errorf("%s by a %s: got %v, want Forbidden", what, role, err)
			}
		}
	}
}

func checkAudited(t *testing.T, s *store.Store, action, subject, detail string) {
	t.Helper()
	entries, _, err := s.AuditLog(t.Context(), collateral.AuditFilter{Action: action}, collateral.Paging{Limit: 5})
	if err != nil || len(entries) != 1 || entries[0].SubjectID != subject || entries[0].Detail != detail {
		t.Errorf("got entries %+v, %v, want one of %s about %s", entries, err, action, subject)
	}
}
