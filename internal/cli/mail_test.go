package cli_test

import (
	"strings"
	"testing"
)

// A server with a mail server that is away serves, and says what mails will lack.
func TestServeWithMail(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--data", t.TempDir(), "--smtp-url", "smtp://127.0.0.1:1?tls=none", "--mail-from", "Collateral <registry@example.com>")
	if status, _ := get(t, s.url+"/readyz"); status != 200 {
		t.Errorf("got %d, want it ready", status)
	}
	if !strings.Contains(s.stderr.String(), "--public-url is not set") {
		t.Errorf("the log does not say that links are missing:\n%s", s.stderr)
	}
}
