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
func (s *Store) LockUsage(ctx context.Context) error {
	if s.Dialect() == SQLite {
		return nil
	}
	if err := s.writer(ctx).Exec("SELECT pg_advisory_xact_lock(?)", usageLock).Error; err != nil {
		return fmt.Errorf("locking the usage tables: %w", translate(err))
	}
	return nil
}

// UsageFacts is what bears on the uses of some pieces by some people.
type UsageFacts struct {
	Published map[uuid.UUID][]Period // by asset, oldest first
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

// UsageFacts loads what bears on the uses of these pieces by these people.
func (s *Store) UsageFacts(ctx context.Context, assets, people []uuid.UUID) (UsageFacts, error) {
	published, err := s.publishedPeriods(ctx, assets)
	if err != nil {
		return UsageFacts{}, fmt.Errorf("reading when %d pieces were published: %w", len(assets), translate(err))
	}
	involved, err := s.involvements(ctx, assets, people)
	if err != nil {
		return UsageFacts{}, fmt.Errorf("reading who made %d pieces: %w", len(assets), translate(err))
	}
	reps, err := s.repPeriods(ctx, people)
	if err != nil {
		return UsageFacts{}, fmt.Errorf("reading since when %d people are reps: %w", len(people), translate(err))
	}
	return UsageFacts{Published: published, Involved: involved, Reps: reps}, nil
}

func (s *Store) publishedPeriods(ctx context.Context, assets []uuid.UUID) (map[uuid.UUID][]Period, error) {
	var entries []struct {
		AssetID   uuid.UUID
		VersionID uuid.UUID
		Event     string
		At        time.Time
	}
	err := s.reader(ctx).Raw("SELECT asset_id, version_id, event, at FROM publication_log WHERE "+s.among("asset_id", "?")+" ORDER BY seq",
		s.idSet(assets)).Scan(&entries).Error
	if err != nil {
		return nil, err
	}
	published := make(map[uuid.UUID][]Period, len(assets))
	for _, e := range entries {
		periods := published[e.AssetID]
		if n := len(periods); n > 0 && periods[n-1].Until == nil {
			periods[n-1].Until = &e.At
		}
		if e.Event != "ended" {
			periods = append(periods, Period{VersionID: e.VersionID, From: e.At})
		}
		published[e.AssetID] = periods
	}
	return published, nil
}

func (s *Store) involvements(ctx context.Context, assets, people []uuid.UUID) (map[Involvement]bool, error) {
	ofAssets := func(column string) string { return s.among(column, "@assets") }
	byPeople := func(column string) string { return s.among(column, "@people") }
	var rows []Involvement
	err := s.reader(ctx).Raw(`
		SELECT id AS asset_id, owner_id AS user_id FROM assets WHERE `+ofAssets("id")+` AND `+byPeople("owner_id")+`
		UNION ALL
		SELECT asset_id, user_id FROM coauthors WHERE `+ofAssets("asset_id")+` AND `+byPeople("user_id")+`
		UNION ALL
		SELECT asset_id, uploaded_by FROM versions WHERE `+ofAssets("asset_id")+` AND `+byPeople("uploaded_by")+`
		UNION ALL
		SELECT v.asset_id, c.user_id FROM versions v JOIN contributors c ON c.version_id = v.id
		WHERE `+ofAssets("v.asset_id")+` AND `+byPeople("c.user_id")+`
		UNION ALL
		SELECT asset_id, signer_id FROM approvals WHERE `+ofAssets("asset_id")+` AND `+byPeople("signer_id"),
		map[string]any{"assets": s.idSet(assets), "people": s.idSet(people)}).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	involved := make(map[Involvement]bool, len(rows))
	for _, r := range rows {
		involved[r] = true
	}
	return involved, nil
}

func (s *Store) repPeriods(ctx context.Context, people []uuid.UUID) (map[uuid.UUID][]Period, error) {
	var grants []struct {
		UserID    uuid.UUID
		GrantedAt time.Time
		RevokedAt *time.Time
	}
	err := s.reader(ctx).Raw("SELECT user_id, granted_at, revoked_at FROM role_grants WHERE role = ? AND "+s.among("user_id", "?")+" ORDER BY granted_at",
		collateral.Rep, s.idSet(people)).Scan(&grants).Error
	if err != nil {
		return nil, err
	}
	reps := make(map[uuid.UUID][]Period, len(people))
	for _, g := range grants {
		reps[g.UserID] = append(reps[g.UserID], Period{From: g.GrantedAt, Until: g.RevokedAt})
	}
	return reps, nil
}
