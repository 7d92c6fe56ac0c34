package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"collateral/internal/demo"
)

// What demo prints is enough to sign in, and words inside files are found at once. The same company is there when its
// folder is opened again.
func TestDemo(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "demo")
	first := start(t, "demo", "--data", folder)
	for _, account := range demo.SignIns() {
		if !strings.Contains(first.stdout.String(), account.Email) {
			t.Errorf("the account %s is not printed:\n%s", account.Email, first.stdout)
		}
	}
	before := findSlide(t, first.url)
	first.signal(t, syscall.SIGTERM)
	if code := first.wait(t); code != 0 {
		t.Errorf("got exit code %d, want 0\n%s", code, first.stderr)
	}

	again := start(t, "demo", "--data", folder)
	if strings.Contains(again.stdout.String(), "Making") {
		t.Errorf("the company was made again:\n%s", again.stdout)
	}
	if after := findSlide(t, again.url); after != before {
		t.Errorf("opened again: got the piece %s, want %s", after, before)
	}
}

// findSlide signs in as the rep, looks for words on a slide of the demo, and returns the id of the piece.
func findSlide(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Post(url+"/api/v1/sessions", "application/json",
		strings.NewReader(fmt.Sprintf(`{"email": %q, "password": %q}`, demo.SignIns()[0].Email, demo.Password)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var session struct{ Token string }
	if err := json.NewDecoder(res.Body).Decode(&session); err != nil || session.Token == "" {
		t.Fatalf("signing in: got %d, token %q, error %v", res.StatusCode, session.Token, err)
	}

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/search?q=hard+shoulder", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+session.Token)
	if res, err = http.DefaultClient.Do(req); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var found struct {
		Hits []struct {
			AssetID string `json:"asset_id"`
			Page    int
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&found); err != nil || len(found.Hits) != 1 || found.Hits[0].Page != 4 {
		t.Fatalf("searching: got %d, %+v, error %v, want one hit on slide 4", res.StatusCode, found, err)
	}
	return found.Hits[0].AssetID
}

func TestDemoLeavesOtherFoldersAlone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "letter.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, "", "demo", "--data", folder, "--listen", "127.0.0.1:0")
	if err == nil || !strings.Contains(out, "is not empty and holds no complete demo") {
		t.Errorf("got error %v and\n%s\nwant a refusal", err, out)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, error %v, want the folder as it was", entries, err)
	}
}
