package cli_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"collateral/internal/blob/s3test"
	"collateral/internal/search/meilitest"
)

// A server that starts before the parts it stands on waits for them, and says for which.
func TestStartWaitsForParts(t *testing.T) {
	t.Parallel()
	files := s3test.Start(t)
	address := files.BucketURL()
	files.Stop(t)
	cmd := exec.CommandContext(t.Context(), "collateral", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--wait", "1m")
	cmd.Env = append(unconfigured(), "BLOB_URL="+address, "S3_ACCESS_KEY="+s3test.Access, "S3_SECRET_KEY="+s3test.Secret)
	s := begun(t, cmd)
	if named := s.waitFor(t, s.stderr, "named_by="); named != "named_by=BLOB_URL" {
		t.Errorf("got %s, want the setting of the part that is away", named)
	}
	if out := s.stdout.String(); strings.Contains(out, "http://") {
		t.Errorf("it serves without its files:\n%s", out)
	}
	files.Restart(t)
	s.url = s.waitFor(t, s.stdout, "http://")
	if status, body := get(t, s.url+"/readyz"); status != 200 {
		t.Errorf("got %d %s, want 200", status, body)
	}
}

// What does not pass by itself is told at once.
func TestStartDoesNotWaitForWhatIsWrong(t *testing.T) {
	t.Parallel()
	files, search := s3test.Shared(t), meilitest.Start(t)
	search.Key = "the-key"
	for name, env := range map[string][]string{
		"S3_SECRET_KEY": {"BLOB_URL=" + files.BucketURL(), "S3_ACCESS_KEY=" + s3test.Access, "S3_SECRET_KEY=another"},
		"BLOB_URL":      {"BLOB_URL=" + "s3://not-made?endpoint=" + files.URL, "S3_ACCESS_KEY=" + s3test.Access, "S3_SECRET_KEY=" + s3test.Secret},
		"SEARCH_KEY":    {"SEARCH_URL=" + search.URL, "SEARCH_KEY=another"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, "collateral", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--wait", "1h")
			cmd.Env = append(unconfigured(), env...)
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), name) || strings.Contains(string(out), "waiting") || strings.Contains(string(out), "another ") {
				t.Errorf("got error %v and\n%swant a refusal at once that names %s, and no secret", err, out, name)
			}
		})
	}
}
