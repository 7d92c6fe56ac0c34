package registry

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/collateral"
)

// Content is a version's bytes ready to be served, or, for a link, its address. Who reads it from the first byte to the
// last gets an error before the last if they are not those that were uploaded; who reads a part asks Sound before.
type Content struct {
	blob.File // nil for a link
	Version   *collateral.Version
	registry  *Registry
	made      bool // out of what was uploaded: there is nothing to compare it with, and it lies nowhere
}

// Versions returns one page of a piece's versions, the newest first, and the next page's cursor.
func (r *Registry) Versions(ctx context.Context, actor collateral.Actor, id uuid.UUID, paging collateral.Paging) ([]*collateral.Version, string, error) {
	drafts, err := r.mayReadVersions(ctx, actor, id)
	if err != nil {
		return nil, "", err
	}
	versions, next, err := r.Store.Versions(ctx, id, drafts, paging)
	if err != nil {
		return nil, "", err
	}
	return versions, next, r.fillExtractions(ctx, versions)
}

// fillExtractions tells of each version what became of reading its text.
func (r *Registry) fillExtractions(ctx context.Context, versions []*collateral.Version) error {
	ids := make([]uuid.UUID, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	extractions, err := r.Store.Extractions(ctx, ids)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if e, ok := extractions[v.ID]; ok {
			v.Extraction = &e
		}
	}
	return nil
}

// ReviewsOf returns what Sales decided on versions that the actor was given, by version.
func (r *Registry) ReviewsOf(ctx context.Context, versions []*collateral.Version) (map[uuid.UUID]*collateral.Review, error) {
	ids := make([]uuid.UUID, len(versions))
	for i, v := range versions {
		ids[i] = v.ID
	}
	return r.Store.ReviewsOf(ctx, ids)
}

// VersionContent opens version n of a piece: for those who make it in any state, for those who sign once submitted. Whoever
// serves it says with Looked that it was opened.
func (r *Registry) VersionContent(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int) (*Content, error) {
	v, err := r.version(ctx, actor, id, n)
	if err != nil {
		return nil, err
	}
	return r.open(ctx, v)
}

// Content opens what is published of a piece. Whoever serves it says with Opened that it was used.
func (r *Registry) Content(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*Content, error) {
	v, err := r.Store.PublishedVersion(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	return r.open(ctx, v)
}

// Opened records that the actor opened or took what is published. It does not wait for the record to be written.
func (r *Registry) Opened(ctx context.Context, actor collateral.Actor, v *collateral.Version, kind collateral.UseKind) {
	r.Usage.Opened(ctx, actor, v.AssetID, v.ID, kind)
}

// mayReadVersions refuses everybody but those who make a piece and those who sign it. Drafts are for the former, and
// for admins.
func (r *Registry) mayReadVersions(ctx context.Context, actor collateral.Actor, id uuid.UUID) (drafts bool, err error) {
	a, err := r.Store.Asset(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return false, err
	}
	drafts = a.IsContributor(actor.UserID) || actor.Is(collateral.Admin)
	if !drafts && !actor.Is(collateral.Approver) {
		return false, collateral.Errorf(collateral.Forbidden, "Versions are for those who make the piece and those who sign it. What is published is for everybody.")
	}
	return drafts, nil
}

// OpenVersion opens a version that its reader was let in to by other means than an account, and records nothing.
func (r *Registry) OpenVersion(ctx context.Context, v *collateral.Version) (*Content, error) {
	return r.open(ctx, v)
}

func (r *Registry) open(ctx context.Context, v *collateral.Version) (*Content, error) {
	if v.Purged {
		return nil, collateral.Errorf(collateral.Gone, "The bytes of this version were purged.")
	}
	if v.IsLink() {
		return &Content{Version: v}, nil
	}
	file, _, err := r.checker.Open(ctx, r.Blobs, v.SHA256, v.Size)
	if err != nil {
		return nil, fmt.Errorf("opening the bytes of version %s: %w", v.ID, orRefusal(err))
	}
	return &Content{File: file, Version: v, registry: r}, nil
}
