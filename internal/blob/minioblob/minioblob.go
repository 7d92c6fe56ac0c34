// Package minioblob keeps blobs as objects of a bucket, on any store that speaks S3. It knows no other engine, and nothing
// of what the bytes mean.
//
// The bucket looks like this, below the prefix if there is one. No key is the folder of another:
//
//	sha256/ab/cd/abcd...   a blob under its digest
//	tmp/put-RANDOM         a large Put under way, or left behind by a process that was killed
//	tmp/stale-DIGEST       says that a sweep is about to take the blob away
//	tmp/probe              written to find out whether something can be
//
// What an upload takes of memory is bounded: four parts of 8 MiB each, of which one is filled while three are sent. With the
// 10,000 parts that S3 allows, a blob may have 78 GiB.
package minioblob

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// Store is a blob.Store on a bucket.
type Store struct {
	// Patience is how long the store may take to answer one request, or to take or give the next bytes, before it counts
	// as unavailable. Set it before the store is used.
	Patience time.Duration

	place    Place
	core     minio.Core
	public   *minio.Client // signs links, for the address under which others reach the store
	copySize int64         // how much one request has the store copy, in bytes
	parts    sync.Pool     // of *[partSize]byte

	mu        sync.Mutex
	leftovers []leftover
}

// patience is the default of Store.Patience.
const patience = 30 * time.Second

var (
	_ blob.Store   = (*Store)(nil)
	_ blob.Sweeper = (*Store)(nil)
	_ blob.Prober  = (*Store)(nil)
	_ blob.Marker  = (*Store)(nil)
	_ blob.Linker  = (*Store)(nil)
)

// Open returns the store at a place after it has written there, to find out whether it can. An error is one sentence that
// names the setting to look at, and holds no key.
func Open(ctx context.Context, place Place, keys Keys) (*Store, error) {
	client, err := newClient(place, place.Endpoint, keys)
	if err != nil {
		return nil, err
	}
	public, err := newClient(place, place.Public, keys)
	if err != nil {
		return nil, err
	}
	s := &Store{
		Patience: patience, place: place, core: minio.Core{Client: client}, public: public, copySize: copySize,
		parts: sync.Pool{New: func() any { return new([partSize]byte) }},
	}
	if err := s.begin(ctx); err != nil {
		return nil, explain(place, err)
	}
	return s, nil
}

// begin makes the bucket if it may and must, and writes to it.
func (s *Store) begin(ctx context.Context) error {
	// Other than asking for the bucket's head, listing is refused with a reason.
	if _, err := s.listPage(ctx, tempPrefix, ""); err != nil {
		if !s.place.Create || codeOf(err) != minio.NoSuchBucket {
			return err
		}
		err := s.try(ctx, func(ctx context.Context) error {
			return s.core.MakeBucket(ctx, s.place.Bucket, minio.MakeBucketOptions{Region: s.place.Region})
		})
		if err != nil && codeOf(err) != minio.BucketAlreadyOwnedByYou { // by another process, meanwhile
			return err
		}
	}
	return s.Probe(ctx)
}

// Probe implements blob.Prober: it writes a byte.
func (s *Store) Probe(ctx context.Context) error {
	if err := s.putObject(ctx, s.place.key(probeName), []byte{0}); err != nil {
		return fmt.Errorf("probing bucket %s: %w", s.place.Bucket, err)
	}
	return nil
}

// Link implements blob.Linker. It asks nobody: an address is signed with the keys.
func (s *Store) Link(ctx context.Context, digest string, headers blob.LinkHeaders, expires time.Duration) (string, error) {
	if !blob.IsDigest(digest) {
		return "", blob.ErrNotFound
	}
	address, err := s.public.PresignedGetObject(ctx, s.place.Bucket, s.place.key(blob.Key(digest)), expires, queryOf(headers))
	if err != nil {
		return "", fmt.Errorf("signing a link to blob %s: %w", digest, err)
	}
	return address.String(), nil
}
