package minioblob_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"collateral/internal/blob"
	"collateral/internal/blob/s3test"
)

// large is more than a part and more than what a connection buffers.
const large = 40 << 20

// halfway calls act when half of the content was read.
func halfway(content []byte, act func()) io.Reader {
	half := len(content) / 2
	return io.MultiReader(bytes.NewReader(content[:half]), actReader(act), bytes.NewReader(content[half:]))
}

type actReader func()

func (act actReader) Read([]byte) (int, error) { act(); return 0, io.EOF }

func TestServerStopsDuringPut(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	address := server.BucketURL()
	s := mustOpenStore(t, address)
	kept, lost := random(1000), random(large)
	info := mustPut(t, s, kept)

	if _, err := s.Put(t.Context(), halfway(lost, func() { server.Stop(t) })); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("Put to a server that stops: got %v, want %v", err, blob.ErrUnavailable)
	}
	if _, err := s.Stat(t.Context(), info.SHA256); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("Stat: got %v, want %v", err, blob.ErrUnavailable)
	}
	if err := s.Probe(t.Context()); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("Probe: got %v, want %v", err, blob.ErrUnavailable)
	}

	server.Restart(t)
	if err := blob.Verify(t.Context(), s, info.SHA256); err != nil {
		t.Errorf("what was there before: %v", err)
	}
	mustPut(t, s, lost)
	wantNothingUnfinished(t, address) // the next Put has cleared up after the one that failed
}

func TestServerHangs(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	address := server.BucketURL()
	s := mustOpenStore(t, address)
	s.Patience = 3 * time.Second
	content := random(large)
	info := mustPut(t, s, content)
	f, _, err := s.Open(t.Context(), info.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.CopyN(io.Discard, f, large/4); err != nil {
		t.Fatal(err)
	}

	began := time.Now()
	if _, err := s.Put(t.Context(), halfway(random(large), func() { server.Pause(t) })); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("Put to a server that hangs: got %v, want %v", err, blob.ErrUnavailable)
	}
	// What the server had sent already may still come.
	if n, err := io.Copy(io.Discard, f); !errors.Is(err, blob.ErrUnavailable) || n >= large*3/4 {
		t.Errorf("reading from a server that hangs: got %d bytes, %v, want %v", n, err, blob.ErrUnavailable)
	}
	if took := time.Since(began); took > 10*s.Patience {
		t.Errorf("it took %s to give up, want a few seconds", took)
	}

	server.Resume(t)
	if err := blob.Verify(t.Context(), s, info.SHA256); err != nil {
		t.Errorf("what was there before: %v", err)
	}
	mustPut(t, s, content)
	wantNothingUnfinished(t, address)
}

func TestLineIsCutDuringPut(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	line := server.NewLine(t)
	address := strings.Replace(server.BucketURL(), server.URL, line.URL, 1)
	s := mustOpenStore(t, address)
	for _, size := range []int{1 << 20, large} {
		line.CutUploads(512 << 10)
		content := random(size)
		if _, err := s.Put(t.Context(), bytes.NewReader(content)); !errors.Is(err, blob.ErrUnavailable) {
			t.Errorf("Put of %d bytes over a line that is cut: got %v, want %v", size, err, blob.ErrUnavailable)
		}
		line.CutUploads(0)
		wantNothingUnfinished(t, address)
		mustPut(t, s, content)
	}
}

// A connection that breaks while it is read from is made anew, and gone on with.
func TestLineIsCutDuringRead(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	line := server.NewLine(t)
	s := mustOpenStore(t, strings.Replace(server.BucketURL(), server.URL, line.URL, 1))
	info := mustPut(t, s, random(large))
	line.CutDownloads(9 << 20)
	if err := blob.Verify(t.Context(), s, info.SHA256); err != nil {
		t.Errorf("reading over a line that is cut now and then: %v", err)
	}
	line.CutDownloads(1 << 10)
	if err := blob.Verify(t.Context(), s, info.SHA256); !errors.Is(err, blob.ErrUnavailable) {
		t.Errorf("reading over a line that passes next to nothing: got %v, want %v", err, blob.ErrUnavailable)
	}
}
