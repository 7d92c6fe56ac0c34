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

// freeBlob deletes a blob that no unpurged version uses. The lock orders it against uploads of the same bytes: an upload
// looks for its blob under the same lock before it commits.
func (r *Registry) freeBlob(ctx context.Context, sha256 string) error {
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockBlob(ctx, sha256); err != nil {
			return err
		}
		used, err := tx.BlobInUse(ctx, sha256)
		if err != nil || used {
			return err
		}
		return r.Blobs.Delete(ctx, sha256)
	})
}

// SweepBlobs frees blobs older than age that nothing uses: what a crash between the bytes' arrival and the commit of
// their version left behind. A store that cannot list its blobs is left alone.
func (r *Registry) SweepBlobs(ctx context.Context, age time.Duration) error {
	lister, ok := r.Blobs.(blob.Lister)
	if !ok {
		return nil
	}
	before := r.Store.Now().Add(-age)
	return lister.All(ctx, func(info blob.Info) error {
		if info.ModTime.After(before) {
			return nil
		}
		return r.freeBlob(ctx, info.SHA256)
	})
}
