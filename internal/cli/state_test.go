package cli_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// machineState is what a server tells an admin of itself.
type machineState struct {
	Version string
	Engines []struct {
		Part, Kind string
		Answers    bool
		Fault      *string
		Since      time.Time
		FreeBytes  *int64 `json:"free_bytes"`
	}
	Jobs []struct{ Kind, State string }
}

func stateOf(t *testing.T, s *server, token string) (state machineState) {
	t.Helper()
	ask(t, s, http.MethodGet, "/api/v1/admin/state", token, http.StatusOK, &state)
	return state
}

// ask sends a request without a body, and reads the answer into the value unless that is nil.
func ask(t *testing.T, s *server, method, path, token string, want int, into any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != want {
		t.Fatalf("%s %s: got %d, want %d", method, path, answer.StatusCode, want)
	}
	if into == nil {
		return
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// An admin sees since when an engine has not answered, and that it does again.
func TestStateTellsOfTheEngines(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := startServer(t, "--data", data)
	if out, err := run(t, "correct horse battery\n", "user", "add", "ada@example.com", "--name", "Ada", "--role", "admin", "--password-stdin", "--data", data); err != nil {
		t.Fatalf("user add: %v\n%s", err, out)
	}
	ada := signInAs(t, s, "ada@example.com", "correct horse battery")
	state := stateOf(t, s, ada)
	var kinds []string
	for _, e := range state.Engines {
		kinds = append(kinds, e.Part+": "+e.Kind)
		if !e.Answers || e.Fault != nil || e.Since.IsZero() {
			t.Errorf("got %+v, want it to answer", e)
		}
	}
	if got, want := strings.Join(kinds, "; "), "database: SQLite, in a file; search: Bleve, in a folder; files: a folder"; got != want {
		t.Errorf("got engines %s, want %s", got, want)
	}
	if state.Version == "" {
		t.Error("got no version")
	}
	began := state.Engines[2].Since

	blobs := filepath.Join(data, "blobs")
	if err := os.Rename(blobs, blobs+".away"); err != nil {
		t.Fatal(err)
	}
	first, second := stateOf(t, s, ada).Engines[2], stateOf(t, s, ada).Engines[2]
	if first.Answers || !first.Since.After(began) || !second.Since.Equal(first.Since) {
		t.Errorf("without the folder: got %+v, then %+v, want a fault since one moment", first, second)
	}
	if first.Fault == nil || !strings.Contains(*first.Fault, "The folder of the files") || strings.Contains(*first.Fault, data) {
		t.Errorf("without the folder: got the fault %v, want a sentence without a path", first.Fault)
	}
	if err := os.Rename(blobs+".away", blobs); err != nil {
		t.Fatal(err)
	}
	if again := stateOf(t, s, ada).Engines[2]; !again.Answers || !again.Since.After(first.Since) {
		t.Errorf("with the folder again: got %+v, want it to answer", again)
	}

	// What the page's button asks for is a chore that this server does.
	ask(t, s, http.MethodPost, "/api/v1/admin/index/compare", ada, http.StatusAccepted, nil)
	known := false
	for _, j := range stateOf(t, s, ada).Jobs {
		known = known || j.Kind == "chore:reconcile"
	}
	if !known {
		t.Errorf("got no job that compares the index")
	}
}

// The address that serve prints to a newcomer opens, until somebody has an account.
func TestSetupAddressIsPrinted(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := startServer(t, "--data", data)
	_, address, _ := strings.Cut(s.stdout.String(), s.url+"/setup?key=")
	key, _, _ := strings.Cut(address, "\n")
	if len(key) < 20 {
		t.Fatalf("got the key %q in:\n%s", key, s.stdout.String())
	}
	if status, body := get(t, s.url+"/setup?key="+key); status != http.StatusOK || !strings.Contains(body, "Make the first admin") {
		t.Errorf("got %d %s, want the page", status, body)
	}
	if out, err := run(t, "correct horse battery\n", "user", "add", "ada@example.com", "--name", "Ada", "--role", "admin", "--password-stdin", "--data", data); err != nil {
		t.Fatalf("user add: %v\n%s", err, out)
	}
	if _, body := get(t, s.url+"/setup?key="+key); strings.Contains(body, "Make the first admin") {
		t.Errorf("with an admin the page still opens:\n%s", body)
	}
}
