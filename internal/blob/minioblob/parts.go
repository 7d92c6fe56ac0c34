package minioblob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"
	"golang.org/x/sync/errgroup"

	"collateral/internal/blob"
)

const (
	partSize = 8 << 20
	maxParts = 10_000 // by the protocol
	inFlight = 3      // parts of one upload that are sent while the next one is filled

	// copySize is the default of Store.copySize. A store reads, hashes and writes what it copies, request by request, so it is
	// done sooner with several at a time.
	copySize     = 16 << 20
	copyInFlight = 4
)

// upload is a blob on its way to its temporary key. Only what is sent of a part is used by more than one goroutine.
type upload struct {
	*Store
	key  string
	id   string
	size int64
	sent []*minio.CompletePart
}

// putParts stores a blob whose first part is read.
func (s *Store) putParts(ctx context.Context, r io.Reader, first *[partSize]byte) (blob.Info, error) {
	u := &upload{Store: s, key: s.newTempKey()}
	err := s.try(ctx, func(ctx context.Context) (err error) {
		u.id, err = s.core.NewMultipartUpload(ctx, s.place.Bucket, u.key, minio.PutObjectOptions{ServerSideEncryption: s.place.SSE})
		return err
	})
	if err != nil {
		return blob.Info{}, err
	}
	digest, err := u.send(ctx, r, first)
	if err == nil {
		err = u.complete(ctx)
	}
	if err != nil {
		s.clear(ctx, leftover{key: u.key, upload: u.id})
		return blob.Info{}, err
	}
	defer s.clear(ctx, leftover{key: u.key})
	return s.settle(ctx, digest, u.size, func() error { return s.install(ctx, u.key, digest, u.size) })
}

// send reads the content to its end, sends it part by part, and returns its digest.
func (u *upload) send(ctx context.Context, r io.Reader, first *[partSize]byte) (digest string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sending, partsCtx := errgroup.WithContext(ctx)
	free := make(chan *[partSize]byte, inFlight+1)
	for range inFlight {
		part := u.parts.Get().(*[partSize]byte) //nolint:forcetypeassert // nothing else is in the pool
		defer u.parts.Put(part)
		free <- part
	}
	hash := sha256.New()
	part, n, ended := first, partSize, false
	for {
		_, _ = hash.Write(part[:n]) // documented never to fail
		u.size += int64(n)
		full, size, done := part, n, &minio.CompletePart{PartNumber: len(u.sent) + 1}
		u.sent = append(u.sent, done)
		sending.Go(func() error {
			defer func() { free <- full }()
			return u.sendPart(partsCtx, full[:size], done)
		})
		if ended {
			break
		}
		if len(u.sent) == maxParts {
			err = fmt.Errorf("a blob has at most %d bytes here", int64(maxParts)*partSize)
			break
		}
		select {
		case part = <-free:
			n, ended, err = fill(partsCtx, r, part[:])
		case <-partsCtx.Done():
			err = partsCtx.Err()
		}
		if err != nil || n == 0 {
			break
		}
	}
	if err != nil {
		cancel()
	}
	// Whose error ended the others' work is the one to tell.
	if failed := sending.Wait(); failed != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = failed
	}
	return hex.EncodeToString(hash.Sum(nil)), err
}

// sendPart sends one part. The store compares what arrives with the hash that is signed.
func (u *upload) sendPart(ctx context.Context, content []byte, done *minio.CompletePart) error {
	sum := sha256.Sum256(content)
	return u.try(ctx, func(ctx context.Context) error {
		part, err := u.core.PutObjectPart(ctx, u.place.Bucket, u.key, u.id, done.PartNumber, bytes.NewReader(content), int64(len(content)),
			minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(sum[:]), DisableContentSha256: true}) // it would hash once more
		done.ETag = part.ETag
		return err
	})
}

// complete makes one object of the parts.
func (u *upload) complete(ctx context.Context) error {
	parts := make([]minio.CompletePart, len(u.sent))
	for i, p := range u.sent {
		parts[i] = *p
	}
	return u.tryFor(ctx, u.copyPatience(u.size), func(ctx context.Context) error {
		_, err := u.core.CompleteMultipartUpload(ctx, u.place.Bucket, u.key, u.id, parts, minio.PutObjectOptions{})
		if codeOf(err) == minio.NoSuchUpload {
			// An attempt before this one may have succeeded, and its answer been lost.
			if object, lost := u.core.StatObject(ctx, u.place.Bucket, u.key, minio.StatObjectOptions{}); lost == nil && object.Size == u.size {
				return nil
			}
		}
		return err
	})
}

// installParts is install for what is too large to be copied by one request.
func (s *Store) installParts(ctx context.Context, temp, key string, size int64) error {
	var id string
	err := s.try(ctx, func(ctx context.Context) (err error) {
		id, err = s.core.NewMultipartUpload(ctx, s.place.Bucket, key, minio.PutObjectOptions{ServerSideEncryption: s.place.SSE})
		return err
	})
	if err != nil {
		return err
	}
	u := &upload{Store: s, key: key, id: id, size: size}
	copying, partsCtx := errgroup.WithContext(ctx)
	copying.SetLimit(copyInFlight)
	for from := int64(0); from < size; from += s.copySize {
		done := &minio.CompletePart{PartNumber: len(u.sent) + 1}
		u.sent = append(u.sent, done)
		copying.Go(func() error { return u.copyPart(partsCtx, temp, from, done) })
	}
	err = copying.Wait()
	if err == nil {
		err = u.complete(ctx)
	}
	if err != nil {
		s.clear(ctx, leftover{key: key, upload: id})
	}
	return err
}

// copyPart has the store copy a part of a temporary object.
func (u *upload) copyPart(ctx context.Context, temp string, from int64, done *minio.CompletePart) error {
	length := min(u.copySize, u.size-from)
	return u.tryFor(ctx, u.copyPatience(length), func(ctx context.Context) error {
		part, err := u.core.CopyObjectPart(ctx, u.place.Bucket, temp, u.place.Bucket, u.key, u.id, done.PartNumber, from, length, nil)
		done.ETag = part.ETag
		return err
	})
}
