package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Waiting is a version under review, as it stands in the queue of Sales.
type Waiting struct {
	Asset    *collateral.Asset
	Version  *collateral.Version
	SentBy   uuid.UUID  // who submitted it
	OpenedAt *time.Time // when the person of the filter looked at it since it was submitted; nil for not yet
}

// WaitingFilter narrows what waits for review. Zero fields do not narrow.
type WaitingFilter struct {
	Signer uuid.UUID // only what this person could sign
	Batch  uuid.UUID // only pieces of this batch
	Opener uuid.UUID // whose openings are told; it does not narrow
}

// where is the filter as conditions on a version v of an asset a.
func (f WaitingFilter) where() (string, []any) {
	condition := "v.state = 'submitted' AND v.n = (SELECT max(m.n) FROM versions m WHERE m.asset_id = v.asset_id)"
	var args []any
	if signer := f.Signer; signer != uuid.Nil {
		condition += ` AND a.owner_id <> ? AND v.uploaded_by <> ?
			AND NOT EXISTS (SELECT 1 FROM contributors c WHERE c.version_id = v.id AND c.user_id = ?)
			AND NOT EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = v.asset_id AND c.user_id = ?)`
		args = append(args, signer, signer, signer, signer)
	}
	if f.Batch != uuid.Nil {
		condition += " AND v.asset_id IN (SELECT i.asset_id FROM batch_items i WHERE i.batch_id = ?)"
		args = append(args, f.Batch)
	}
	return condition, args
}

const waitingFrom = " FROM versions v JOIN assets a ON a.id = v.asset_id WHERE "

// CountWaiting counts what is under review.
func (s *Store) CountWaiting(ctx context.Context, filter WaitingFilter) (int, error) {
	condition, args := filter.where()
	var n int
	err := s.reader(ctx).Raw("SELECT count(*)"+waitingFrom+condition, args...).Scan(&n).Error
	return n, translate(err)
}

// WaitingForReview returns one page of what is under review, what waits longest first, and the next page's cursor.
func (s *Store) WaitingForReview(ctx context.Context, scope collateral.Scope, filter WaitingFilter, paging collateral.Paging) ([]Waiting, string, error) {
	after, err := paging.After("reviews", 2)
	if err != nil {
		return nil, "", err
	}
	condition, args := filter.where()
	if after != nil {
		at, id, err := afterTime(after)
		if err != nil {
			return nil, "", err
		}
		condition += " AND (v.submitted_at > ? OR (v.submitted_at = ? AND v.id > ?))"
		args = append(args, at, at, id)
	}
	query := "SELECT v.id, v.asset_id, v.submitted_at" + waitingFrom + condition + " ORDER BY v.submitted_at, v.id LIMIT ?"
	var rows []waitingRow
	if err := s.reader(ctx).Raw(query, append(args, paging.Limit+1)...).Scan(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	rows, next := pageOf(rows, paging.Limit, func(r waitingRow) string {
		return collateral.Cursor("reviews", r.SubmittedAt.Format(time.RFC3339Nano), r.ID.String())
	})
	waiting, err := s.loadWaiting(ctx, scope, filter.Opener, rows)
	return waiting, next, err
}

// waitingRow is a version under review before it is loaded.
type waitingRow struct {
	ID, AssetID uuid.UUID
	SubmittedAt time.Time
}

// loadWaiting loads what the rows tell of, as far as it is still under review.
func (s *Store) loadWaiting(ctx context.Context, scope collateral.Scope, opener uuid.UUID, rows []waitingRow) ([]Waiting, error) {
	versionIDs, assetIDs := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	for i, r := range rows {
		versionIDs[i], assetIDs[i] = r.ID, r.AssetID
	}
	versions, err := s.versionsByID(ctx, versionIDs)
	if err != nil {
		return nil, err
	}
	assets, err := s.AssetsByID(ctx, scope, assetIDs)
	if err != nil {
		return nil, err
	}
	senders, err := s.Senders(ctx, versionIDs)
	if err != nil {
		return nil, err
	}
	opened, err := s.Openings(ctx, opener, versionIDs)
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]*collateral.Asset, len(assets))
	for _, a := range assets {
		byID[a.ID] = a
	}
	var waiting []Waiting
	for _, r := range rows {
		a, v := byID[r.AssetID], versions[r.ID]
		if a == nil || v == nil || v.State != collateral.Submitted {
			continue // it was taken back or decided a moment ago
		}
		w := Waiting{Asset: a, Version: v, SentBy: senders[v.ID]}
		if at, ok := opened[v.ID]; ok {
			w.OpenedAt = &at
		}
		waiting = append(waiting, w)
	}
	return waiting, nil
}

// afterTime reads a cursor key of a time and an id.
func afterTime(key []string) (time.Time, uuid.UUID, error) {
	at, err := time.Parse(time.RFC3339Nano, key[0])
	id, idErr := uuid.Parse(key[1])
	if err != nil || idErr != nil {
		return time.Time{}, uuid.Nil, collateral.ForeignCursor()
	}
	return at, id, nil
}

// Senders returns who submitted versions last, by version, as the audit log has it.
func (s *Store) Senders(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	senders := make(map[uuid.UUID]uuid.UUID, len(versions))
	if len(versions) == 0 {
		return senders, nil
	}
	var rows []struct{ VersionID, ActorID uuid.UUID }
	err := s.reader(ctx).Raw(`SELECT v.id AS version_id, l.actor_id
		FROM versions v JOIN audit_log l ON l.subject_kind = 'asset' AND l.subject_id = CAST(v.asset_id AS text) AND l.detail = CAST(v.id AS text)
		WHERE v.id IN ? AND l.action = 'version.submitted' AND l.actor_id IS NOT NULL ORDER BY l.seq`, versions).Scan(&rows).Error
	for _, r := range rows {
		senders[r.VersionID] = r.ActorID
	}
	return senders, translate(err)
}
