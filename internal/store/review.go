package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// SubmitVersion freezes a draft version with what Sales is to sign: the asset's tags and audience as they stand, and
// everybody who contributed. What an earlier submission copied is copied anew.
func (s *Store) SubmitVersion(ctx context.Context, a *collateral.Asset, v *collateral.Version, at time.Time) error {
	db := s.writer(ctx)
	if err := db.Exec("DELETE FROM version_stages WHERE version_id = ?", v.ID).Error; err != nil {
		return translate(err)
	}
	err := db.Exec(`INSERT INTO version_stages (version_id, stage_id, role_in_stage, is_primary)
		SELECT v.id, t.stage_id, t.role_in_stage, t.is_primary FROM versions v JOIN asset_stages t ON t.asset_id = v.asset_id
		WHERE v.id = ?`, v.ID).Error
	if err != nil {
		return translate(err)
	}
	contributors, err := s.makersOf(ctx, v)
	if err != nil {
		return err
	}
	contributors = append(append(contributors, a.OwnerID), a.Coauthors...)
	for _, gone := range v.Contributors {
		if gone == v.UploadedBy || slices.Contains(contributors, gone) {
			continue
		}
		if err := db.Exec("DELETE FROM contributors WHERE version_id = ? AND user_id = ?", v.ID, gone).Error; err != nil {
			return translate(err)
		}
	}
	for _, user := range contributors {
		if err := s.addContributor(ctx, v.ID, user); err != nil {
			return err
		}
	}
	return translate(db.Exec("UPDATE versions SET audience = ?, submitted_at = ?, state = 'submitted' WHERE id = ?",
		string(a.Audience), at, v.ID).Error)
}

// UnsubmitVersion takes a submitted version back to draft.
func (s *Store) UnsubmitVersion(ctx context.Context, v *collateral.Version) error {
	return translate(s.writer(ctx).Exec("UPDATE versions SET audience = NULL, submitted_at = NULL, state = 'draft' WHERE id = ?", v.ID).Error)
}

// Decide records a review of a submitted version and brings the version to the state that follows from it. With an
// approval, the signature is recorded too.
func (s *Store) Decide(ctx context.Context, r *collateral.Review, approval *collateral.Approval) error {
	db := s.writer(ctx)
	err := db.Exec(`INSERT INTO reviews (id, version_id, asset_id, reviewer_id, decision, comment, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.VersionID, r.AssetID, r.ReviewerID, string(r.Decision), r.Comment, r.At).Error
	if err != nil {
		return translate(err)
	}
	if approval != nil {
		err := db.Exec(`INSERT INTO approvals (id, version_id, asset_id, sha256, signer_id, role_held, signed_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			approval.ID, approval.VersionID, approval.AssetID, approval.SHA256, approval.SignerID, string(approval.RoleHeld), approval.SignedAt).Error
		if err != nil {
			return translate(err)
		}
	}
	state, _ := r.Decision.Outcome()
	return translate(db.Exec("UPDATE versions SET state = ? WHERE id = ?", string(state), r.VersionID).Error)
}

// Waiting is a version under review, as it stands in the queue of Sales.
type Waiting struct {
	Asset   *collateral.Asset
	Version *collateral.Version
}

// WaitingFilter narrows what waits for review. Zero fields do not narrow.
type WaitingFilter struct {
	Signer uuid.UUID // only what this person could sign
	Batch  uuid.UUID // only pieces of this batch
}

