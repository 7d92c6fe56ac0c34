package blobtest

import (
	"bytes"
	"io"
	"testing"

	"collateral/internal/blob"
)

func deleteTwice(t *testing.T, s blob.Store) {
	kept := content(1, 10)
	mustPut(t, s, kept)
	digest := mustPut(t, s, content(2, 10)).SHA256
	for range 2 {
		if err := s.Delete(t.Context(), digest); err != nil {
			t.Fatalf("Delete: %v", err)
		}
		if info, err := s.Stat(t.Context(), digest); err == nil {
			t.Errorf("Stat after Delete: got %+v, want an error", info)
		}
	}
	if err := s.Delete(t.Context(), digestOf(nil)); err != nil {
		t.Errorf("Delete of what was never stored: got %v, want nil", err)
	}
	wantContent(t, s, digestOf(kept), kept)
}

// deleteUnderReader allows both answers of the port, the old content and an error, but never other bytes.
func deleteUnderReader(t *testing.T, s blob.Store) {
	b := content(1, large)
	digest := mustPut(t, s, b).SHA256
	r, _ := mustOpen(t, s, digest)
	if err := s.Delete(t.Context(), digest); err != nil {
		t.Fatalf("Delete under an open reader: %v", err)
	}
	if got, err := io.ReadAll(r); err == nil && !bytes.Equal(got, b) {
		t.Errorf("reading after Delete: got %d other bytes and no error, want the content or an error", len(got))
	}
}

func putAfterDelete(t *testing.T, s blob.Store) {
	b := content(1, 1000)
	digest := mustPut(t, s, b).SHA256
	if err := s.Delete(t.Context(), digest); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	mustPut(t, s, b)
	wantContent(t, s, digest, b)
}
