// Package s3test runs a real S3 server for tests. It knows nothing of what is kept there.
//
// The server is versitygw, which scripts/test-setup builds into the user's cache. Without it its tests are skipped, and fail
// when CI is set. It keeps objects as files in a temporary folder, and what is said of them in another, so it needs nothing
// of the file system.
package s3test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The keys of every server, and its region.
const (
	Access = "collateral-test"
	Secret = "collateral-test-secret"
	Region = "us-east-1"
)

// errNoProgram says that this machine has no S3 server.
var errNoProgram = errors.New("there is no versitygw in the user's cache: scripts/test-setup builds it")

// shared is the one server of a test binary, for tests that do not stop it.
var shared = sync.OnceValues(func() (*Server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	return s, s.start()
})

// Shared returns the server that the tests of a binary share. Each makes buckets of its own.
func Shared(t testing.TB) *Server {
	t.Helper()
	s, err := shared()
	unlessMissing(t, err)
	return s
}

// OrNone is Shared for tests that go on without a server; nil is none. With CI set that is a failure.
func OrNone(t testing.TB) *Server {
	t.Helper()
	s, err := shared()
	if errors.Is(err, errNoProgram) && os.Getenv("CI") == "" {
		t.Logf("NOT TESTED ON S3, but on a folder: %v", err)
		return nil
	}
	unlessMissing(t, err)
	return s
}

// Start starts a server of the test's own, which it may stop, pause and start again.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := newServer()
	if err == nil {
		t.Cleanup(s.end)
		err = s.start()
	}
	unlessMissing(t, err)
	return s
}

func unlessMissing(t testing.TB, err error) {
	t.Helper()
	switch {
	case errors.Is(err, errNoProgram) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED ON S3: %v", err)
	case err != nil:
		t.Fatalf("no S3 server to test on: %v", err)
	}
}

// BucketURL returns the address of a bucket that nobody else uses and that is made when it is opened, in the form of
// BLOB_URL. Options are added as they are, such as "sse=s3".
func (s *Server) BucketURL(options ...string) string { return s.address("", options) }

// URLBelow is BucketURL with a prefix of the keys.
func (s *Server) URLBelow(prefix string) string { return s.address("/"+prefix, nil) }

func (s *Server) address(path string, options []string) string {
	options = append([]string{"endpoint=" + s.URL, "create=true"}, options...)
	return fmt.Sprintf("s3://test-%d%s?%s", s.buckets.Add(1), path, strings.Join(options, "&"))
}

// Folder is where the server keeps the objects of a bucket as files.
func (s *Server) Folder(bucket string) string { return filepath.Join(s.folder, "objects", bucket) }

// program is where scripts/test-setup puts the server.
func program() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", errNoProgram
	}
	path := filepath.Join(cache, "collateral", "bin", "versitygw")
	if _, err := os.Stat(path); err != nil {
		return "", errNoProgram
	}
	return path, nil
}
