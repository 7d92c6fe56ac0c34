package minioblob_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"collateral/internal/blob"
	"collateral/internal/blob/blobtest"
	"collateral/internal/blob/minioblob"
	"collateral/internal/blob/s3test"
)

func TestStore(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	blobtest.Run(t, func(t *testing.T) blobtest.Opened { return opened(t, server, server.BucketURL()) })
}

func TestStoreBelowPrefix(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	blobtest.Run(t, func(t *testing.T) blobtest.Opened { return opened(t, server, server.URLBelow("some/where")) })
}

// opened is a store that is to leave nothing in its bucket but blobs.
func opened(t *testing.T, server *s3test.Server, address string) blobtest.Opened {
	t.Cleanup(func() { wantNothingUnfinished(t, address) })
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return blobtest.Opened{Store: mustOpenStore(t, address), Damage: func(t *testing.T, digest string, content []byte) {
		file := filepath.Join(server.Folder(at.Host), filepath.FromSlash(at.Path), filepath.FromSlash(blob.Key(digest)))
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}}
}

// A large blob is copied by the store in several requests.
func TestPutOfMoreThanOneCopy(t *testing.T) {
	t.Parallel()
	address := s3test.Shared(t).BucketURL()
	s := mustOpenStore(t, address)
	s.CopyInPartsOf(6 << 20)
	info := mustPut(t, s, random(13<<20))
	if err := blob.Verify(t.Context(), s, info.SHA256); err != nil || info.Size != 13<<20 {
		t.Errorf("got %d bytes, %v, want %d", info.Size, err, 13<<20)
	}
	wantNothingUnfinished(t, address)
}

func keys() minioblob.Keys { return minioblob.Keys{Access: s3test.Access, Secret: s3test.Secret} }

func mustOpenStore(t testing.TB, address string) *minioblob.Store {
	t.Helper()
	s, err := openStore(t, address, keys())
	if err != nil {
		t.Fatalf("Open(%s): %v", address, err)
	}
	return s
}

func openStore(t testing.TB, address string, keys minioblob.Keys) (*minioblob.Store, error) {
	t.Helper()
	place, err := minioblob.ParsePlace(address)
	if err != nil {
		t.Fatalf("ParsePlace(%s): %v", address, err)
	}
	return minioblob.Open(t.Context(), place, keys)
}

// bare is a client beside the store, and the store's bucket.
func bare(t testing.TB, address string) (minio.Core, string) {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := url.Parse(at.Query().Get("endpoint"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := minio.New(endpoint.Host, &minio.Options{Creds: credentials.NewStaticV4(s3test.Access, s3test.Secret, ""), Region: s3test.Region})
	if err != nil {
		t.Fatal(err)
	}
	return minio.Core{Client: client}, at.Host
}

// unfinished returns the keys of uploads that are not complete, and of objects that are not blobs.
func unfinished(t testing.TB, address string) (keys []string) {
	t.Helper()
	core, bucket := bare(t, address)
	ctx := context.WithoutCancel(t.Context()) // also at the end of a test
	uploads, err := core.ListMultipartUploads(ctx, bucket, "", "", "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range uploads.Uploads {
		keys = append(keys, u.Key)
	}
	for object := range core.ListObjectsIter(ctx, bucket, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			t.Fatal(object.Err)
		}
		if name := filepath.Base(object.Key); !blob.IsDigest(name) && name != "probe" {
			keys = append(keys, object.Key)
		}
	}
	return keys
}

func wantNothingUnfinished(t testing.TB, address string) {
	t.Helper()
	if t.Failed() {
		return
	}
	if left := unfinished(t, address); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func random(size int) []byte {
	b := make([]byte, size)
	rand.Read(b)
	return b
}

func mustPut(t testing.TB, s *minioblob.Store, b []byte) blob.Info {
	t.Helper()
	info, err := s.Put(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatalf("Put of %d bytes: %v", len(b), err)
	}
	return info
}
