package minioblob

import (
	"context"
	"errors"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// leftover is what a Put no longer needs: an upload that was not completed, or else an object.
type leftover struct{ key, upload string }

const (
	// clearTime bounds the clearing up after a Put, which goes on when whoever asked for that has gone.
	clearTime = 5 * time.Second
	// maxLeftovers bounds what is remembered; what is beyond it is swept.
	maxLeftovers = 1000
)

// clear removes what a Put left. What cannot be removed now is tried again by the next Put, and swept in the end.
func (s *Store) clear(ctx context.Context, l leftover) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
	defer cancel()
	if err := s.remove(ctx, l); err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.leftovers) < maxLeftovers {
		s.leftovers = append(s.leftovers, l)
	}
}

// clearLeftovers tries once more what could not be removed before.
func (s *Store) clearLeftovers(ctx context.Context) {
	s.mu.Lock()
	again := s.leftovers
	s.leftovers = nil
	s.mu.Unlock()
	for _, l := range again {
		s.clear(ctx, l)
	}
}

func (s *Store) remove(ctx context.Context, l leftover) error {
	return s.try(ctx, func(ctx context.Context) error {
		if l.upload == "" {
			return s.core.RemoveObject(ctx, s.place.Bucket, l.key, minio.RemoveObjectOptions{})
		}
		err := s.core.AbortMultipartUpload(ctx, s.place.Bucket, l.key, l.upload)
		if codeOf(err) == minio.NoSuchUpload {
			return nil
		}
		return err
	})
}

func isNotFound(err error) bool { return errors.Is(err, blob.ErrNotFound) }
