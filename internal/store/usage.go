package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// usageLock is the key of the PostgreSQL advisory lock behind LockUsage: "usage" as hexadecimal text.
const usageLock = 0x7573616765

// LockUsage makes this transaction the only one that writes uses until it ends. Whether an event is known, whether an
// opening was counted in the last half hour and what the totals of earlier days are can then be read, and written
// upon, without somebody else's uncommitted rows in between. SQLite has one writer at any time.
//
// PostgreSQL plans the rest of the transaction by the size that tables have now. A plan that was kept from the first uses,
// when the tables were empty, would scan all totals for each piece, until statistics are taken.
func (s *Store) LockUsage(ctx context.Context) error {
	if s.Dialect() == SQLite {
		return nil
	}
	err := s.writer(ctx).Exec("SELECT pg_advisory_xact_lock(?), set_config('plan_cache_mode', 'force_custom_plan', true)", usageLock).Error
	if err != nil {
		return fmt.Errorf("locking the usage tables: %w", translate(err))
	}
	return nil
}

// UsageFacts is what bears on the uses and the showing of some pieces by some people.
type UsageFacts struct {
	Published map[uuid.UUID][]Period // by asset that was used, oldest first
	Involved  map[Involvement]bool
	Reps      map[uuid.UUID][]Period // by person: when they held the rep role; VersionID is not set
}

// Period is a span of time, from and with From, up to and without Until.
type Period struct {
	VersionID uuid.UUID // what was published
	From      time.Time
	Until     *time.Time // nil while it lasts
}

// Involvement says that a person owns an asset, is a co-author of it, or contributed to or signed a version of it.
type Involvement struct {
	AssetID uuid.UUID
	UserID  uuid.UUID
}

// usageFact is a row of what UsageFacts reads: a publication or its end, somebody's part in a piece, or a time as a rep.
type usageFact struct {
	Event     string // of the publication log; empty for anything else
	AssetID   uuid.NullUUID
	VersionID uuid.NullUUID
	UserID    uuid.NullUUID
	Since     *time.Time
	Until     *time.Time
}

// UsageFacts loads what bears on the uses of some of these assets by these people, and on their being shown all of them. It
// does so at once: every use waits for it. When an asset was published matters to uses only, and each search shows many.
func (s *Store) UsageFacts(ctx context.Context, used, all, people []uuid.UUID) (UsageFacts, error) {
	ofAssets := func(column string) string { return s.among(column, "@assets") }
	byPeople := func(column string) string { return s.among(column, "@people") }
	part := func(asset, user, from string) string {
		return " UNION ALL SELECT '', " + asset + ", CAST(NULL AS uuid), " + user + ", CAST(NULL AS timestamptz), CAST(NULL AS timestamptz), 0 FROM " + from +
			" WHERE " + ofAssets(asset) + " AND " + byPeople(user)
	}
	// The first part gives the columns their types on SQLite.
	query := "SELECT '' AS event, CAST(NULL AS uuid) AS asset_id, CAST(NULL AS uuid) AS version_id, user_id, granted_at AS since, revoked_at AS until, 0 AS seq" +
		" FROM role_grants WHERE role = @rep AND " + byPeople("user_id") +
		" UNION ALL SELECT event, asset_id, version_id, CAST(NULL AS uuid), at, CAST(NULL AS timestamptz), seq FROM publication_log WHERE " + s.among("asset_id", "@used") +
		part("id", "owner_id", "assets") +
		part("asset_id", "user_id", "coauthors") +
		part("asset_id", "uploaded_by", "versions") +
		part("v.asset_id", "c.user_id", "versions v JOIN contributors c ON c.version_id = v.id") +
		part("asset_id", "signer_id", "approvals") +
		" ORDER BY seq, since"
	var rows []usageFact
	err := s.reader(ctx).Raw(query, map[string]any{"rep": collateral.Rep, "used": s.idSet(used), "assets": s.idSet(all), "people": s.idSet(people)}).Scan(&rows).Error
	if err != nil {
		return UsageFacts{}, fmt.Errorf("reading what bears on the uses of %d pieces by %d people: %w", len(all), len(people), translate(err))
	}
	facts := UsageFacts{Published: make(map[uuid.UUID][]Period), Involved: make(map[Involvement]bool), Reps: make(map[uuid.UUID][]Period)}
	for _, r := range rows {
		facts.add(r)
	}
	return facts, nil
}

func (f *UsageFacts) add(r usageFact) {
	switch {
	case r.Event != "":
		periods := f.Published[r.AssetID.UUID]
		if n := len(periods); n > 0 && periods[n-1].Until == nil {
			periods[n-1].Until = r.Since
		}
		if r.Event != "ended" {
			periods = append(periods, Period{VersionID: r.VersionID.UUID, From: *r.Since})
		}
		f.Published[r.AssetID.UUID] = periods
	case r.AssetID.Valid:
		f.Involved[Involvement{AssetID: r.AssetID.UUID, UserID: r.UserID.UUID}] = true
	default:
		f.Reps[r.UserID.UUID] = append(f.Reps[r.UserID.UUID], Period{From: *r.Since, Until: r.Until})
	}
}
