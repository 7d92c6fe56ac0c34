package cli_test

import (
	"database/sql"
	"strings"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/jobs"
	"collateral/internal/store"
)

// halves are queries, in the SQL of both databases, for what only half a change leaves behind.
func halves() map[string]string {
	return map[string]string{
		"a piece without the record of its making": `
			SELECT a.id FROM assets a WHERE NOT EXISTS
				(SELECT 1 FROM audit_log l WHERE l.subject_kind = 'asset' AND l.subject_id = CAST(a.id AS text) AND l.action = 'asset.created')`,
		"a version without the record of its making": `
			SELECT v.id FROM versions v WHERE NOT EXISTS
				(SELECT 1 FROM audit_log l WHERE l.subject_kind = 'asset' AND l.subject_id = CAST(v.asset_id AS text)
					AND l.action = 'version.added' AND l.detail = CAST(v.id AS text))`,
		"a version to which its uploader did not contribute": `
			SELECT v.id FROM versions v WHERE NOT EXISTS
				(SELECT 1 FROM contributors c WHERE c.version_id = v.id AND c.user_id = v.uploaded_by)`,
		"a version whose text is neither read nor going to be": `
			SELECT v.id FROM versions v LEFT JOIN extractions e ON e.version_id = v.id
			WHERE e.version_id IS NULL OR e.state = 'pending' AND NOT EXISTS
				(SELECT 1 FROM jobs j WHERE j.kind = 'extract' AND j.key = CAST(v.id AS text) AND j.state <> 'dead')`,
		"a version that went to Sales without a primary stage": `
			SELECT v.id FROM versions v WHERE v.state <> 'draft' AND NOT EXISTS
				(SELECT 1 FROM version_stages s WHERE s.version_id = v.id AND s.is_primary)`,
		"a version in another state than Sales decided": `
			SELECT v.id FROM versions v LEFT JOIN reviews r ON r.version_id = v.id
			WHERE v.state <> COALESCE(
				CASE r.decision WHEN 'approve' THEN 'approved' WHEN 'reject' THEN 'rejected'
					WHEN 'request_changes' THEN 'changes_requested' END,
				CASE v.state WHEN 'draft' THEN 'draft' ELSE 'submitted' END)`,
		"a version approved without a signature, or signed and not approved": `
			SELECT v.id FROM versions v LEFT JOIN approvals p ON p.version_id = v.id
			WHERE (v.state = 'approved') <> (p.id IS NOT NULL)`,
		"a publication that is not the last thing in its log": `
			SELECT p.asset_id FROM publications p
			LEFT JOIN publication_log l ON l.seq = (SELECT MAX(seq) FROM publication_log WHERE asset_id = p.asset_id)
			WHERE p.ended_at IS NOT NULL OR l.seq IS NULL OR l.event = 'ended' OR l.version_id <> p.version_id`,
		"a log of what is published and is not": `
			SELECT l.asset_id FROM publication_log l
			WHERE l.seq = (SELECT MAX(seq) FROM publication_log WHERE asset_id = l.asset_id) AND l.event <> 'ended'
				AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.asset_id = l.asset_id)`,
		"a withdrawal without its reason": `
			SELECT l.asset_id FROM publication_log l WHERE l.event = 'ended' GROUP BY l.asset_id
			HAVING COUNT(*) <> (SELECT COUNT(*) FROM reasons r WHERE r.asset_id = l.asset_id AND r.action = 'withdraw')`,
		"a job that was given up": `SELECT kind || ': ' || last_error FROM jobs WHERE state = 'dead'`,
	}
}

// checkRows refuses what only half a change leaves, and on SQLite a damaged file.
func (c *crash) checkRows(db *sql.DB) {
	c.t.Helper()
	for half, query := range halves() {
		if rows := c.column(db, query); len(rows) > 0 {
			c.t.Errorf("there is %s: %q", half, rows)
		}
	}
	if c.dialect != store.SQLite {
		return
	}
	if got := c.column(db, "PRAGMA integrity_check"); len(got) != 1 || got[0] != "ok" {
		c.t.Errorf("integrity_check: got %q, want ok", got)
	}
	if got := c.column(db, `SELECT "table" || ' to ' || parent FROM pragma_foreign_key_check`); len(got) > 0 {
		c.t.Errorf("foreign_key_check: got %q, want none", got)
	}
}

// figures are the uses of one piece.
type figures struct{ Found, Opened, Taken, Used int }

// step is the highest step of the ladder that the uses reach.
func (f figures) step() int {
	switch {
	case f.Used > 0:
		return 4
	case f.Taken > 0:
		return 3
	case f.Opened > 0:
		return 2
	case f.Found > 0:
		return 1
	}
	return 0
}