// WaitingForReview returns one page of what is under review, what waits longest first, and the next page's cursor.
func (s *Store) WaitingForReview(ctx context.Context, scope collateral.Scope, filter WaitingFilter, paging collateral.Paging) ([]Waiting, string, error) {
	after, err := paging.After("reviews", 2)
	if err != nil {
		return nil, "", err
	}
	query := `SELECT v.id, v.asset_id, v.submitted_at FROM versions v JOIN assets a ON a.id = v.asset_id
		WHERE v.state = 'submitted' AND v.n = (SELECT max(m.n) FROM versions m WHERE m.asset_id = v.asset_id)`
	var args []any
	if signer := filter.Signer; signer != uuid.Nil {
		query += ` AND a.owner_id <> ? AND v.uploaded_by <> ?
			AND NOT EXISTS (SELECT 1 FROM contributors c WHERE c.version_id = v.id AND c.user_id = ?)
			AND NOT EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = v.asset_id AND c.user_id = ?)`
		args = append(args, signer, signer, signer, signer)
	}
	if filter.Batch != uuid.Nil {
		query += " AND v.asset_id IN (SELECT i.asset_id FROM batch_items i WHERE i.batch_id = ?)"
		args = append(args, filter.Batch)
	}
	if after != nil {
		at, id, err := afterTime(after)
		if err != nil {
			return nil, "", err
		}
		query += " AND (v.submitted_at > ? OR (v.submitted_at = ? AND v.id > ?))"
		args = append(args, at, at, id)
	}
	query += " ORDER BY v.submitted_at, v.id LIMIT ?"
	var rows []waitingRow
	if err := s.reader(ctx).Raw(query, append(args, paging.Limit+1)...).Scan(&rows).Error; err != nil {
		return nil, "", translate(err)
	}
	rows, next := pageOf(rows, paging.Limit, func(r waitingRow) string {
		return collateral.Cursor("reviews", r.SubmittedAt.Format(time.RFC3339Nano), r.ID.String())
	})
	versionIDs, assetIDs := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows))
	for i, r := range rows {
		versionIDs[i], assetIDs[i] = r.ID, r.AssetID
	}
	versions, err := s.versionsByID(ctx, versionIDs)
	if err != nil {
		return nil, "", err
	}
	assets, err := s.AssetsByID(ctx, scope, assetIDs)
	if err != nil {
		return nil, "", err
	}
	byID := make(map[uuid.UUID]*collateral.Asset, len(assets))
	for _, a := range assets {
		byID[a.ID] = a
	}
	var waiting []Waiting
	for _, r := range rows {
		a, v := byID[r.AssetID], versions[r.ID]
		if a != nil && v != nil && v.State == collateral.Submitted { // else it was taken back or decided a moment ago
			waiting = append(waiting, Waiting{Asset: a, Version: v})
		}
	}
	return waiting, next, nil
}

// waitingRow is a version under review before it is loaded.
type waitingRow struct {
	ID, AssetID uuid.UUID
	SubmittedAt time.Time
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

// ReviewsOf returns the decisions on versions, by version; those without one are left out.
func (s *Store) ReviewsOf(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]*collateral.Review, error) {
	reviews := make(map[uuid.UUID]*collateral.Review, len(versions))
	if len(versions) == 0 {
		return reviews, nil
	}
	var rows []collateral.Review
	err := s.reader(ctx).Raw("SELECT id, version_id, asset_id, reviewer_id, decision, comment, at FROM reviews WHERE version_id IN ?", versions).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	for i := range rows {
		reviews[rows[i].VersionID] = &rows[i]
	}
	return reviews, nil
}

// Approval returns the signature under a version, or nil.
func (s *Store) Approval(ctx context.Context, version uuid.UUID) (*collateral.Approval, error) {
	var rows []struct {
		ID, VersionID, AssetID, SignerID uuid.UUID
		SHA256                           string `gorm:"column:sha256"`
		RoleHeld                         string
		SignedAt                         time.Time
	}
	err := s.reader(ctx).Raw("SELECT id, version_id, asset_id, sha256, signer_id, role_held, signed_at FROM approvals WHERE version_id = ?", version).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	r := rows[0]
	return &collateral.Approval{ID: r.ID, VersionID: r.VersionID, AssetID: r.AssetID, SHA256: r.SHA256,
		SignerID: r.SignerID, RoleHeld: collateral.Role(r.RoleHeld), SignedAt: r.SignedAt}, nil
}

// SignersFor counts the active approvers who could sign the version: those who did not contribute.
func (s *Store) SignersFor(ctx context.Context, v *collateral.Version) (int, error) {
	var n int
	err := s.reader(ctx).Raw(`SELECT count(*) FROM users u
		WHERE u.active = ? AND EXISTS (SELECT 1 FROM role_grants g WHERE g.user_id = u.id AND g.role = 'approver' AND g.revoked_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM contributors c WHERE c.version_id = ? AND c.user_id = u.id)`, true, v.ID).Scan(&n).Error
	return n, translate(err)
}
