package blobtest

import (
	"errors"
	"testing"
	"time"

	"collateral/internal/blob"
)

func deleteStale(t *testing.T, s blob.Store) {
	sweeper, ok := s.(blob.Sweeper)
	if !ok {
		t.Skip("this store cannot be swept: blob.Sweeper is an optional power")
	}
	b := content(1, 1000)
	info := mustPut(t, s, b)
	if err := sweeper.DeleteStale(t.Context(), info.SHA256, info.ModTime); err != nil {
		t.Fatalf("DeleteStale of what is young: %v", err)
	}
	wantContent(t, s, info.SHA256, b)
	for range 2 {
		if err := sweeper.DeleteStale(t.Context(), info.SHA256, info.ModTime.Add(time.Microsecond)); err != nil {
			t.Fatalf("DeleteStale: %v", err)
		}
		if _, err := s.Stat(t.Context(), info.SHA256); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Stat after DeleteStale: got %v, want %v", err, blob.ErrNotFound)
		}
	}
	if err := sweeper.DeleteStale(t.Context(), "../../etc/passwd", time.Now()); err != nil {
		t.Errorf("DeleteStale of what is no digest: %v", err)
	}
}
