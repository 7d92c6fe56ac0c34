package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// SignedVersion is a version that Sales signed: which, by whom and when, and when it was first published.
type SignedVersion = store.SignedVersion

// Signed returns the versions of a piece that Sales signed, the newest first: to those who make or sign it all of them, to
// everybody else those that were published, which all could read at their time.
func (r *Registry) Signed(ctx context.Context, actor collateral.Actor, id uuid.UUID) ([]SignedVersion, error) {
	a, err := r.Store.Asset(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	signed, err := r.Store.SignedVersions(ctx, id)
	if err != nil || a.IsContributor(actor.UserID) || actor.Is(collateral.Approver, collateral.Admin) {
		return signed, err
	}
	return slices.DeleteFunc(signed, func(v SignedVersion) bool { return v.PublishedAt == nil }), nil
}

// Published returns the version that is published of a piece, without its tags and makers.
func (r *Registry) Published(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Version, error) {
	return r.Store.PublishedVersion(ctx, collateral.ScopeOf(actor), id)
}
