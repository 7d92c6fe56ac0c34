package registry_test

import (
	"testing"

	"collateral/internal/blob"
	"collateral/internal/blob/diskblob"
	"collateral/internal/blob/minioblob"
	"collateral/internal/blob/s3test"
	"collateral/internal/store"
)

// newBlobs opens an empty place for files, of the kind that goes with a database.
func newBlobs(t *testing.T, dialect string) blob.Store {
	t.Helper()
	var server *s3test.Server
	if dialect == store.Postgres {
		server = s3test.OrNone(t)
	}
	if server == nil {
		return must(diskblob.Open(t.TempDir()))(t)
	}
	place := must(minioblob.ParsePlace(server.BucketURL()))(t)
	return must(minioblob.Open(t.Context(), place, minioblob.Keys{Access: s3test.Access, Secret: s3test.Secret}))(t)
}
