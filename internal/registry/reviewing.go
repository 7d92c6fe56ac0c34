package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Reviewing is a version as whoever decides on it looks at it.
type Reviewing struct {
	Asset   *collateral.Asset
	Version *collateral.Version
	SentBy  uuid.UUID          // who submitted it; uuid.Nil while it is a draft
	Review  *collateral.Review // what Sales decided; nil when it has not
	Before  *collateral.Review // what Sales decided on the version before it that came to a decision; nil for none
	// Refusal says why the actor cannot decide on it; nil when they can.
	Refusal  *collateral.Error
	OpenedAt *time.Time // when the actor last looked at it since it was submitted; nil for not yet
}

// Reviewing returns version n of a piece for those who make it and those who sign it, once it was submitted.
func (r *Registry) Reviewing(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int) (*Reviewing, error) {
	v, err := r.version(ctx, actor, id, n)
	if err != nil {
		return nil, err
	}
	a, err := r.Store.Asset(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	if err := r.fillExtractions(ctx, []*collateral.Version{v}); err != nil {
		return nil, err
	}
	ids := []uuid.UUID{v.ID}
	reviews, err := r.Store.ReviewsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	senders, err := r.Store.Senders(ctx, ids)
	if err != nil {
		return nil, err
	}
	opened, err := r.Store.Openings(ctx, actor.UserID, ids)
	if err != nil {
		return nil, err
	}
	seen := &Reviewing{Asset: a, Version: v, SentBy: senders[v.ID], Review: reviews[v.ID]}
	if at, ok := opened[v.ID]; ok {
		seen.OpenedAt = &at
	}
	if seen.Before, err = r.Store.ReviewBefore(ctx, id, n); err != nil {
		return nil, err
	}
	err = canReview(ctx, r.Store, actor, a, v)
	if refusal, ok := errors.AsType[*collateral.Error](err); ok {
		seen.Refusal = refusal
		return seen, nil
	}
	return seen, err
}

// version returns version n of a piece that the actor may read: who makes it in any state, who signs it once submitted.
func (r *Registry) version(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int) (*collateral.Version, error) {
	drafts, err := r.mayReadVersions(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	v, err := r.Store.Version(ctx, id, n)
	if err != nil {
		return nil, err
	}
	if v.State == collateral.Draft && !drafts {
		return nil, collateral.Errorf(collateral.NotFound, "The piece has no version %d, or it was not submitted yet.", n)
	}
	return v, nil
}

// LookedAt notes that an approver looked at a version under review: its content, or a page that shows it. Of anybody else,
// and of any other version, nothing is noted.
func (r *Registry) LookedAt(ctx context.Context, actor collateral.Actor, v *collateral.Version) error {
	if !actor.Is(collateral.Approver) || v.State != collateral.Submitted {
		return nil
	}
	opened, err := r.Store.Openings(ctx, actor.UserID, []uuid.UUID{v.ID})
	if _, known := opened[v.ID]; known || err != nil {
		return err
	}
	return r.Store.SetOpened(ctx, actor.UserID, v.ID)
}

// Looked is LookedAt for whoever has begun to answer already: it does not end with the request, and an error is logged.
func (r *Registry) Looked(ctx context.Context, actor collateral.Actor, v *collateral.Version) {
	if err := r.LookedAt(context.WithoutCancel(ctx), actor, v); err != nil {
		r.Log.Error("that an approver looked at a version cannot be noted", "version", v.ID, "error", err)
	}
}

// ReviewSeen is Review for somebody who has looked at the version since it was submitted, and refuses everybody else: what
// was looked at before may have been sent with other tags.
func (r *Registry) ReviewSeen(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int, decision collateral.Decision, comment string) (*collateral.Review, error) {
	return r.review(ctx, actor, id, n, decision, comment, func(tx *store.Store, v *collateral.Version) error {
		opened, err := tx.Openings(ctx, actor.UserID, []uuid.UUID{v.ID})
		if _, known := opened[v.ID]; known || err != nil {
			return err
		}
		return collateral.Errorf(collateral.Conflict, "You have not opened version %d since it was submitted. Look at it first, then sign.", n)
	})
}

// MaxSignings bounds how many versions are signed at once.
const MaxSignings = 100

// VersionRef names a version.
type VersionRef struct {
	Asset uuid.UUID
	N     int
}

// Signing is what became of one version of those that were to be signed at once: one of the two is nil.
type Signing struct {
	VersionRef
	Review  *collateral.Review
	Refusal *collateral.Error
}

// SignSeen signs versions that the actor has looked at since they were submitted. Each is judged alone, in the order of the
// list; what is refused of one holds up none of the others. More than MaxSignings are Invalid.
func (r *Registry) SignSeen(ctx context.Context, actor collateral.Actor, versions []VersionRef) ([]Signing, error) {
	switch n := len(versions); {
	case n == 0:
		return nil, collateral.Fault("/versions", "Choose the versions to sign.")
	case n > MaxSignings:
		return nil, collateral.Fault("/versions", "Sign at most %d versions at once.", MaxSignings)
	}
	signed := make([]Signing, len(versions))
	for i, v := range versions {
		review, err := r.ReviewSeen(ctx, actor, v.Asset, v.N, collateral.Approve, "")
		refusal, refused := errors.AsType[*collateral.Error](err)
		if err != nil && (!refused || refusal.Kind == collateral.Unavailable || refusal.Kind == collateral.Full) {
			return nil, err
		}
		signed[i] = Signing{v, review, refusal}
	}
	return signed, nil
}
