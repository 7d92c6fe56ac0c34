package blobtest

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"collateral/internal/blob"
)

// damageIsTold puts other bytes in the place of a blob, as a bad disk or somebody with access to it would.
func damageIsTold(t *testing.T, s Opened) {
	b := content(1, large)
	flipped := slices.Clone(b)
	flipped[large/2] ^= 1
	for name, wrong := range map[string][]byte{"one bit": flipped, "cut short": b[:large/2], "longer": append(slices.Clone(b), 0), "empty": nil} {
		digest := mustPut(t, s, b).SHA256
		if err := blob.Verify(t.Context(), s, digest); err != nil {
			t.Fatalf("%s: Verify before: %v", name, err)
		}
		s.Damage(t, digest, wrong)
		if err := blob.Verify(t.Context(), s, digest); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("%s: Verify: got %v, want %v", name, err, blob.ErrDamaged)
		}
		wantDamaged(t, s, new(blob.Checker), name, digest, b)
	}
	wantContent(t, s, mustPut(t, s, b).SHA256, b) // to store it again mends it
}

// wantDamaged checks that a checker does not hand out all of a blob that was damaged.
func wantDamaged(t *testing.T, s blob.Store, c *blob.Checker, name, digest string, b []byte) {
	t.Helper()
	f, _, err := c.Open(t.Context(), s, digest, int64(len(b)))
	if errors.Is(err, blob.ErrDamaged) {
		return // by its size
	}
	if err != nil {
		t.Fatalf("%s: Open: %v", name, err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); !errors.Is(err, blob.ErrDamaged) || len(got) >= len(b) {
		t.Errorf("%s: reading: got %d bytes, %v, want less than %d and %v", name, len(got), err, len(b), blob.ErrDamaged)
	}
	if err := c.Sound(t.Context(), s, digest, f); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("%s: Sound: got %v, want %v", name, err, blob.ErrDamaged)
	}
}

// damageAfterward damages a blob that was found right.
func damageAfterward(t *testing.T, s Opened) {
	c := new(blob.Checker)
	b := content(1, 10_000)
	info, err := c.Put(t.Context(), s, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		f, _, err := c.Open(t.Context(), s, info.SHA256, info.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Sound(t.Context(), s, info.SHA256, f); err != nil {
			t.Errorf("Sound of a sound blob: %v", err)
		}
		if got, err := io.ReadAll(f); err != nil || digestOf(got) != info.SHA256 {
			t.Errorf("reading a sound blob: got %d bytes, %v", len(got), err)
		}
		f.Close()
	}
	flipped := slices.Clone(b)
	flipped[0] ^= 1
	s.Damage(t, info.SHA256, flipped)
	wantDamaged(t, s, c, "one bit of what was found right", info.SHA256, b)
}

// seekWhileChecked reads parts of a blob that is checked, and then all of it.
func seekWhileChecked(t *testing.T, s Opened) {
	b := content(1, 300_000)
	info := mustPut(t, s, b)
	f, _, err := new(blob.Checker).Open(t.Context(), s, info.SHA256, info.Size)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, from := range []int64{100_000, 0, 299_999, 5, 0} {
		if _, err := f.Seek(from, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); err != nil || digestOf(got) != digestOf(b[from:]) {
			t.Errorf("reading from %d: got %d bytes, %v, want %d", from, len(got), err, len(b)-int(from))
		}
	}
}
