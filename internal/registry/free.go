package registry

import (
	"context"
	"time"

	"collateral/internal/blob"
	"collateral/internal/store"
)

// free deletes blobs that no unpurged version uses, after the change is committed that ceased to use them. What cannot be
// deleted now is swept later.
func (r *Registry) free(ctx context.Context, digests ...string) {
	ctx = context.WithoutCancel(ctx)
	for _, digest := range digests {
		if err := r.freeBlob(ctx, digest); err != nil {
			r.Log.Warn("bytes that nothing uses any more could not be deleted; they are swept later", "sha256", digest, "error", err)
		}
	}
}

// freeBlob deletes a blob that no unpurged version uses.
func (r *Registry) freeBlob(ctx context.Context, sha256 string) error {
	return r.unlessUsed(ctx, sha256, func() error { return r.Blobs.Delete(ctx, sha256) })
}

// unlessUsed calls remove when no unpurged version uses the blob, and drops its pictures. The lock orders it against uploads of the same bytes: an
// upload looks for its blob under the same lock before it commits.
func (r *Registry) unlessUsed(ctx context.Context, sha256 string, remove func() error) error {
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockBlob(ctx, sha256); err != nil {
			return err
		}
		used, err := tx.BlobInUse(ctx, sha256)
		if err != nil || used {
			return err
		}
		if err := tx.DeletePreview(ctx, sha256); err != nil {
			return err
		}
		return remove()
	})
}

// SweepBlobs removes what uploads left behind that did not end within age: bytes that nothing uses, since a crash came
// between their arrival and the commit of their version, and bytes that never arrived whole. A store that cannot be swept
// is left alone.
func (r *Registry) SweepBlobs(ctx context.Context, age time.Duration) error {
	blobs, ok := r.Blobs.(blob.Sweeper)
	if !ok {
		return nil
	}
	before := r.Store.Now().Add(-age)
	if _, err := blobs.SweepUnfinished(ctx, before); err != nil {
		return err
	}
	return blobs.All(ctx, func(info blob.Info) error {
		if info.ModTime.After(before) {
			return nil
		}
		// Without a lock: nearly all are in use, and those need none.
		if used, err := r.Store.BlobInUse(ctx, info.SHA256); err != nil || used {
			return err
		}
		return r.sweepBlob(ctx, blobs, info.SHA256, before)
	})
}

// sweepBlob is freeBlob for bytes that an upload may be storing again at this moment: those stay.
func (r *Registry) sweepBlob(ctx context.Context, blobs blob.Sweeper, sha256 string, before time.Time) error {
	return r.unlessUsed(ctx, sha256, func() error { return blobs.DeleteStale(ctx, sha256, before) })
}