// checkFigures holds the totals that reports read, and the report, against a recount of every single use.
func (c *crash) checkFigures(db *sql.DB, published []*piece) {
	c.t.Helper()
	shown := "SELECT w.value AS asset_id FROM searches s, json_each(s.shown) w"
	if c.dialect == store.Postgres {
		shown = "SELECT unnest(shown) AS asset_id FROM searches"
	}
	counted := c.figures(db, `
		SELECT asset_id, SUM(found), SUM(opened), SUM(taken), SUM(used) FROM (
			SELECT asset_id, 0 AS found, CASE kind WHEN 'view' THEN 1 ELSE 0 END AS opened,
				CASE kind WHEN 'download' THEN 1 ELSE 0 END AS taken, CASE WHEN kind IN ('share', 'present') THEN 1 ELSE 0 END AS used
			FROM usage_events WHERE qualifies
			UNION ALL
			SELECT asset_id, 1, 0, 0, 0 FROM (`+shown+`) shown
		) uses GROUP BY asset_id`)
	totals := c.figures(db, `
		SELECT asset_id, found, opened, taken, used FROM usage_totals t
		WHERE day = (SELECT MAX(day) FROM usage_totals WHERE asset_id = t.asset_id)`)
	if diff := cmp.Diff(counted, totals); diff != "" {
		c.t.Errorf("totals differ from the events (-events +totals):\n%s", diff)
	}

	var report struct {
		TooNew []struct {
			AssetID string `json:"asset_id"`
			Step    int
		} `json:"too_new"`
	}
	c.read(c.lea, "/reports/unused", &report)
	want, got := make(map[string]int), make(map[string]int)
	for _, p := range published {
		want[p.id] = counted[p.id].step()
	}
	for _, p := range report.TooNew {
		got[p.AssetID] = p.Step
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("the report has other steps than the events of what is published (-events +report):\n%s", diff)
	}
}

func (c *crash) figures(db *sql.DB, query string) map[string]figures {
	c.t.Helper()
	all := make(map[string]figures)
	c.rows(db, query, func(scan func(...any) error) error {
		var id string
		var f figures
		err := scan(&id, &f.Found, &f.Opened, &f.Taken, &f.Used)
		all[id] = f
		return err
	})
	return all
}

// waitForJobs waits until everything that follows from the changes is done.
func (c *crash) waitForJobs(db *sql.DB) {
	c.t.Helper()
	c.poll("the jobs are done", func() bool {
		// What waits for more of the same is not waited for: the order of hits follows uses with a delay.
		c.column(db, "UPDATE jobs SET run_at = created_at WHERE state = 'ready' AND attempt = 0 AND run_at > created_at RETURNING kind")
		return len(c.column(db, "SELECT kind FROM jobs WHERE state IN ('ready', 'running') AND kind NOT LIKE 'chore:%'")) == 0
	})
}

// endLeases ends the leases of killed servers as time would: a job of theirs is taken over now and not later. The leases
// of the server that runs end after that.
func (c *crash) endLeases() {
	c.t.Helper()
	if c.killedAt.IsZero() {
		return
	}
	db, done := c.openDatabase()
	defer done()
	last := c.killedAt.Add(jobs.New(nil, nil, nil).Lease).UTC().Format("2006-01-02 15:04:05.000000+00:00")
	c.takenOver += len(c.column(db, "UPDATE jobs SET lease_until = created_at WHERE state = 'running' AND lease_until < '"+last+"' RETURNING kind"))
}

// waitForDatabase waits until PostgreSQL has noticed that the server is gone: what it was told to commit by then is
// committed, and the rest rolled back.
func (c *crash) waitForDatabase() {
	c.t.Helper()
	if c.dialect != store.Postgres {
		return
	}
	db, done := c.openDatabase()
	defer done()
	c.poll("the killed server's connections are gone", func() bool {
		return len(c.column(db, "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")) == 0
	})
}

// openDatabase connects beside the server. It is closed again before the next kill: on SQLite a connection that stays
// open would leave the next server less to recover.
func (c *crash) openDatabase() (db *sql.DB, done func()) {
	c.t.Helper()
	driver, address := "pgx", c.database
	if c.dialect == store.SQLite {
		driver, address = "sqlite", "file:"+c.database+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		c.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db, func() {
		if err := db.Close(); err != nil {
			c.t.Error(err)
		}
	}
}

// column returns the first column of a query's rows.
func (c *crash) column(db *sql.DB, query string) (values []string) {
	c.t.Helper()
	c.rows(db, query, func(scan func(...any) error) error {
		var value string
		err := scan(&value)
		values = append(values, value)
		return err
	})
	return values
}

func (c *crash) rows(db *sql.DB, query string, each func(scan func(...any) error) error) {
	c.t.Helper()
	rows, err := db.QueryContext(c.t.Context(), query)
	if err != nil {
		c.t.Fatalf("%s: %v", strings.TrimSpace(query), err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			c.t.Fatalf("%s: %v", strings.TrimSpace(query), err)
		}
	}
	if err := rows.Err(); err != nil {
		c.t.Fatalf("%s: %v", strings.TrimSpace(query), err)
	}
}
