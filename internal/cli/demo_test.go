package cli_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"collateral/internal/demo"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := start(t, "demo", "--data", data)
	for _, who := range demo.SignIns() {
		token := signInAs(t, s, who.Email, demo.Password)
		var found struct{ Total int }
		getJSON(t, s.url+"/api/v1/search?q=workshop", token, &found)
		if found.Total == 0 {
			t.Errorf("%s finds nothing about workshops", who.Email)
		}
	}
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Fatalf("got exit code %d, want 0\n%s", code, s.stderr)
	}

	again := start(t, "demo", "--data", data)
	if out := again.stdout.String(); strings.Contains(out, "Making the company") {
		t.Errorf("got the company made twice:\n%s", out)
	}
	signInAs(t, again, demo.SignIns()[0].Email, demo.Password)
}

func TestDemoLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if out, err := run(t, "", "user", "add", "ada@example.com", "--name", "Ada", "--role", "admin", "--data", data); err != nil {
		t.Fatalf("user add: %v\n%s", err, out)
	}
	out, err := run(t, "", "demo", "--listen", "127.0.0.1:0", "--data", data)
	if err == nil || !strings.Contains(out, "a registry that is no demo") {
		t.Errorf("got error %v and\n%swant a refusal", err, out)
	}
}

func signInAs(t *testing.T, s *server, email, password string) (token string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(s.url+"/api/v1/sessions", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var session struct{ Token string }
	if err := json.NewDecoder(res.Body).Decode(&session); err != nil || res.StatusCode != http.StatusCreated || session.Token == "" {
		t.Fatalf("signing in as %s: got %d, token %q, error %v, want 201 and a token", email, res.StatusCode, session.Token, err)
	}
	return session.Token
}

func getJSON(t *testing.T, url, token string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: got %d, error %v, want 200", url, res.StatusCode, err)
	}
}
