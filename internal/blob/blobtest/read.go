package blobtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"collateral/internal/blob"
)

func seekAndRange(t *testing.T, s blob.Store) {
	b := content(1, large)
	r, _ := mustOpen(t, s, mustPut(t, s, b).SHA256)

	// This is how http.ServeContent asks for the size before it serves a range.
	end, err := r.Seek(0, io.SeekEnd)
	if err != nil || end != large {
		t.Fatalf("Seek to the end: got %d, %v, want %d", end, err, large)
	}
	ranges := []struct{ from, to int }{{0, 10}, {large - 10, large}, {1 << 20, 3 << 20}, {5, 5}, {256<<10 - 1, 256<<10 + 1}}
	for _, want := range ranges {
		if _, err := r.Seek(int64(want.from), io.SeekStart); err != nil {
			t.Fatalf("Seek to %d: %v", want.from, err)
		}
		got := make([]byte, want.to-want.from)
		if _, err := io.ReadFull(r, got); err != nil {
			t.Fatalf("reading %d to %d: %v", want.from, want.to, err)
		}
		if !bytes.Equal(got, b[want.from:want.to]) {
			t.Errorf("bytes %d to %d differ from what was stored", want.from, want.to)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("Seek before the start: got no error, want one")
	}
}

func readAt(t *testing.T, s blob.Store) {
	b := content(1, large)
	r, _ := mustOpen(t, s, mustPut(t, s, b).SHA256)
	if _, err := r.Seek(100, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	for _, from := range []int{large - 1000, 0, 3 << 20} {
		got := make([]byte, 1000)
		if n, err := r.ReadAt(got, int64(from)); n != len(got) || (err != nil && !errors.Is(err, io.EOF)) {
			t.Fatalf("ReadAt %d: got %d bytes, %v, want %d", from, n, err, len(got))
		}
		if !bytes.Equal(got, b[from:from+1000]) {
			t.Errorf("ReadAt %d: the bytes differ from what was stored", from)
		}
	}
	if n, err := r.ReadAt(make([]byte, 10), large-5); n != 5 || !errors.Is(err, io.EOF) {
		t.Errorf("ReadAt over the end: got %d bytes, %v, want 5, %v", n, err, io.EOF)
	}
	rest, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(rest, b[100:]) {
		t.Errorf("reading on after ReadAt: got %d bytes, %v, want %d from where Seek had left", len(rest), err, large-100)
	}
}

func twoReaders(t *testing.T, s blob.Store) {
	b := content(1, 10_000)
	digest := mustPut(t, s, b).SHA256
	first, _ := mustOpen(t, s, digest)
	if _, err := first.Seek(5000, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	wantContent(t, s, digest, b)
	rest, err := io.ReadAll(first)
	if err != nil || !bytes.Equal(rest, b[5000:]) {
		t.Errorf("first reader after the second has ended: got %d bytes, %v, want the last 5000", len(rest), err)
	}
}

func stat(t *testing.T, s blob.Store) {
	put := mustPut(t, s, content(1, 4321))
	got, err := s.Stat(t.Context(), put.SHA256)
	if err != nil {
		t.Fatalf("Stat: %v", err)
	}
	if got != put {
		t.Errorf("Stat: got %+v, want what Put returned, %+v", got, put)
	}
	if _, opened := mustOpen(t, s, put.SHA256); opened != put {
		t.Errorf("Open: got %+v, want what Put returned, %+v", opened, put)
	}
}

func notFound(t *testing.T, s blob.Store) {
	mustPut(t, s, content(1, 10))
	missing := digestOf(content(2, 10))
	if _, err := s.Stat(t.Context(), missing); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("Stat of what is not stored: got %v, want %v", err, blob.ErrNotFound)
	}
	if _, _, err := s.Open(t.Context(), missing); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("Open of what is not stored: got %v, want %v", err, blob.ErrNotFound)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Open(ctx, missing); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a cancelled context: got %v, want %v", err, context.Canceled)
	}
}

func hostileDigests(t *testing.T, s blob.Store) {
	b := content(1, 10)
	digest := mustPut(t, s, b).SHA256
	upper := bytes.ToUpper([]byte(digest))
	for _, hostile := range []string{
		"", ".", "..", "/", "../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "tmp", "sha256",
		digest[:63], digest + "0", digest + "/", "/" + digest, digest + "\x00", digest[:63] + "\n", digest[:63] + "*",
		digest[:60] + "/../", string(upper), blob.Key(digest),
	} {
		if _, err := s.Stat(t.Context(), hostile); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Stat(%q): got %v, want %v", hostile, err, blob.ErrNotFound)
		}
		if r, _, err := s.Open(t.Context(), hostile); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Open(%q): got %v, %v, want %v", hostile, r, err, blob.ErrNotFound)
		}
		if err := s.Delete(t.Context(), hostile); err != nil {
			t.Errorf("Delete(%q): got %v, want nil", hostile, err)
		}
	}
	wantContent(t, s, digest, b)
}

func openSized(t *testing.T, s blob.Store) {
	put := mustPut(t, s, content(1, 1000))
	r, _, err := blob.OpenSized(t.Context(), s, put.SHA256, 1000)
	if err != nil {
		t.Fatalf("OpenSized with the right size: %v", err)
	}
	r.Close()
	if _, _, err := blob.OpenSized(t.Context(), s, put.SHA256, 1001); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("OpenSized with another size: got %v, want %v", err, blob.ErrDamaged)
	}
	if _, _, err := blob.OpenSized(t.Context(), s, digestOf(nil), 0); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("OpenSized of what is not stored: got %v, want %v", err, blob.ErrNotFound)
	}
}

func verify(t *testing.T, s blob.Store) {
	put := mustPut(t, s, content(1, large))
	if err := blob.Verify(t.Context(), s, put.SHA256); err != nil {
		t.Errorf("Verify of a sound blob: got %v, want nil", err)
	}
	if err := blob.Verify(t.Context(), s, digestOf(nil)); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("Verify of what is not stored: got %v, want %v", err, blob.ErrNotFound)
	}
}

func list(t *testing.T, s blob.Store) {
	lister, ok := s.(blob.Lister)
	if !ok {
		t.Skip("this store cannot list: blob.Lister is an optional power")
	}
	want := make(map[string]blob.Info)
	for i := range 20 {
		info := mustPut(t, s, content(uint64(i), 100+i))
		want[info.SHA256] = info
	}
	got := listed(t, lister)
	if len(got) != len(want) {
		t.Errorf("All told %d blobs, want %d", len(got), len(want))
	}
	for digest, info := range want {
		if got[digest] != info {
			t.Errorf("All on %s: got %+v, want what Put returned, %+v", digest, got[digest], info)
		}
	}

	enough := errors.New("enough")
	calls := 0
	err := lister.All(t.Context(), func(blob.Info) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("All whose yield fails: got %v after %d calls, want %v after 1", err, calls, enough)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := lister.All(ctx, func(blob.Info) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("All with a cancelled context: got %v, want %v", err, context.Canceled)
	}
}
