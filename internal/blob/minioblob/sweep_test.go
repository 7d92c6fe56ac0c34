package minioblob_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
	"collateral/internal/blob/s3test"
)

func TestSweepUnfinished(t *testing.T) {
	t.Parallel()
	address := s3test.Shared(t).BucketURL()
	s := mustOpenStore(t, address)
	info := mustPut(t, s, random(1000))
	core, bucket := bare(t, address)
	upload, err := core.NewMultipartUpload(t.Context(), bucket, "tmp/put-1", minio.PutObjectOptions{})
	if err == nil {
		_, err = core.PutObjectPart(t.Context(), bucket, "tmp/put-1", upload, 1, bytes.NewReader([]byte("half")), 4, minio.PutObjectPartOptions{})
	}
	if err == nil {
		_, err = core.PutObject(t.Context(), bucket, "tmp/put-2", bytes.NewReader([]byte("whole")), 5, "", "", minio.PutObjectOptions{})
	}
	if err == nil {
		_, err = core.NewMultipartUpload(t.Context(), bucket, "somebody/else", minio.PutObjectOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if removed, err := s.SweepUnfinished(t.Context(), time.Now().Add(-time.Hour)); removed != 0 || err != nil {
		t.Errorf("sweeping what is young: got %d, %v, want 0", removed, err)
	}
	// The upload, its object, and the probe.
	if removed, err := s.SweepUnfinished(t.Context(), time.Now().Add(time.Minute)); removed != 3 || err != nil {
		t.Errorf("sweeping: got %d, %v, want 3", removed, err)
	}
	if left := unfinished(t, address); len(left) != 1 || left[0] != "somebody/else" {
		t.Errorf("left: %q, want what is somebody else's", left)
	}
	if err := blob.Verify(t.Context(), s, info.SHA256); err != nil {
		t.Errorf("a blob after sweeping: %v", err)
	}
}

// Bytes that are stored again while their old copy is swept are there afterwards, whoever was quicker.
func TestSweepSparesWhatIsStoredAgain(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	address := server.BucketURL()
	s, other := mustOpenStore(t, address), mustOpenStore(t, address)
	_, bucket := bare(t, address)
	content := random(1000)
	digest := mustPut(t, s, content).SHA256
	file := filepath.Join(server.Folder(bucket), filepath.FromSlash(blob.Key(digest)))
	for range 30 {
		now := time.Now()
		if err := os.Chtimes(file, now, now.Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := s.Put(t.Context(), bytes.NewReader(content)); err != nil {
				t.Errorf("Put: %v", err)
			}
		})
		both.Go(func() {
			if err := other.DeleteStale(t.Context(), digest, now.Add(-24*time.Hour)); err != nil {
				t.Errorf("DeleteStale: %v", err)
			}
		})
		both.Wait()
		if _, err := s.Stat(t.Context(), digest); err != nil {
			t.Fatalf("the bytes that were stored again: %v", err)
		}
	}
	wantNothingUnfinished(t, address)
}
