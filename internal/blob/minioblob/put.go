package minioblob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// The names of objects that are not blobs.
const (
	tempPrefix  = "tmp/"
	putPrefix   = tempPrefix + "put-"
	stalePrefix = tempPrefix + "stale-"
	probeName   = tempPrefix + "probe"
)

// Put implements blob.Store. The digest of a blob, and so its key, is known when its last byte was read. One that fits into
// a part is stored then, by one request. A larger one is stored part by part under a temporary key as it comes, and then
// copied by the store itself; spooling it here first would need a disk of its size, and take the time of reading and of
// storing one after the other.
func (s *Store) Put(ctx context.Context, r io.Reader) (blob.Info, error) {
	info, err := s.put(ctx, r)
	if err != nil {
		return blob.Info{}, fmt.Errorf("storing blob: %w", err)
	}
	return info, nil
}

func (s *Store) put(ctx context.Context, r io.Reader) (blob.Info, error) {
	s.clearLeftovers(ctx)
	first := s.parts.Get().(*[partSize]byte) //nolint:forcetypeassert // nothing else is in the pool
	defer s.parts.Put(first)
	n, ended, err := fill(ctx, r, first[:])
	if err != nil {
		return blob.Info{}, err
	}
	if !ended {
		return s.putParts(ctx, r, first)
	}
	sum := sha256.Sum256(first[:n])
	digest := hex.EncodeToString(sum[:])
	return s.settle(ctx, digest, int64(n), func() error {
		return s.putObject(ctx, s.place.key(blob.Key(digest)), first[:n])
	})
}

// putObject stores an object by one request. The store compares what arrives with the hash that is signed.
func (s *Store) putObject(ctx context.Context, key string, content []byte) error {
	sum := sha256.Sum256(content)
	return s.try(ctx, func(ctx context.Context) error {
		_, err := s.core.PutObject(ctx, s.place.Bucket, key, bytes.NewReader(content), int64(len(content)), "", hex.EncodeToString(sum[:]),
			minio.PutObjectOptions{ServerSideEncryption: s.place.SSE, DisableContentSha256: true}) // it would hash once more
		return err
	})
}

// settle stores a blob and makes sure that it stays: one that was there before may be on its way out at this moment. A sweep
// leaves a mark before it looks how old a blob is. So, with the blob stored, either there is no mark, and a sweep that comes
// now finds a young blob, and one that has ended has taken the blob away or not; or there is one, and its end is waited for.
func (s *Store) settle(ctx context.Context, digest string, size int64, store func() error) (blob.Info, error) {
	for range attempts {
		if err := store(); err != nil {
			return blob.Info{}, err
		}
		if err := s.awaitSweep(ctx, digest); err != nil {
			return blob.Info{}, err
		}
		info, err := s.Stat(ctx, digest)
		if err == nil && info.Size != size {
			return blob.Info{}, fmt.Errorf("blob %s was stored with %d bytes of %d: %w", digest, info.Size, size, blob.ErrDamaged)
		}
		if !isNotFound(err) {
			return info, err
		}
	}
	return blob.Info{}, fmt.Errorf("blob %s is not there each time it was stored: %w", digest, blob.ErrUnavailable)
}

// install gives a blob that lies under a temporary key its own.
func (s *Store) install(ctx context.Context, temp, digest string, size int64) error {
	key := s.place.key(blob.Key(digest))
	if size > s.copySize {
		if err := s.installParts(ctx, temp, key, size); codeOf(err) != minio.NotImplemented {
			return err
		}
		// Some stores copy whole objects only.
	}
	return s.tryFor(ctx, s.copyPatience(size), func(ctx context.Context) error {
		_, err := s.core.CopyObject(ctx, s.place.Bucket, temp, s.place.Bucket, key, s.sseHeaders(), minio.CopySrcOptions{}, minio.PutObjectOptions{})
		return err
	})
}

// copyPatience is how long the store may take to copy so many bytes: it answers when it is done.
func (s *Store) copyPatience(size int64) time.Duration {
	const bytesPerSecond = 8 << 20
	return s.Patience + time.Duration(size/bytesPerSecond)*time.Second
}

func (s *Store) sseHeaders() map[string]string {
	headers := make(map[string]string)
	if s.place.SSE != nil {
		h := make(http.Header)
		s.place.SSE.Marshal(h)
		for name := range h {
			headers[name] = h.Get(name)
		}
	}
	return headers
}

// newTempKey is a key that nobody else has.
func (s *Store) newTempKey() string { return s.place.key(putPrefix + rand.Text()) }

// readSize bounds one reading of the content: whoever counts it refuses what is too large before much more was read.
const readSize = 256 << 10

// fill reads until the part is full or the content has ended, and looks at ctx between reads.
func fill(ctx context.Context, r io.Reader, part []byte) (n int, ended bool, err error) {
	for n < len(part) {
		if err := ctx.Err(); err != nil {
			return n, false, err
		}
		more, err := r.Read(part[n:min(n+readSize, len(part))])
		n += more
		// Not errors.Is: readers wrap io.EOF to say that the content was cut short.
		if err == io.EOF {
			return n, true, ctx.Err()
		}
		if err != nil {
			return n, false, fmt.Errorf("reading the content: %w", err)
		}
	}
	return n, false, nil
}
