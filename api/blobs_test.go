package api

import (
	"testing"

	"collateral/internal/blob"
	"collateral/internal/blob/diskblob"
	"collateral/internal/blob/minioblob"
	"collateral/internal/blob/s3test"
	"collateral/internal/store"
)

// newBlobs opens an empty place for files, of the kind that goes with a database, and returns the folder in which they lie.
func newBlobs(t testing.TB, dialect string) (blobs blob.Store, folder string) {
	t.Helper()
	var server *s3test.Server
	if dialect == store.Postgres {
		server = s3test.OrNone(t)
	}
	if server != nil {
		return bucketOn(t, server)
	}
	folder = t.TempDir()
	blobs, err := diskblob.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return blobs, folder
}

// bucketOn opens a new bucket on a server.
func bucketOn(t testing.TB, server *s3test.Server) (blobs *minioblob.Store, folder string) {
	t.Helper()
	place, err := minioblob.ParsePlace(server.BucketURL())
	if err != nil {
		t.Fatal(err)
	}
	blobs, err = minioblob.Open(t.Context(), place, minioblob.Keys{Access: s3test.Access, Secret: s3test.Secret})
	if err != nil {
		t.Fatal(err)
	}
	return blobs, server.Folder(place.Bucket)
}
