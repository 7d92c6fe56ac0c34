package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// The tests of the gate write raw SQL past the program. Statements hold {name}, which stands for the id of that name,
// {sha name} for a hash, and {@05} for five o'clock on the day of the tests.

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

func fill(statement string) string {
	return placeholder.ReplaceAllStringFunc(statement, func(s string) string {
		name := strings.Trim(s, "{}")
		if hour, ok := strings.CutPrefix(name, "@"); ok {
			return "'2026-03-01 " + hour + ":00:00.000000+00:00'"
		}
		if of, ok := strings.CutPrefix(name, "sha "); ok {
			return fmt.Sprintf("'%x'", sha256.Sum256([]byte(of)))
		}
		return "'" + uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String() + "'"
	})
}

// world is a small registry. Ann owns the deck, with Ben as co-author and Carl as another contributor; Sue and Sam sign;
// Olga's right to sign ended at 02.
//
//	deck   v1 published, v2 approved, v3 submitted, v4 draft
//	memo   m1 approved and never published
//	sheet  w1 rejected, w2 draft; of Ben
//	idea   never submitted, without versions; of Ann
var world = []string{
	`insert into users (id, email, name) values ({ann}, 'ann@demo.example', 'Ann'), ({ben}, 'ben@demo.example', 'Ben'),
	   ({carl}, 'carl@demo.example', 'Carl'), ({sue}, 'sue@demo.example', 'Sue'), ({sam}, 'sam@demo.example', 'Sam'),
	   ({olga}, 'olga@demo.example', 'Olga'), ({rep}, 'rep@demo.example', 'Rep'), ({new}, 'new@demo.example', 'New')`,
	`insert into role_grants (user_id, role, granted_at) values ({ann}, 'marketer', {@01}), ({ben}, 'marketer', {@01}),
	   ({carl}, 'marketer', {@01}), ({sue}, 'approver', {@01}), ({sam}, 'approver', {@01}), ({olga}, 'approver', {@01}), ({rep}, 'rep', {@01})`,
	`update role_grants set revoked_at = {@02} where user_id = {olga}`,
	`insert into stages (id, key, name, position) values ({early}, 'early', 'Early', 11), ({late}, 'late', 'Late', 12), ({other}, 'other', 'Other', 13)`,
	`insert into assets (id, title, type, owner_id, created_at) values ({deck}, 'Deck', 'deck', {ann}, {@01}), ({memo}, 'Memo', 'faq', {ann}, {@01}),
	   ({sheet}, 'Sheet', 'data-sheet', {ben}, {@01}), ({idea}, 'Idea', 'deck', {ann}, {@01})`,
	`insert into coauthors (asset_id, user_id) values ({deck}, {ben})`,
	`insert into asset_stages (asset_id, stage_id, role_in_stage, is_primary) values
	   ({deck}, {early}, 'Shows the buyer what waiting costs', true),
	   ({memo}, {early}, 'Answers what buyers ask first', true), ({memo}, {late}, 'Answers what buyers ask last', false)`,
	version("v1", "deck", 1, "ann"), tag("v1", "early"), contributor("v1", "ann"), submit("v1", 3), approve("a1", "v1", "deck", "sue", 4), decide("v1", "approved"),
	`insert into publications (asset_id, version_id, approval_id, stage_id, published_at, published_by) values ({deck}, {v1}, {a1}, {early}, {@05}, {ann})`,
	version("v2", "deck", 2, "ann"), tag("v2", "late"), contributor("v2", "ann"), submit("v2", 6), approve("a2", "v2", "deck", "sue", 7), decide("v2", "approved"),
	version("v3", "deck", 3, "ann"), tag("v3", "early"), contributor("v3", "carl"), submit("v3", 8),
	version("v4", "deck", 4, "ann"), tag("v4", "early"), contributor("v4", "carl"),
	version("m1", "memo", 1, "ann"), tag("m1", "early"), contributor("m1", "ann"), submit("m1", 3), approve("am", "m1", "memo", "sue", 4), decide("m1", "approved"),
	version("w1", "sheet", 1, "ben"), tag("w1", "early"), contributor("w1", "ben"), submit("w1", 3), decide("w1", "rejected"),
	version("w2", "sheet", 2, "ben"), contributor("w2", "ben"),
	`insert into audit_log (at, actor_id, action, subject_kind, subject_id) values ({@05}, {ann}, 'published', 'asset', {deck})`,
	`insert into reviews (id, version_id, asset_id, reviewer_id, decision, at) values ({r1}, {v1}, {deck}, {sue}, 'approve', {@04})`,
	`insert into purges (version_id, at, "by") values ({w1}, {@09}, {sam})`,
}

func version(id, asset string, n int, uploader string) string {
	return fmt.Sprintf(`insert into versions (id, asset_id, n, file_name, media_type, size, sha256, uploaded_by, created_at)
	  values ({%s}, {%s}, %d, 'file.pdf', 'application/pdf', 5, {sha %s}, {%s}, {@02})`, id, asset, n, id, uploader)
}

