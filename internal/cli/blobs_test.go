package cli_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"collateral/internal/blob/s3test"
)

// onBucket has commands keep files in a bucket.
func onBucket(address string, args ...string) *exec.Cmd {
	cmd := exec.Command("collateral", append(args, "--blob-url", address)...)
	cmd.Env = append(unconfigured(), "S3_ACCESS_KEY="+s3test.Access, "AWS_SECRET_ACCESS_KEY="+s3test.Secret)
	return cmd
}

// A place for files that cannot be used ends the start, with a sentence that names the setting and tells no secret.
func TestWrongBucket(t *testing.T) {
	t.Parallel()
	const endpoint = "?endpoint=http://127.0.0.1:1"
	tests := []struct {
		name, address, want string
		env                 []string
	}{
		{"no name", "s3://", "BLOB_URL", nil},
		{"a key in the address", "s3://key:hidden@files", "S3_ACCESS_KEY", nil},
		{"an unknown option", "s3://files?password=hidden", "BLOB_URL: there is no option", nil},
		{"no key", "s3://files" + endpoint, "S3_ACCESS_KEY is not set", nil},
		{"no server", "s3://files" + endpoint, "BLOB_URL: the store at http://127.0.0.1:1 cannot be reached", []string{"S3_ACCESS_KEY=key", "S3_SECRET_KEY=hidden"}},
		{"links to a folder", "files", "COLLATERAL_BLOB_LINKS", []string{"COLLATERAL_BLOB_LINKS=1m"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("collateral", "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--blob-url", test.address)
			cmd.Env = append(unconfigured(), test.env...)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("got %v, want exit code 1", err)
			}
			if got := string(out); !strings.Contains(got, test.want) || strings.Contains(got, "hidden") || strings.Count(got, "\n") != 1 {
				t.Errorf("got %q, want one line with %q, and no secret", got, test.want)
			}
		})
	}
}

// A server says when the store of its files is away, and is ready again when that is back.
func TestReadinessAsksForTheBucket(t *testing.T) {
	t.Parallel()
	store := s3test.Start(t)
	data := t.TempDir()
	cmd := onBucket(store.BucketURL(), "serve", "--data", data, "--listen", "127.0.0.1:0")
	s := launch(t, cmd)
	if status, body := get(t, s.url+"/readyz"); status != http.StatusOK || !strings.Contains(body, `"ok"`) {
		t.Errorf("with the store: got %d %s, want 200", status, body)
	}
	store.Pause(t)
	if status, body := get(t, s.url+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "The store of the files") || strings.Contains(body, store.URL) {
		t.Errorf("with a store that hangs: got %d %s, want 503, the reason, and no address", status, body)
	}
	store.Resume(t)
	store.Stop(t)
	if status, _ := get(t, s.url+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("without the store: got %d, want 503", status)
	}
	store.Restart(t)
	if status, body := get(t, s.url+"/readyz"); status != http.StatusOK {
		t.Errorf("with the store again: got %d %s, want 200", status, body)
	}
	if _, err := os.Stat(filepath.Join(data, "blobs")); err == nil {
		t.Error("a folder for files was made beside the bucket")
	}
}

// The demo, and the commands that take and give whole libraries, keep files in a bucket as a server does.
func TestLibraryInBucket(t *testing.T) {
	t.Parallel()
	address, data, folder := s3test.Shared(t).BucketURL(), t.TempDir(), t.TempDir()
	if out, err := run(t, "correct horse battery\n", "user", "add", "mia@example.com", "--name", "Mia", "--role", "marketer", "--password-stdin", "--data", data); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, content := range map[string]string{
		"deck.txt":    "what buyers ask",
		"library.csv": "file,title,type,audience,stages,language,owner\ndeck.txt,Deck,deck,customer,solution-exploration (primary): Shows the buyer what the product does.,en,mia@example.com\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"import-library", folder, "--csv", filepath.Join(folder, "library.csv"), "--as", "mia@example.com", "--data", data},
		{"export-library", filepath.Join(data, "out"), "--csv", filepath.Join(data, "out.csv"), "--data", data},
	} {
		if out, err := onBucket(address, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", args[0], err, out)
		}
	}
	var found []string
	err := filepath.WalkDir(filepath.Join(data, "out"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			content, readErr := os.ReadFile(path)
			found, err = append(found, string(content)), readErr
		}
		return err
	})
	if err != nil || len(found) != 1 || found[0] != "what buyers ask" {
		t.Errorf("exported %q, %v, want the file that was imported", found, err)
	}
}
