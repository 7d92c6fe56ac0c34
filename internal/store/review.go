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

// ReviewBefore returns the last decision on a version of the asset before number n, or nil.
func (s *Store) ReviewBefore(ctx context.Context, asset uuid.UUID, n int) (*collateral.Review, error) {
	var rows []collateral.Review
	err := s.reader(ctx).Raw(`SELECT r.id, r.version_id, r.asset_id, r.reviewer_id, r.decision, r.comment, r.at
		FROM reviews r JOIN versions v ON v.id = r.version_id WHERE r.asset_id = ? AND v.n < ? ORDER BY v.n DESC LIMIT 1`, asset, n).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	return &rows[0], nil
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

// SignersFor returns the active approvers who could sign the version: those who did not contribute.
func (s *Store) SignersFor(ctx context.Context, v *collateral.Version) ([]uuid.UUID, error) {
	var signers []uuid.UUID
	err := s.reader(ctx).Raw(`SELECT u.id FROM users u
		WHERE u.active = ? AND EXISTS (SELECT 1 FROM role_grants g WHERE g.user_id = u.id AND g.role = 'approver' AND g.revoked_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM contributors c WHERE c.version_id = ? AND c.user_id = u.id) ORDER BY u.id`, true, v.ID).Scan(&signers).Error
	return signers, translate(err)
}
