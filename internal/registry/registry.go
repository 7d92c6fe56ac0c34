// Package registry holds the use cases on collateral: describe, upload, submit, sign off, publish, withdraw, find,
// open. Each loads what it needs, asks the rule in package collateral, and writes the change with what must follow from
// it (audit entry, job) in one transaction. The package knows no HTTP, no pages and no engine by name.
package registry

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/mail"
	"collateral/internal/office"
	"collateral/internal/render"
	"collateral/internal/search"
	"collateral/internal/store"
	"collateral/internal/usage"
	"collateral/internal/webhook"
)

// The kinds of work that follow a change.
const (
	JobExtract  = "extract"  // read the text of a version; the key is the version's id
	JobIndex    = "index"    // bring the search index up to date with an asset; the key is the asset's id
	JobSynonyms = "synonyms" // bring the search index up to date with the synonyms; the key is uuid.Nil
	JobMail     = "mail"     // mail a notice; the key is the notice's id
	JobPictures = "pictures" // make pictures of the pages of a version that is no PDF; the key is the version's id
	JobWebhook  = "webhook"  // tell another system of an event; the key is the delivery's id
)

// Registry holds the use cases and the engines they need.
type Registry struct {
	Store     *store.Store
	Blobs     blob.Store
	Index     search.Index // nil in a command that does not search
	Text      extract.Runner
	Pictures  *render.PDFium    // makes pictures of pages; nil where there is no PDFium
	Office    *office.Converter // turns slides and documents into PDFs; nil where there is no LibreOffice
	Usage     *usage.Usage      // nil in a command that serves nobody
	MaxUpload int64             // bytes
	// Links is how long an address is good for that leads to where a file lies; 0 for no such addresses.
	Links time.Duration
	// Mail takes mails of notices; nil where they stand on the pages only.
	Mail *mail.Server
	// Hooks tells other systems of events; nil where none is told.
	Hooks     *webhook.Sender
	PublicURL string       // where people find the pages, without a slash at the end; "" when that is not known
	Log       *slog.Logger // hears of what failed after a change was committed

	checker blob.Checker
	making  singleflight.Group // of pictures
}

// onAsset runs f in a transaction on a piece that the actor may see, once may allows it, and keeps others from changing
// the piece until the end. It returns the piece as the actor sees it then.
func (r *Registry) onAsset(ctx context.Context, actor collateral.Actor, id uuid.UUID,
	may func(collateral.Actor, *collateral.Asset) error, f func(tx *store.Store, a *collateral.Asset) error,
) (*collateral.Asset, error) {
	var after *collateral.Asset
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		a, err := locked(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := may(actor, a); err != nil {
			return err
		}
		if err := f(tx, a); err != nil {
			return err
		}
		after, err = seen(ctx, tx, actor, id)
		return err
	})
	return after, err
}

// locked loads a piece that the actor may see, and keeps others from changing it until the transaction ends.
func locked(ctx context.Context, tx *store.Store, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	if err := tx.LockAsset(ctx, id); err != nil {
		return nil, err
	}
	return tx.Asset(ctx, collateral.ScopeOf(actor), id)
}

// seen loads a piece as the actor sees it.
func seen(ctx context.Context, s *store.Store, actor collateral.Actor, id uuid.UUID) (*collateral.Asset, error) {
	a, err := s.Asset(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	return a, showPublished(ctx, s, actor, a)
}

// showPublished puts what Sales signed in place of what the next version will say, for everybody who does not make the
// piece: a rep acts on signed stages, roles and audience only.
func showPublished(ctx context.Context, s *store.Store, actor collateral.Actor, assets ...*collateral.Asset) error {
	tags, err := s.PublishedStages(ctx, assets)
	if err != nil {
		return err
	}
	for _, a := range assets {
		if a.Publication != nil && !a.IsContributor(actor.UserID) {
			a.Stages, a.Audience = tags[a.ID], a.Publication.Audience
		}
	}
	return nil
}

// mayEdit refuses everybody but those who make the piece.
func mayEdit(actor collateral.Actor, a *collateral.Asset) error {
	if a.IsContributor(actor.UserID) {
		return nil
	}
	return collateral.Errorf(collateral.Forbidden, "Only the owner and the co-authors work on this piece.")
}

// mayPublish refuses everybody but the owner and admins.
func mayPublish(actor collateral.Actor, a *collateral.Asset) error {
	if a.OwnerID == actor.UserID || actor.Is(collateral.Admin) {
		return nil
	}
	return collateral.Errorf(collateral.Forbidden, "Only the owner or an admin publishes and withdraws a piece.")
}

func audit(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, asset uuid.UUID, detail string) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "asset", SubjectID: asset.String(), Detail: detail})
}
