package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/store"
)

// ExtractText reads the text of a version's file for the search. What cannot be read is collateral all the same: the
// owner is told why. An error is returned only when another try may succeed.
func (r *Registry) ExtractText(ctx context.Context, version uuid.UUID) error {
	v, err := r.Store.VersionByID(ctx, version)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if v.Purged || v.IsLink() {
		return nil
	}
	file, info, err := r.checker.Open(ctx, r.Blobs, v.SHA256, v.Size)
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrDamaged) {
		return r.keepText(ctx, v, r.lost(v, err), nil)
	}
	if err != nil {
		return fmt.Errorf("opening the bytes of version %s: %w", v.ID, orRefusal(err))
	}
	defer file.Close()

	result, err := r.Text.Extract(ctx, v.MediaType, file, info.Size)
	if reason, ok := extract.ReasonFor(err); ok {
		return r.keepText(ctx, v, failed(v, reason.Sentence()), nil)
	}
	if errors.Is(err, blob.ErrDamaged) {
		return r.keepText(ctx, v, r.lost(v, err), nil)
	}
	if err != nil {
		return fmt.Errorf("reading the text of version %s: %w", v.ID, orRefusal(err))
	}
	read := collateral.Extraction{VersionID: v.ID, State: collateral.ExtractionDone, Reason: result.Note, Engine: result.Engine}
	if result.Empty() {
		read.State = collateral.ExtractionEmpty
		read.Reason = "There is no text in the file; perhaps it is made of pictures. It is found by title, summary and tags."
	}
	return r.keepText(ctx, v, read, result.Pages)
}

// lost reports bytes that are missing or not those that were uploaded.
func (r *Registry) lost(v *collateral.Version, err error) collateral.Extraction {
	r.Log.Error("the stored bytes of a version are missing or damaged", "version", v.ID, "sha256", v.SHA256, "error", err)
	return failed(v, "The file is missing or damaged in the store. Upload it again.")
}

func failed(v *collateral.Version, reason string) collateral.Extraction {
	return collateral.Extraction{VersionID: v.ID, State: collateral.ExtractionFailed, Reason: reason}
}

// keepText stores what was read and has the piece indexed if this version is what is published of it. It takes its turn
// with everything else that changes the piece: text that came between the steps of a deletion would keep it from ending,
// and text that came beside a purge would stay.
func (r *Registry) keepText(ctx context.Context, v *collateral.Version, e collateral.Extraction, pages []string) error {
	signature := signatureOf(pages)
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		err := tx.LockAsset(ctx, v.AssetID)
		if collateral.KindOf(err) == collateral.NotFound {
			return nil // deleted meanwhile
		}
		if err != nil {
			return err
		}
		if err := tx.SetExtraction(ctx, e, pages); err != nil {
			return err
		}
		if err := tx.SetSignature(ctx, v.ID, signature); err != nil {
			return err
		}
		a, err := tx.Asset(ctx, collateral.Scope{All: true}, v.AssetID)
		if err != nil {
			return err
		}
		if a.Publication == nil || a.Publication.VersionID != v.ID {
			return nil
		}
		return tx.Enqueue(ctx, JobIndex, v.AssetID)
	})
}
