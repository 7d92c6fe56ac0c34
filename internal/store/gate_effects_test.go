package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/store"
)

// eachWorld runs f on a raw connection to a fresh world, once for each database.
func eachWorld(t *testing.T, f func(t *testing.T, c *sql.Conn)) {
	t.Helper()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			f(t, openWorld(t, session{dialect: dialect}))
		})
	}
}

func lines(t *testing.T, c *sql.Conn, query string) (out []string) {
	t.Helper()
	rows, err := c.QueryContext(t.Context(), fill(query))
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func TestPublicationsWriteTheirLog(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, c *sql.Conn) {
		run(t, c, `update publications set version_id = {v2}, approval_id = {a2}, stage_id = {late}, published_at = {@09}, published_by = {ben} where asset_id = {deck}`)
		run(t, c, `update publications set ended_at = {@10}, ended_by = {sam} where asset_id = {deck}`)
		run(t, c, `delete from publications where asset_id = {deck}`)
		run(t, c, publish("deck", "v1", "a1", "early", 9))

		got := lines(t, c, `select event || ' '
			|| case version_id when {v1} then 'v1' when {v2} then 'v2' end || ' '
			|| case at when {@05} then '05' when {@09} then '09' when {@10} then '10' end || ' '
			|| case by_user when {ann} then 'Ann' when {ben} then 'Ben' when {sam} then 'Sam' end
			from publication_log where asset_id = {deck} order by seq`)
		want := []string{"published v1 05 Ann", "replaced v2 09 Ben", "ended v2 10 Sam", "published v1 09 Ann"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("publication log (-want +got):\n%s", diff)
		}
	})
}

func TestADeletedPublicationEndsNow(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, c *sql.Conn) {
		run(t, c, `delete from publications where asset_id = {deck}`)
		n := count(t, c, `select count(*) from publication_log where asset_id = {deck} and event = 'ended' and by_user is null and at > {@05}`)
		if n != 1 {
			t.Errorf("got %d ends in the log, want one by nobody at the database's time", n)
		}
	})
}

func TestSubmitAddsTheMakers(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, c *sql.Conn) {
		run(t, c, `delete from contributors where version_id = {v4}`)
		run(t, c, submit("v4", 9))
		if n := count(t, c, `select count(*) from contributors where version_id = {v4} and user_id in ({ann}, {ben})`); n != 2 {
			t.Errorf("got %d of uploader, owner and co-author among the contributors, want Ann and Ben", n)
		}
		run(t, c, tagOf("sheet"))
		run(t, c, tag("w2", "early"))
		if n := count(t, c, `select count(*) from assets where id = {idea} and submitted_at is null`); n != 1 {
			t.Error("an asset without versions has a first submission")
		}
		if n := count(t, c, `select count(*) from assets where id = {deck} and submitted_at = {@03}`); n != 1 {
			t.Error("the first submission of the deck is not that of its first version")
		}
	})
}

func tagOf(asset string) string {
	return `insert into asset_stages (asset_id, stage_id, role_in_stage, is_primary) values ({` + asset + `}, {early}, ` + roleText + `, true)`
}

func TestUnsubmitFreesTheVersion(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, c *sql.Conn) {
		run(t, c, decide("v3", "draft"))
		if n := count(t, c, `select count(*) from versions where id = {v3} and audience is null and submitted_at is null`); n != 1 {
			t.Error("an unsubmitted version keeps its audience or its time of submission")
		}
		run(t, c, `delete from version_stages where version_id = {v3}`)
		run(t, c, tag("v3", "other"))
		run(t, c, submit("v3", 9))
		run(t, c, decide("v3", "draft"))
		run(t, c, `delete from version_stages where version_id = {v3}`)
		run(t, c, `delete from contributors where version_id = {v3}`)
		run(t, c, `delete from versions where id = {v3}`)
		if n := count(t, c, `select count(*) from assets where id = {deck} and submitted_at is not null`); n != 1 {
			t.Error("the asset forgot that it was submitted once")
		}
	})
}

// TestLogsNumberTheirRows gives rows of the logs numbers of its own choice.
func TestLogsNumberTheirRows(t *testing.T) {
	t.Parallel()
	c := openWorld(t, session{dialect: store.Postgres})
	run(t, c, `insert into audit_log (seq, at, actor_id, action) overriding system value values (1, {@09}, {ben}, 'first')
		on conflict (seq) do update set actor_id = excluded.actor_id`)
	run(t, c, `insert into audit_log (seq, at, actor_id, action) overriding system value values (9000, {@09}, {ben}, 'far')`)
	run(t, c, `insert into audit_log (at, actor_id, action) values ({@09}, {ben}, 'last')`)
	got := lines(t, c, `select action from audit_log order by seq`)
	if diff := cmp.Diff([]string{"published", "first", "far", "last"}, got); diff != "" {
		t.Errorf("audit log by its numbers (-want +got):\n%s", diff)
	}
	if n := count(t, c, `select max(seq) from audit_log`); n >= 9000 {
		t.Errorf("got number %d, want none that a statement chose", n)
	}

	run(t, c, `begin; alter table publications disable trigger publications_logged; `+publish("memo", "m1", "am", "early", 9)+
		`; alter table publications enable always trigger publications_logged; commit`)
	run(t, c, `insert into publication_log (seq, asset_id, version_id, approval_id, stage_id, event, at, by_user) overriding system value
		values (9000, {memo}, {m1}, {am}, {early}, 'published', {@09}, {ann})`)
	if n := count(t, c, `select max(seq) from publication_log`); n >= 9000 {
		t.Errorf("got number %d, want none that a statement chose", n)
	}
}

