package store

import (
	"context"
	"fmt"
	"strings"

	"collateral/internal/collateral"
)

// rule is what the gate holds of every row, whatever way it came about. Broken selects the keys of the rows that it does
// not hold of.
type rule struct {
	table  string
	says   string
	broken string
}

// rules are the gate's, as far as they hold of what is there and not only of the change that brought it about. An owner or
// a co-author may become one after somebody signed, so what is known of makers then is the version's contributors.
// CHARACTERS stands for the length of a text without what nobody sees.
var rules = []rule{
	{"role_grants", "nobody holds the roles of marketer and approver at the same time",
		`SELECT a.user_id FROM role_grants a JOIN role_grants b ON b.user_id = a.user_id
		 WHERE a.role = 'marketer' AND b.role = 'approver'
		   AND (b.revoked_at IS NULL OR a.granted_at < b.revoked_at) AND (a.revoked_at IS NULL OR b.granted_at < a.revoked_at)`},
	{"asset_stages", "the role in a buying stage takes at least 20 characters",
		`SELECT asset_id FROM asset_stages WHERE CHARACTERS < 20`},
	{"version_stages", "the role in a buying stage takes at least 20 characters",
		`SELECT version_id FROM version_stages WHERE CHARACTERS < 20`},

	{"versions", "a draft has no time of submission",
		`SELECT id FROM versions WHERE state = 'draft' AND submitted_at IS NOT NULL`},
	{"versions", "a version is submitted with its buying stages, exactly one of them primary",
		`SELECT id FROM versions v WHERE state <> 'draft'
		   AND (SELECT count(*) FROM version_stages WHERE version_id = v.id AND is_primary) <> 1`},
	{"versions", "who uploaded a version that was submitted is one of its contributors",
		`SELECT id FROM versions v WHERE state <> 'draft'
		   AND NOT EXISTS (SELECT 1 FROM contributors WHERE version_id = v.id AND user_id = v.uploaded_by)`},
	{"versions", "a version is approved by a signature on it",
		`SELECT id FROM versions v WHERE state = 'approved'
		   AND NOT EXISTS (SELECT 1 FROM approvals WHERE version_id = v.id AND asset_id = v.asset_id AND sha256 = v.sha256)`},
	{"assets", "an asset with a version that was submitted has the time of its first submission",
		`SELECT id FROM assets a WHERE submitted_at IS NULL
		   AND EXISTS (SELECT 1 FROM versions WHERE asset_id = a.id AND state <> 'draft')`},

	{"approvals", "only a submitted version of this asset can be signed, on exactly its bytes",
		`SELECT a.id FROM approvals a JOIN versions v ON v.id = a.version_id
		 WHERE v.asset_id <> a.asset_id OR v.sha256 <> a.sha256 OR v.state NOT IN ('submitted', 'approved')`},
	{"approvals", "a version cannot be signed before it was submitted",
		`SELECT a.id FROM approvals a JOIN versions v ON v.id = a.version_id WHERE v.submitted_at IS NULL OR a.signed_at < v.submitted_at`},
	{"approvals", "only Sales approvers sign, and only while they hold the role",
		`SELECT id FROM approvals a WHERE role_held <> 'approver'
		   OR NOT EXISTS (SELECT 1 FROM role_grants WHERE user_id = a.signer_id AND role = 'approver'
		     AND granted_at <= a.signed_at AND (revoked_at IS NULL OR revoked_at >= a.signed_at))`},
	{"approvals", "nobody signs what they contributed to",
		`SELECT a.id FROM approvals a JOIN versions v ON v.id = a.version_id WHERE a.signer_id = v.uploaded_by
		   OR EXISTS (SELECT 1 FROM contributors WHERE version_id = a.version_id AND user_id = a.signer_id)`},
	{"reviews", "a review is of a version of this asset",
		`SELECT r.id FROM reviews r JOIN versions v ON v.id = r.version_id WHERE v.asset_id <> r.asset_id`},
	{"reviews", "who approved a version is who signed it",
		`SELECT r.id FROM reviews r JOIN approvals a ON a.version_id = r.version_id WHERE r.decision <> 'approve' OR r.reviewer_id <> a.signer_id`},

	{"publications", "only an approved version of this asset can be published",
		`SELECT p.asset_id FROM publications p JOIN versions v ON v.id = p.version_id WHERE v.asset_id <> p.asset_id OR v.state <> 'approved'`},
	{"publications", "a version is published on the signature for exactly this version and these bytes",
		`SELECT p.asset_id FROM publications p JOIN versions v ON v.id = p.version_id
		 WHERE NOT EXISTS (SELECT 1 FROM approvals
		   WHERE id = p.approval_id AND version_id = p.version_id AND asset_id = p.asset_id AND sha256 = v.sha256)`},
	{"publications", "a version is published for a buying stage it was signed for",
		`SELECT asset_id FROM publications p
		 WHERE NOT EXISTS (SELECT 1 FROM version_stages WHERE version_id = p.version_id AND stage_id = p.stage_id)`},
	{"publications", "a version whose bytes were purged cannot be published",
		`SELECT asset_id FROM publications p WHERE ended_at IS NULL AND EXISTS (SELECT 1 FROM purges WHERE version_id = p.version_id)`},
	{"publications", "what happens to publications is written to the publication log",
		`SELECT asset_id FROM publications p WHERE ended_at IS NULL
		   AND NOT EXISTS (SELECT 1 FROM publication_log l
		     WHERE l.seq = (SELECT max(seq) FROM publication_log WHERE asset_id = p.asset_id) AND l.event <> 'ended'
		       AND l.version_id = p.version_id AND l.approval_id = p.approval_id AND l.stage_id = p.stage_id AND l.by_user = p.published_by
		       AND (l.event = 'replaced' OR l.at = p.published_at))`},

	{"publication_log", "what is not published any more was ended",
		`SELECT seq FROM publication_log l WHERE event <> 'ended'
		   AND seq = (SELECT max(seq) FROM publication_log WHERE asset_id = l.asset_id)
		   AND NOT EXISTS (SELECT 1 FROM publications WHERE asset_id = l.asset_id AND ended_at IS NULL)`},
	{"publication_log", "a publication is begun, replaced by another, and ended, in this order",
		`SELECT seq FROM (SELECT seq, event, version_id, approval_id, stage_id, coalesce(lag(event) OVER w, 'ended') AS before,
		     lag(version_id) OVER w AS version_before, lag(approval_id) OVER w AS approval_before, lag(stage_id) OVER w AS stage_before
		   FROM publication_log WINDOW w AS (PARTITION BY asset_id ORDER BY seq)) l
		 WHERE CASE event
		   WHEN 'published' THEN before <> 'ended'
		   WHEN 'replaced' THEN before = 'ended' OR (version_id = version_before AND approval_id = approval_before AND stage_id = stage_before)
		   ELSE before = 'ended' OR version_id <> version_before OR approval_id <> approval_before OR stage_id <> stage_before END`},
	{"publication_log", "what was ever published was signed before, for this buying stage",
		`SELECT seq FROM publication_log l WHERE event <> 'ended'
		   AND NOT EXISTS (SELECT 1 FROM approvals a JOIN version_stages s ON s.version_id = a.version_id
		     WHERE a.id = l.approval_id AND a.version_id = l.version_id AND a.asset_id = l.asset_id AND a.signed_at <= l.at AND s.stage_id = l.stage_id)`},
	{"publication_log", "the publication log numbers its rows itself, from 1", `SELECT seq FROM publication_log WHERE seq < 1`},
	{"audit_log", "the audit log numbers its rows itself, from 1", `SELECT seq FROM audit_log WHERE seq < 1`},
}

