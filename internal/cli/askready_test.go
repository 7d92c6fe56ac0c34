package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a container's health check runs tells a server that does its work from one that does not.
func TestReadyAsksTheServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := startServer(t, "--data", data)
	listen := strings.TrimPrefix(s.url, "http://")
	_, port, _ := strings.Cut(listen, ":")
	for _, address := range []string{listen, ":" + port, "0.0.0.0:" + port} {
		if out, err := run(t, "", "ready", "--listen", address); err != nil || out != "ok\n" {
			t.Errorf("asking %s: got %q, error %v, want ok", address, out, err)
		}
	}
	blobs := filepath.Join(data, "blobs")
	if err := os.Rename(blobs, blobs+".away"); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, "", "ready", "--listen", listen)
	if err == nil || !strings.Contains(out, "not ready: The folder of the files does not answer as it should") {
		t.Errorf("without the folder of the files: got %q, error %v, want a failure and the reason", out, err)
	}
}