// TestNothingIsPublishedBesideTheLog publishes from inside the trigger that writes the log, which SQLite does not fire
// a second time then.
func TestNothingIsPublishedBesideTheLog(t *testing.T) {
	t.Parallel()
	for _, s := range sessions {
		if s.dialect != store.SQLite {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			c := openWorld(t, s)
			run(t, c, unpublished[0])
			run(t, c, unpublished[1])
			run(t, c, `create temp trigger aside after insert on publication_log when new.asset_id = {deck} begin `+publish("memo", "m1", "am", "early", 9)+`; end`)
			_, err := try(t.Context(), c, publish("deck", "v1", "a1", "early", 9))
			if err != nil && !strings.Contains(err.Error(), "gate: ") {
				t.Errorf("got error %v, want none or a refusal of the gate", err)
			}
			if n := count(t, c, `select count(*) from publications p where not exists (select 1 from publication_log l where l.asset_id = p.asset_id)`); n != 0 {
				t.Errorf("got %d publications that are not in the log, want none", n)
			}
		})
	}
}

func TestNothingOfTheGateIsTruncated(t *testing.T) {
	t.Parallel()
	c := openWorld(t, session{dialect: store.Postgres})
	for _, table := range []string{
		"users", "role_grants", "stages", "assets", "asset_stages", "coauthors", "versions", "version_stages", "contributors",
		"extractions", "version_pages", "reviews", "approvals", "publications", "publication_log", "reasons", "purges", "audit_log",
	} {
		for _, set := range []string{`set session_replication_role = origin`, `set session_replication_role = replica`} {
			run(t, c, set)
			_, err := try(t.Context(), c, "truncate "+table+" cascade")
			if err == nil || !strings.Contains(err.Error(), "gate: ") {
				t.Errorf("%s; truncate %s: got error %v, want a refusal of the gate", set, table, err)
			}
		}
	}
	run(t, c, "truncate usage_events")
}

// TestEveryGateTriggerIsAlwaysOn looks for one that a session could switch off by playing replica, and for a function
// that looks for its tables where the session says.
func TestEveryGateTriggerIsAlwaysOn(t *testing.T) {
	t.Parallel()
	c := openWorld(t, session{dialect: store.Postgres})
	if weak := lines(t, c, `select tgname from pg_trigger where not tgisinternal and tgenabled <> 'A'`); weak != nil {
		t.Errorf("triggers that are not enabled always: %v", weak)
	}
	const fixed = `search_path=pg_catalog, public, pg_temp`
	if loose := lines(t, c, `select proname from pg_proc where pronamespace = 'public'::regnamespace and proconfig is distinct from array['`+fixed+`']`); loose != nil {
		t.Errorf("functions without a fixed search_path: %v", loose)
	}
}

// TestBothGatesSayTheSame holds the sentences of the two dialects against each other, since callers sort them by text.
func TestBothGatesSayTheSame(t *testing.T) {
	t.Parallel()
	onlySQLite := []string{
		// PostgreSQL's own keys and types say it, or its trigger draws the number.
		"a buying stage with this key exists already", "only bytes of a known version can be purged",
		"an id is a text of 36 characters", "number and size of a version are whole numbers",
		"the audit log numbers its rows itself", "the publication log numbers its rows itself",
		// Who does not own a table of PostgreSQL cannot add a trigger to it.
		"a version changed while it was being changed", "a publication changed while it was being changed",
		"a version is submitted with all its makers among the contributors",
		"what happens to publications is written to the publication log",
	}
	onlyPostgres := []string{"there is no such asset", "there is no such version", "% is never emptied"}
	lite, pg := sentences(t, store.SQLite), sentences(t, store.Postgres)
	for _, s := range onlySQLite {
		delete(lite, s)
	}
	for _, s := range onlyPostgres {
		delete(pg, s)
	}
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Errorf("sentences of the gate (-sqlite +postgres):\n%s", diff)
	}
}

func sentences(t *testing.T, dialect string) map[string]bool {
	t.Helper()
	said := make(map[string]bool)
	for _, file := range migrationFiles(t, dialect) {
		for _, part := range strings.Split(file.text, "'gate: ")[1:] {
			sentence, _, _ := strings.Cut(part, "'")
			said[sentence] = true
		}
	}
	return said
}