// checkRules refuses what could not have come about with the gate in place, by the first row that shows it.
func (s *Store) checkRules(ctx context.Context) error {
	characters := "coalesce(length(trim(replace(replace(replace(replace(role_in_stage, char(8203), ''), char(160), ''), char(65279), ''), char(8288), ''), ' ' || char(9, 10, 11, 12, 13))), 0)"
	if s.Dialect() == Postgres {
		characters = "gate_characters(role_in_stage)"
	}
	for _, r := range rules {
		var keys []string
		query := "WITH broken (key) AS (" + strings.ReplaceAll(r.broken, "CHARACTERS", characters) + ") SELECT min(CAST(key AS text)) FROM broken HAVING count(*) > 0"
		if err := s.reader(ctx).Raw(query).Scan(&keys).Error; err != nil {
			return fmt.Errorf("checking that %s: %w", r.says, translate(err))
		}
		if len(keys) > 0 {
			return collateral.Errorf(collateral.Gate, "The row %s of the table %s breaks a rule of the gate: %s.", keys[0], r.table, r.says)
		}
	}
	return s.checkForeignKeys(ctx)
}

// checkForeignKeys asks SQLite, which can be told to let them be. PostgreSQL has checked them with every row.
func (s *Store) checkForeignKeys(ctx context.Context) error {
	if s.Dialect() != SQLite {
		return nil
	}
	var broken []struct{ Table, Parent string }
	if err := s.reader(ctx).Raw(`SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`).Scan(&broken).Error; err != nil {
		return fmt.Errorf("checking the foreign keys: %w", translate(err))
	}
	if len(broken) > 0 {
		return collateral.Errorf(collateral.Invalid, "A row of the table %s refers to nothing in %s.", broken[0].Table, broken[0].Parent)
	}
	return nil
}
