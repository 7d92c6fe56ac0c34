// Package rendertest finds PDFium for tests. It knows nothing of what is done with it.
package rendertest

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is the WebAssembly file that scripts/test-setup puts into the user's cache. Without it the test is skipped; with CI set
// that is a failure.
func Path(t testing.TB) string {
	t.Helper()
	path, ok := find()
	if !ok && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED WITH PDFIUM: there is no pdfium.wasm in the user's cache: scripts/test-setup fetches it")
	}
	if !ok {
		t.Fatal("there is no pdfium.wasm in the user's cache: scripts/test-setup fetches it")
	}
	return path
}

// Cache is a folder that keeps what is compiled of it, for all tests: that takes seconds, once.
func Cache(t testing.TB) string {
	t.Helper()
	return filepath.Join(filepath.Dir(Path(t)), "compiled")
}

func find() (string, bool) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", false
	}
	path := filepath.Join(cache, "collateral", "pdfium", "pdfium.wasm")
	_, err = os.Stat(path)
	return path, err == nil
}
