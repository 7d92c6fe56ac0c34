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
	facts := UsageFacts{Published: make(map[uuid.UUID][]Period), Involved: make(map[Involvement]bool), Reps: make(map[uuid.UUID][]Period)}
	err := s.eachUsageFact(ctx, map[string]any{"rep": collateral.Rep, "used": s.idSet(used), "assets": s.idSet(all), "people": s.idSet(people)}, facts.add)
	if err != nil {
		return UsageFacts{}, fmt.Errorf("reading what bears on the uses of %d pieces by %d people: %w", len(all), len(people), translate(err))
	}
	return facts, nil
}

// eachUsageFact goes from the assets to who is involved in them, and not from the people: there is no end to what a marketer
// owns. CROSS JOIN keeps SQLite to that order; PostgreSQL finds it by itself.
func (s *Store) eachUsageFact(ctx context.Context, sets map[string]any, add func(usageFact)) error {
	// The first part of the last SELECT gives the columns their types on SQLite.
	rows, err := s.reader(ctx).Raw(`WITH a (id) AS MATERIALIZED (`+s.selectIDs("@assets")+`), p (id) AS MATERIALIZED (`+s.selectIDs("@people")+`),
			u (id) AS MATERIALIZED (`+s.selectIDs("@used")+`), involved (asset_id, user_id) AS MATERIALIZED (
				SELECT x.id, x.owner_id FROM a CROSS JOIN assets x WHERE x.id = a.id
				UNION ALL SELECT x.asset_id, x.user_id FROM a CROSS JOIN coauthors x WHERE x.asset_id = a.id
				UNION ALL SELECT x.asset_id, x.uploaded_by FROM a CROSS JOIN versions x WHERE x.asset_id = a.id
				UNION ALL SELECT x.asset_id, c.user_id FROM a CROSS JOIN versions x CROSS JOIN contributors c WHERE x.asset_id = a.id AND c.version_id = x.id
				UNION ALL SELECT x.asset_id, s.signer_id FROM a CROSS JOIN versions x CROSS JOIN approvals s WHERE x.asset_id = a.id AND s.version_id = x.id
			)
		SELECT '' AS event, CAST(NULL AS uuid) AS asset_id, CAST(NULL AS uuid) AS version_id, g.user_id, g.granted_at AS since, g.revoked_at AS until, 0 AS seq
		FROM p CROSS JOIN role_grants g WHERE g.user_id = p.id AND g.role = @rep
		UNION ALL SELECT l.event, l.asset_id, l.version_id, CAST(NULL AS uuid), l.at, CAST(NULL AS timestamptz), l.seq
		FROM u CROSS JOIN publication_log l WHERE l.asset_id = u.id
		UNION ALL SELECT '', asset_id, CAST(NULL AS uuid), user_id, CAST(NULL AS timestamptz), CAST(NULL AS timestamptz), 0
		FROM involved WHERE user_id IN (SELECT id FROM p)
		ORDER BY seq, since`, sets).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r usageFact
		var seq int64
		if err := rows.Scan(&r.Event, &r.AssetID, &r.VersionID, &r.UserID, &r.Since, &r.Until, &seq); err != nil {
			return err
		}
		add(r)
	}
	return rows.Err()
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
