package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A server that could not keep a file says so, and is ready again when it can.
func TestReadinessAsksForTheFiles(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := startServer(t, "--data", data)
	blobs := filepath.Join(data, "blobs")
	if err := os.Rename(blobs, blobs+".away"); err != nil {
		t.Fatal(err)
	}
	status, body := get(t, s.url+"/readyz")
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "The folder of the files") || strings.Contains(body, data) {
		t.Errorf("without the folder: got %d %s, want 503, the reason, and no path", status, body)
	}
	if err := os.Rename(blobs+".away", blobs); err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, s.url+"/readyz"); status != http.StatusOK {
		t.Errorf("with the folder again: got %d %s, want 200", status, body)
	}
}

// A server that keeps more free than there is refuses uploads, says so, and is ready for all else.
func TestReadinessTellsOfTooLittleRoom(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("free space is asked for on Linux only")
	}
	s := startServer(t, "--data", t.TempDir(), "--keep-free", "1000000TiB")
	status, body := get(t, s.url+"/readyz")
	if status != http.StatusOK || !strings.Contains(body, `"status":"full"`) {
		t.Errorf("got %d %s, want 200 and the reason", status, body)
	}
}
