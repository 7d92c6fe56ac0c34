package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// objectStore is an S3 server with an empty bucket.
type objectStore struct {
	cmd    *exec.Cmd
	folder string
	url    string // as BLOB_URL
	client *minio.Client
}

// The bucket, and the key of the only user.
const (
	storeBucket = "bench"
	storeKey    = "bench-key-and-secret"
)

// errNoStore says that this machine has no S3 server.
var errNoStore = errors.New("there is no versitygw here; scripts/test-setup builds it")

// startStore starts the S3 server that scripts/test-setup built.
func (b *bench) startStore(ctx context.Context) (*objectStore, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, errNoStore
	}
	program := filepath.Join(cache, "collateral", "bin", "versitygw")
	if _, err := os.Stat(program); err != nil {
		return nil, errNoStore
	}
	s := new(objectStore)
	if s.folder, err = b.place("s3"); err != nil {
		return nil, err
	}
	for _, folder := range []string{"objects", "said"} {
		if err := os.Mkdir(filepath.Join(s.folder, folder), 0o700); err != nil {
			return nil, err
		}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	s.cmd = exec.CommandContext(ctx, program, "--port", address, "--keep-alive", "--quiet",
		"posix", "--sidecar", filepath.Join(s.folder, "said"), filepath.Join(s.folder, "objects"))
	s.cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+storeKey, "ROOT_SECRET_KEY="+storeKey)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.url = fmt.Sprintf("s3://%s?endpoint=http://%s", storeBucket, address)
	s.client, err = minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(storeKey, storeKey, ""), Region: "us-east-1"})
	if err == nil {
		err = s.makeBucket(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.end())
	}
	return s, nil
}

// makeBucket waits for the server with it.
func (s *objectStore) makeBucket(ctx context.Context) (err error) {
	for began := time.Now(); time.Since(began) < startup; {
		if err = s.client.MakeBucket(ctx, storeBucket, minio.MakeBucketOptions{}); err == nil {
			return nil
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("the S3 server was not ready within %s: %w", startup, err)
}

// flags has the program keep its files there.
func (s *objectStore) flags(more ...string) []string {
	return append([]string{"--blob-url", s.url}, more...)
}

func (s *objectStore) end() error {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed
	return os.RemoveAll(s.folder)
}

// storeEnvironment is what the program needs of the environment to get at the store.
func storeEnvironment() []string {
	return []string{"S3_ACCESS_KEY=" + storeKey, "S3_SECRET_KEY=" + storeKey}
}

// isStoreVariable tells whether a variable would configure the program's way to a store.
func isStoreVariable(name string) bool {
	return strings.HasPrefix(name, "S3_") || strings.HasPrefix(name, "AWS_")
}
