// Package registry holds the use cases on collateral: describe, upload, submit, sign off, publish, withdraw, find,
// open. Each loads what it needs, asks the rule in package collateral, and writes the change with what must follow from
// it (audit entry, job) in one transaction. The package knows no HTTP, no pages and no engine by name.
package registry

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/search"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// The kinds of work that follow a change.
const (
	JobExtract = "extract" // read the text of a version; the key is the version's id
	JobIndex   = "index"   // bring the search index up to date with an asset; the key is the asset's id
)

// Registry holds the use cases and the engines they need.
type Registry struct {
	Store     *store.Store
	Blobs     blob.Store
	Index     search.Index // nil in a command that does not search
	Text      extract.Runner
	Usage     *usage.Usage // nil in a command that serves nobody
	MaxUpload int64        // bytes
}

// asset loads a piece that the actor may see.
func (r *Registry) asset(ctx context.Context, tx *store.Store, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	return tx.Asset(ctx, collateral.ScopeOf(actor), id)
}

// locked loads a piece that the actor may see and keeps others from changing it until the transaction ends.
func (r *Registry) locked(ctx context.Context, tx *store.Store, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	if err := tx.LockAsset(ctx, id); err != nil {
		return nil, err
	}
	return r.asset(ctx, tx, actor, id)
}

func audit(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, asset uuid.UUID, detail string) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "asset", SubjectID: asset.String(), Detail: detail})
}
