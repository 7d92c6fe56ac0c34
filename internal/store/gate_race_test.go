package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"collateral/internal/store"
)

// race has two sessions change what only together breaks a rule. The first has not committed when the second begins.
type race struct {
	name          string
	first, second string
}

var races = []race{
	{"a contributor while it is submitted", submit("v4", 9), contributor("v4", "rep")},
	{"the last tag goes while it is submitted", `delete from version_stages where version_id = {v4}`, submit("v4", 9)},
	{"a tag while it is submitted", submit("v4", 9), `insert into version_stages (version_id, stage_id, role_in_stage) values ({v4}, {other}, ` + roleText + `)`},
	{"a grant ends while its holder signs", `update role_grants set revoked_at = {@08} where user_id = {sue}`, approve("a3", "v3", "deck", "sue", 9)},
	{"a signature while its grant is ended before it", approve("a3", "v3", "deck", "sue", 9), `update role_grants set revoked_at = {@08} where user_id = {sue}`},
	{"two signatures", approve("a3", "v3", "deck", "sue", 9), approve("a4", "v3", "deck", "sam", 9)},
	{"unsubmitted while it is signed", `update versions set state = 'draft' where id = {v3}`, approve("a3", "v3", "deck", "sue", 9)},
	{"signed while it is unsubmitted", approve("a3", "v3", "deck", "sue", 9), `update versions set state = 'draft' where id = {v3}`},
	{"the signer is named co-author", `insert into coauthors (asset_id, user_id) values ({deck}, {sue})`, approve("a3", "v3", "deck", "sue", 9)},
	{"the signer becomes the owner", `update assets set owner_id = {sue} where id = {deck}`, approve("a3", "v3", "deck", "sue", 9)},
	{"marketer and approver", `insert into role_grants (user_id, role, granted_at) values ({new}, 'marketer', {@05})`, `insert into role_grants (user_id, role, granted_at) values ({new}, 'approver', {@05})`},
	{"purged while it is published", `insert into purges (version_id, at, "by") values ({m1}, {@09}, {sam})`, publish("memo", "m1", "am", "early", 9)},
	{"published while it is purged", publish("memo", "m1", "am", "early", 9), `insert into purges (version_id, at, "by") values ({m1}, {@09}, {sam})`},
	{"the last tag goes while it is published", publish("memo", "m1", "am", "early", 9), `delete from asset_stages where asset_id = {memo}`},
}

// TestGateHoldsAgainstRaces lets the first session commit once the second waits for it, on the snapshot of each
// statement and on the snapshot that the second took before the first began.
func TestGateHoldsAgainstRaces(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"read committed", "repeatable read"} {
		for _, r := range races {
			t.Run(level+": "+r.name, func(t *testing.T) {
				t.Parallel()
				url := worldURL(t, store.Postgres)
				one, two := connect(t, session{dialect: store.Postgres}, url), connect(t, session{dialect: store.Postgres}, url)
				run(t, two, "begin isolation level "+level)
				count(t, two, "select count(*) from users") // takes the snapshot
				run(t, one, "begin")
				run(t, one, r.first)

				ended := make(chan error, 1)
				go func() {
					_, err := try(context.WithoutCancel(t.Context()), two, r.second)
					ended <- err
				}()
				waitUntilBlocked(t, url)
				run(t, one, "commit")
				err := <-ended
				switch {
				case err == nil:
					t.Errorf("%s: went through beside %s", r.second, r.first)
				case level == "read committed" && !strings.Contains(err.Error(), "gate: "):
					t.Errorf("got error %v, want a refusal of the gate", err)
				case !strings.Contains(err.Error(), "gate: ") && !strings.Contains(err.Error(), "could not serialize"):
					t.Errorf("got error %v, want a refusal of the gate or of the snapshot", err)
				}
			})
		}
	}
}

// TestASubmitOnAnOlderSnapshotMissesNobody has a contributor named and committed after the submitting session took its
// snapshot. That session would not find the contributor among those who may not sign.
func TestASubmitOnAnOlderSnapshotMissesNobody(t *testing.T) {
	t.Parallel()
	for name, named := range map[string]string{
		"contributor": contributor("v4", "sue"),
		"co-author":   `insert into coauthors (asset_id, user_id) values ({deck}, {sue})`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := worldURL(t, store.Postgres)
			one, two := connect(t, session{dialect: store.Postgres}, url), connect(t, session{dialect: store.Postgres}, url)
			run(t, two, "begin isolation level repeatable read")
			count(t, two, "select count(*) from users") // takes the snapshot
			run(t, one, named)
			if _, err := try(t.Context(), two, submit("v4", 9)); err == nil || !strings.Contains(err.Error(), "could not serialize") {
				t.Errorf("got error %v, want a refusal of the snapshot", err)
			}
			run(t, two, "rollback")
			run(t, two, submit("v4", 9))
			if _, err := try(t.Context(), two, approve("a4", "v4", "deck", "sue", 9)); err == nil {
				t.Error("who was named before the submit signed")
			}
		})
	}
}

// waitUntilBlocked returns when a session of the database waits for another one.
func waitUntilBlocked(t *testing.T, url string) {
	t.Helper()
	watcher := connect(t, session{dialect: store.Postgres}, url)
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if count(t, watcher, "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the second session did not wait for the first")
}

// TestRacingSubmitsKeepTheContributors is the other order: who was added first counts.
func TestRacingSubmitsKeepTheContributors(t *testing.T) {
	t.Parallel()
	url := worldURL(t, store.Postgres)
	one, two := connect(t, session{dialect: store.Postgres}, url), connect(t, session{dialect: store.Postgres}, url)
	run(t, one, "begin")
	run(t, one, contributor("v4", "sam"))
	ended := make(chan error, 1)
	go func() {
		_, err := try(context.WithoutCancel(t.Context()), two, submit("v4", 9))
		ended <- err
	}()
	waitUntilBlocked(t, url)
	run(t, one, "commit")
	if err := <-ended; err != nil {
		t.Fatalf("submitting: %v", err)
	}
	if _, err := try(t.Context(), two, approve("a4", "v4", "deck", "sam", 9)); err == nil {
		t.Error("a contributor who was added beside the submit signed")
	}
	run(t, two, approve("a4", "v4", "deck", "sue", 9))
}
