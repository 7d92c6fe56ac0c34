package minioblob

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// Delete implements blob.Store. In a bucket that keeps versions the bytes stay as an old one: let the bucket expire those.
func (s *Store) Delete(ctx context.Context, digest string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !blob.IsDigest(digest) {
		return nil
	}
	if err := s.remove(ctx, leftover{key: s.place.key(blob.Key(digest))}); err != nil && !isNotFound(err) {
		return fmt.Errorf("deleting blob %s: %w", digest, err)
	}
	return nil
}

// All implements blob.Lister. Objects that are not blobs are passed over.
func (s *Store) All(ctx context.Context, yield func(blob.Info) error) error {
	return s.list(ctx, blobPrefix, func(object minio.ObjectInfo) error {
		digest, ok := blob.DigestOf(strings.TrimPrefix(object.Key, s.place.Prefix))
		if !ok {
			return nil
		}
		return yield(infoOf(digest, object))
	})
}

// blobPrefix begins every blob.Key.
const blobPrefix = "sha256/"

// list calls yield for each object whose name begins with prefix.
func (s *Store) list(ctx context.Context, prefix string, yield func(minio.ObjectInfo) error) error {
	after := ""
	for {
		page, err := s.listPage(ctx, prefix, after)
		if err != nil {
			return fmt.Errorf("listing bucket %s: %w", s.place.Bucket, err)
		}
		for _, object := range page {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := yield(object); err != nil {
				return err
			}
			after = object.Key
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// pageSize is how much of a list is asked for at a time, and held in memory.
const pageSize = 1000

// listPage returns the next objects after a key. What is done with them may take long, and no request waits for it.
func (s *Store) listPage(ctx context.Context, prefix, after string) (page []minio.ObjectInfo, err error) {
	err = s.try(ctx, func(ctx context.Context) error {
		page = page[:0]
		options := minio.ListObjectsOptions{Prefix: s.place.key(prefix), StartAfter: after, Recursive: true, MaxKeys: pageSize}
		for object := range s.core.ListObjectsIter(ctx, s.place.Bucket, options) {
			if object.Err != nil {
				return object.Err
			}
			if page = append(page, object); len(page) == pageSize {
				break
			}
		}
		return ctx.Err() // with which a list ends as if it were complete
	})
	return page, err
}

// DeleteStale implements blob.Sweeper. settle says how it keeps out of the way of a Put, in whatever process.
func (s *Store) DeleteStale(ctx context.Context, digest string, before time.Time) error {
	// Most are young, and none of those has to be marked.
	if info, err := s.Stat(ctx, digest); isNotFound(err) || err == nil && !info.ModTime.Before(before) {
		return nil
	} else if err != nil {
		return err
	}
	if err := s.deleteStale(ctx, digest, before); err != nil {
		return fmt.Errorf("deleting stale blob %s: %w", digest, err)
	}
	return nil
}

// sweepTime bounds how long a mark counts, and so how long a sweep that was killed holds up a Put of the same bytes. The
// deletion itself is given half of it.
const sweepTime = 20 * time.Second

func (s *Store) deleteStale(ctx context.Context, digest string, before time.Time) error {
	mark := s.place.key(stalePrefix + digest)
	defer s.clear(ctx, leftover{key: mark})
	ctx, cancel := context.WithTimeout(ctx, sweepTime/2)
	defer cancel()
	if err := s.putObject(ctx, mark, []byte{0}); err != nil {
		return err
	}
	info, err := s.Stat(ctx, digest)
	if isNotFound(err) || err == nil && !info.ModTime.Before(before) {
		return nil // stored again meanwhile
	}
	if err != nil {
		return err
	}
	return s.Delete(ctx, digest)
}

// awaitSweep waits until no sweep has its mark at a blob. One that a killed sweep left counts for sweepTime.
func (s *Store) awaitSweep(ctx context.Context, digest string) error {
	for began := time.Now(); time.Since(began) < sweepTime; {
		mark, err := s.stat(ctx, s.place.key(stalePrefix+digest))
		if isNotFound(err) || err == nil && time.Since(mark.LastModified) > sweepTime {
			return nil
		}
		if err == nil {
			err = pause(ctx, firstPause)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SweepUnfinished implements blob.Sweeper: it takes away the parts of uploads that were not completed, and the objects of
// those that were and not copied. Some stores list no unfinished uploads; those take them away by themselves.
func (s *Store) SweepUnfinished(ctx context.Context, before time.Time) (removed int, err error) {
	s.clearLeftovers(ctx)
	err = s.list(ctx, tempPrefix, func(object minio.ObjectInfo) error {
		if !object.LastModified.Before(before) {
			return nil
		}
		removed++
		return s.remove(ctx, leftover{key: object.Key})
	})
	if err != nil {
		return removed, fmt.Errorf("sweeping bucket %s: %w", s.place.Bucket, err)
	}
	aborted, err := s.sweepUploads(ctx, before)
	if err != nil {
		return removed + aborted, fmt.Errorf("sweeping bucket %s: %w", s.place.Bucket, err)
	}
	return removed + aborted, nil
}

func (s *Store) sweepUploads(ctx context.Context, before time.Time) (aborted int, err error) {
	var keyMarker, idMarker string
	for {
		var page minio.ListMultipartUploadsResult
		err := s.try(ctx, func(ctx context.Context) (err error) {
			page, err = s.core.ListMultipartUploads(ctx, s.place.Bucket, s.place.Prefix, keyMarker, idMarker, "", pageSize)
			return err
		})
		if err != nil {
			return aborted, err
		}
		for _, u := range page.Uploads {
			name := strings.TrimPrefix(u.Key, s.place.Prefix)
			if !strings.HasPrefix(name, putPrefix) && !strings.HasPrefix(name, blobPrefix) {
				continue
			}
			idle, err := s.isIdle(ctx, u, before)
			if err != nil {
				return aborted, err
			}
			if !idle {
				continue
			}
			if err := s.remove(ctx, leftover{key: u.Key, upload: u.UploadID}); err != nil {
				return aborted, err
			}
			aborted++
		}
		if !page.IsTruncated {
			return aborted, nil
		}
		keyMarker, idMarker = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

// isIdle tells whether an upload was neither begun nor gone on with since a time.
func (s *Store) isIdle(ctx context.Context, u minio.ObjectMultipartInfo, before time.Time) (bool, error) {
	if !u.Initiated.Before(before) {
		return false, nil
	}
	after := 0
	for {
		var page minio.ListObjectPartsResult
		err := s.try(ctx, func(ctx context.Context) (err error) {
			page, err = s.core.ListObjectParts(ctx, s.place.Bucket, u.Key, u.UploadID, after, pageSize)
			return err
		})
		if errors.Is(err, blob.ErrNotFound) || codeOf(err) == minio.NoSuchUpload {
			return false, nil // it has ended meanwhile
		}
		if err != nil {
			return false, err
		}
		for _, part := range page.ObjectParts {
			if !part.LastModified.Before(before) {
				return false, nil
			}
		}
		if !page.IsTruncated {
			return true, nil
		}
		after = page.NextPartNumberMarker
	}
}
