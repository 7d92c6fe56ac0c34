package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// personalPage is how many rows of what is kept of a person are in memory at once.
const personalPage = 2000

// personalPart is where one sort of what is kept of a person stands.
type personalPart struct {
	name    string
	columns string // what is told of a row, in SQL
	from    string // tables and condition; every "?" is the person
	key     string // what orders the rows and tells them apart: an id, or texts put together
}

// personalParts are in the order in which people would look for them. No part holds a secret, nor its hash.
func personalParts() []personalPart {
	return []personalPart{
		{"account", "email, name, team, active, created_at, updated_at", "users WHERE id = ?", "id"},
		{"roles", "role, granted_at, revoked_at", "role_grants WHERE user_id = ?", "CAST(granted_at AS text) || role"},
		{"mail", "wanted", "mail_choices WHERE user_id = ?", "user_id"},
		{"sessions", "created_at, expires_at", "sessions WHERE user_id = ?", "token_hash"},
		{"tokens", "id, name, scope, roles, created_at, expires_at, last_used_at", "api_tokens WHERE user_id = ?", "id"},
		{"sign_in_failures", "f.at, f.address", "sign_in_failures f JOIN users u ON u.email = f.account WHERE u.id = ?", "f.id"},
		{
			"uses", "e.id, e.kind, e.asset_id, a.title, e.version_id, e.occurred_at, e.recorded_at, e.search_id, e.opportunity, e.dwell_ms, e.reaction, e.qualifies",
			"usage_events e LEFT JOIN assets a ON a.id = e.asset_id WHERE e.user_id = ?", "e.id",
		},
		{"viewings", "v.id, v.asset_id, a.title, v.version_id, v.started_at, v.last_at, v.visible_ms, v.page_count, v.pages AS pages_ms", "viewings v LEFT JOIN assets a ON a.id = v.asset_id WHERE v.user_id = ?", "v.id"},
		{"searches", "id, q AS query, filters, sort, total, at, settled_at, CAST(shown AS text) AS shown", "searches WHERE user_id = ?", "id"},
		{"favourites", "asset_id, title, added_at", "favourites WHERE user_id = ?", "asset_id"},
		{
			"collections", "c.id, c.name, c.created_at, c.changed_at, i.asset_id, i.title, i.added_at",
			"collections c LEFT JOIN collection_items i ON i.collection_id = c.id WHERE c.user_id = ?", "CAST(c.id AS text) || coalesce(CAST(i.asset_id AS text), '')",
		},
		{"notices", "id, kind, asset_id, version_id, due, at, read_at", "notices WHERE user_id = ?", "id"},
		{"flags", "id, asset_id, version_id, raised_at, reason, settled_at, outcome, note", "flags WHERE raised_by = ?", "id"},
		{"flags_settled", "id, asset_id, version_id, settled_at, outcome, note", "flags WHERE settled_by = ?", "id"},
		{"pieces", "id, title, type, created_at, updated_at", "assets WHERE owner_id = ?", "id"},
		{"coauthored", "c.asset_id, a.title, c.added_at", "coauthors c JOIN assets a ON a.id = c.asset_id WHERE c.user_id = ?", "c.asset_id"},
		{"versions", "id, asset_id, n, file_name, note, created_at", "versions WHERE uploaded_by = ?", "id"},
		{"contributions", "c.version_id, v.asset_id, v.n", "contributors c JOIN versions v ON v.id = c.version_id WHERE c.user_id = ?", "c.version_id"},
		{"reviews", "id, asset_id, version_id, decision, comment, at", "reviews WHERE reviewer_id = ?", "id"},
		{"approvals", "id, asset_id, version_id, sha256, role_held, signed_at", "approvals WHERE signer_id = ?", "id"},
		{"review_openings", "version_id, opened_at", "review_openings WHERE user_id = ?", "version_id"},
		{"publications", "seq, asset_id, version_id, event, at", "publication_log WHERE by_user = ?", "seq"},
		{"reasons", "id, asset_id, version_id, action, text, at", "reasons WHERE by_user = ?", "id"},
		{"purges", "version_id, at", `purges WHERE "by" = ?`, "version_id"},
		{"batches", "id, name, created_at", "batches WHERE made_by = ?", "id"},
		{"links", "id, title, recipient, recipient_email, opportunity, created_at, expires_at, revoked_at", "links WHERE created_by = ?", "id"},
		{"links_revoked", "id, title, revoked_at", "links WHERE revoked_by = ?", "id"},
		{"webhooks", "id, url, note, created_at", "webhooks WHERE created_by = ?", "id"},
		{"audit_by", "seq, at, action, subject_kind, subject_id, detail", "audit_log WHERE actor_id = ?", "seq"},
		{"audit_about", "seq, at, action, actor_id, detail", "audit_log WHERE subject_kind = 'user' AND subject_id = CAST(? AS text)", "seq"},
	}
}

// PersonalParts returns the names of what Personal tells, in its order.
func PersonalParts() []string {
	var names []string
	for _, p := range personalParts() {
		names = append(names, p.name)
	}
	return names
}

// Personal calls tell for every row of one part of what is kept of a person: the values by their names. Few rows are in memory
// at a time, and no statement runs while tell does, so that whoever takes long to hear it holds nothing up. What changes
// meanwhile may be told or not.
func (s *Store) Personal(ctx context.Context, user uuid.UUID, name string, tell func(row map[string]any) error) error {
	for _, p := range personalParts() {
		if p.name == name {
			return s.tellPart(ctx, user, p, tell)
		}
	}
	return fmt.Errorf("nothing of a person is called %q", name)
}

func (s *Store) tellPart(ctx context.Context, user uuid.UUID, p personalPart, tell func(row map[string]any) error) error {
	// The key is compared as it is, so that an index orders it.
	var after any
	for {
		condition, args := "", []any{}
		for range strings.Count(p.from, "?") {
			args = append(args, user)
		}
		if after != nil {
			condition, args = " AND "+p.key+" > ?", append(args, after)
		}
		var rows []map[string]any
		err := s.reader(ctx).Raw("SELECT "+p.columns+", "+p.key+" AS row_key FROM "+p.from+condition+" ORDER BY "+p.key+" LIMIT ?", append(args, personalPage)...).Scan(&rows).Error
		if err != nil {
			return fmt.Errorf("reading the %s of person %s: %w", p.name, user, translate(err))
		}
		for _, row := range rows {
			after = row["row_key"]
			delete(row, "row_key")
			if err := tell(row); err != nil {
				return err
			}
		}
		if len(rows) < personalPage {
			return nil
		}
	}
}
