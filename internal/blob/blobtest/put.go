package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"collateral/internal/blob"
)

func roundTrip(t *testing.T, s blob.Store) {
	started := time.Now()
	for _, size := range []int{0, 1, 4096, 256 << 10, large} {
		b := content(1, size)
		info := mustPut(t, s, b)
		if want := digestOf(b); info.SHA256 != want {
			t.Errorf("digest of %d bytes: got %s, want %s", size, info.SHA256, want)
		}
		if info.Size != int64(size) {
			t.Errorf("size: got %d, want %d", info.Size, size)
		}
		// Object stores keep whole seconds, by a clock that is not ours.
		if age := started.Sub(info.ModTime); age > time.Minute || age < -time.Minute {
			t.Errorf("ModTime of %d bytes: got %v, want about %v", size, info.ModTime, started)
		}
		if info.ModTime.Location() != time.UTC {
			t.Errorf("ModTime of %d bytes is in %v, want UTC", size, info.ModTime.Location())
		}
		wantContent(t, s, info.SHA256, b)
	}
	// Readers that hand out one byte at a time, or data together with io.EOF, are rare and legal.
	for i, odd := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
		b := content(uint64(2+i), 70_000)
		info, err := s.Put(t.Context(), odd(bytes.NewReader(b)))
		if err != nil {
			t.Fatalf("Put from odd reader %d: %v", i, err)
		}
		wantContent(t, s, info.SHA256, b)
	}
}

func sameBytesTwice(t *testing.T, s blob.Store) {
	b := content(1, 100_000)
	first := mustPut(t, s, b)
	second := mustPut(t, s, b)
	if first.SHA256 != second.SHA256 || first.Size != second.Size {
		t.Errorf("second Put: got %+v, want the same blob as %+v", second, first)
	}
	if second.ModTime.Before(first.ModTime) {
		t.Errorf("second Put: ModTime went back from %v to %v", first.ModTime, second.ModTime)
	}
	wantContent(t, s, first.SHA256, b)
}

func concurrentPutsSame(t *testing.T, s blob.Store) {
	b := content(1, 300_000)
	infos := putAll(t, s, 8, func(int) []byte { return b })
	for i, info := range infos {
		if info.SHA256 != digestOf(b) {
			t.Errorf("Put %d: got digest %s, want %s", i, info.SHA256, digestOf(b))
		}
	}
	wantContent(t, s, digestOf(b), b)
}

func concurrentPutsDifferent(t *testing.T, s blob.Store) {
	of := func(i int) []byte { return content(uint64(i), 300_000+i) }
	for i, info := range putAll(t, s, 8, of) {
		wantContent(t, s, info.SHA256, of(i))
	}
}

// putAll stores n contents at the same time, each of which may be read as soon as its own Put has returned.
func putAll(t *testing.T, s blob.Store, n int, of func(i int) []byte) []blob.Info {
	t.Helper()
	infos := make([]blob.Info, n)
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			infos[i], errs[i] = s.Put(t.Context(), bytes.NewReader(of(i)))
			if errs[i] == nil {
				errs[i] = blob.Verify(t.Context(), s, infos[i].SHA256)
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("concurrent Put: %v", err)
	}
	return infos
}

func failingReader(t *testing.T, s blob.Store) {
	broken := errors.New("connection reset")
	for _, size := range []int{0, 1000, large} {
		b := content(1, size)
		_, err := s.Put(t.Context(), io.MultiReader(bytes.NewReader(b), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("Put of a reader that fails after %d bytes: got %v, want %v", size, err, broken)
		}
		if errors.Is(err, blob.ErrFull) {
			t.Errorf("Put of a failing reader: got %v, want no blob.ErrFull", err)
		}
		wantNothing(t, s, digestOf(b))
	}
}

// cutShortReader fails with an error that wraps io.EOF, as multipart readers do when the last boundary is missing.
func cutShortReader(t *testing.T, s blob.Store) {
	b := content(1, 1000)
	short := fmt.Errorf("no closing boundary: %w", io.EOF)
	if _, err := s.Put(t.Context(), io.MultiReader(bytes.NewReader(b), iotest.ErrReader(short))); err == nil {
		t.Error("Put of a reader that wraps io.EOF: got no error, want one")
	}
	wantNothing(t, s, digestOf(b))
}

func cancelledBefore(t *testing.T, s blob.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := content(1, 1000)
	if _, err := s.Put(ctx, bytes.NewReader(b)); !errors.Is(err, context.Canceled) {
		t.Errorf("Put with a cancelled context: got %v, want %v", err, context.Canceled)
	}
	wantNothing(t, s, digestOf(b))
}

func cancelledWhileReading(t *testing.T, s blob.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := content(1, large)
	half := large / 2
	r := io.MultiReader(
		bytes.NewReader(b[:half]),
		readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF }),
		bytes.NewReader(b[half:]),
	)
	if _, err := s.Put(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("Put with a context cancelled half-way: got %v, want %v", err, context.Canceled)
	}
	wantNothing(t, s, digestOf(b), digestOf(b[:half]))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