func tag(version, stage string) string {
	return fmt.Sprintf(`insert into version_stages (version_id, stage_id, role_in_stage, is_primary)
	  values ({%s}, {%s}, 'Shows the buyer what waiting costs', true)`, version, stage)
}

func contributor(version, user string) string {
	return fmt.Sprintf(`insert into contributors (version_id, user_id) values ({%s}, {%s})`, version, user)
}

func submit(version string, hour int) string {
	return fmt.Sprintf(`update versions set audience = 'customer', submitted_at = {@%02d}, state = 'submitted' where id = {%s}`, hour, version)
}

func approve(id, version, asset, signer string, hour int) string {
	return fmt.Sprintf(`insert into approvals (id, version_id, asset_id, sha256, signer_id, role_held, signed_at)
	  values ({%s}, {%s}, {%s}, {sha %s}, {%s}, 'approver', {@%02d})`, id, version, asset, version, signer, hour)
}

func decide(version, state string) string {
	return fmt.Sprintf(`update versions set state = '%s' where id = {%s}`, state, version)
}

// session is a connection that an attacker may have: to which database, and switched how.
type session struct {
	name    string
	dialect string
	set     string
}

var sessions = []session{
	{"sqlite with foreign keys", store.SQLite, `pragma foreign_keys = on`},
	{"sqlite without foreign keys", store.SQLite, `pragma foreign_keys = off`},
	{"sqlite with recursive triggers", store.SQLite, `pragma recursive_triggers = on`},
	{"sqlite without checks", store.SQLite, `pragma ignore_check_constraints = on`},
	{"postgres", store.Postgres, `set session_replication_role = origin`},
	{"postgres as a replica", store.Postgres, `set session_replication_role = replica`},
	{"postgres not as the owner", store.Postgres, `set role collateral_server`},
}

// notTheOwner makes a role with the rights that the server of a registry needs, and no more.
const notTheOwner = `do $$ begin
	create role collateral_server;
exception when duplicate_object or unique_violation then null; -- of an earlier test: roles belong to the server
end $$;
grant usage on schema public to collateral_server;
grant select, insert, update, delete on all tables in schema public to collateral_server;
grant usage on all sequences in schema public to collateral_server`

// openWorld opens one raw connection to a fresh database with the world in it.
func openWorld(t *testing.T, s session) *sql.Conn {
	t.Helper()
	return connect(t, s, worldURL(t, s.dialect))
}

func worldURL(t *testing.T, dialect string) string {
	t.Helper()
	url := storetest.URL(t, dialect)
	c := connect(t, session{dialect: dialect}, url)
	run(t, c, "begin;"+strings.Join(world, ";\n")+";commit")
	if dialect == store.Postgres {
		run(t, c, notTheOwner)
	}
	return url
}

func connect(t *testing.T, s session, url string) *sql.Conn {
	t.Helper()
	driver := map[string]string{store.SQLite: "sqlite", store.Postgres: "pgx"}[s.dialect]
	db, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if s.set != "" {
		run(t, c, s.set)
	}
	return c
}

// run executes a statement that is legal.
func run(t *testing.T, c *sql.Conn, statement string) int64 {
	t.Helper()
	n, err := try(t.Context(), c, statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return n
}

func try(ctx context.Context, c *sql.Conn, statement string) (int64, error) {
	result, err := c.ExecContext(ctx, fill(statement))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func count(t *testing.T, c *sql.Conn, query string) (n int) {
	t.Helper()
	if err := c.QueryRowContext(t.Context(), fill(query)).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// TestGateRefuses runs every attack in every session, each in a transaction that is rolled back. The control beside it
// has the same shape and succeeds, so that the refusal is the gate's and not a fault of the statement.
func TestGateRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range sessions {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			attackAll(t, openWorld(t, s), s)
		})
	}
}

// attackAll runs every attack in a session on the world.
func attackAll(t *testing.T, c *sql.Conn, s session) {
	t.Helper()
	for _, a := range attacks {
		if a.only != "" && a.only != s.dialect {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			run(t, c, "begin")
			defer run(t, c, "rollback")
			for _, statement := range a.after {
				run(t, c, statement)
			}
			run(t, c, "savepoint before")
			n, err := try(t.Context(), c, a.attack)
			switch {
			case err == nil:
				t.Errorf("%s: went through and changed %d rows", a.attack, n)
			case !strings.Contains(err.Error(), "gate: ") && !a.byKey:
				t.Errorf("%s: got error %v, want a refusal of the gate", a.attack, err)
			}
			run(t, c, "rollback to savepoint before")
			if a.control == "" {
				return
			}
			if n := run(t, c, a.control); n == 0 {
				t.Errorf("control %s: changed no row", a.control)
			}
		})
	}
}
