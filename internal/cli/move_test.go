package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/blob/s3test"
	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/search/meilitest"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// TestMove exports the demo company while it is served, and imports it elsewhere: into SQLite and folders, into PostgreSQL, a
// bucket and a search server, and from there back again; as it is, and killed on its way.
func TestMove(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	source := start(t, "demo", "--data", filepath.Join(folder, "demo"))
	secret := makeToken(t, source)
	asOf := time.Now().UTC().Truncate(time.Second)
	before := factsOf(t, source, secret, asOf)
	stream := filepath.Join(folder, "backup.tar.gz")
	out, err := run(t, "", "export", stream, "--data", filepath.Join(folder, "demo"))
	_, content, said := strings.Cut(out, "content sha256:")
	if err != nil || !said {
		t.Fatalf("exporting beside the server: error %v and\n%s", err, out)
	}
	before.open(t, source, secret)
	source.signal(t, syscall.SIGTERM)
	if code := source.wait(t); code != 0 {
		t.Fatalf("got exit code %d\n%s", code, source.stderr)
	}

	for _, dialect := range []string{store.Postgres, store.SQLite} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			target := newShape(t, dialect)
			target.take(t, stream, content)
			if dialect == store.Postgres {
				back := filepath.Join(t.TempDir(), "back.tar.gz")
				if out, err := target.command("export", back).CombinedOutput(); err != nil {
					t.Fatalf("exporting again: %v\n%s", err, out)
				}
				newShape(t, store.SQLite).take(t, back, content)
			}
			s := launch(t, target.command("serve", "--listen", "127.0.0.1:0"))
			after := factsOf(t, s, secret, asOf)
			after.open(t, s, secret)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("answers (-before +after):\n%s", diff)
			}
			if out, err := target.command("import", stream).CombinedOutput(); err == nil || !strings.Contains(string(out), "stop it first, and import then") {
				t.Errorf("importing beside a server: error %v and\n%swant a refusal", err, out)
			}
		})
		t.Run("killed on "+dialect, func(t *testing.T) {
			t.Parallel()
			testKilledMove(t, stream, storetest.URL(t, dialect))
		})
	}
}

// What is written into nothing is not taken for a terminal's: a job of cron that only wants the exit code may do so.
func TestExportIntoNothing(t *testing.T) {
	t.Parallel()
	place := newShape(t, store.SQLite)
	for _, command := range []string{"migrate", "export"} {
		var stderr strings.Builder
		cmd := place.command(command)
		cmd.Stderr = &stderr // and standard output is the null device
		if err := cmd.Run(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, stderr.String())
		}
	}
}

// shape is where a registry keeps what it has.
type shape struct{ args, env []string }

// newShape is an empty place: on SQLite with folders beside it, on PostgreSQL with a bucket, where there is a server for it,
// and a search server.
func newShape(t *testing.T, dialect string) shape {
	t.Helper()
	s := shape{args: []string{"--data", t.TempDir(), "--database-url", storetest.EmptyURL(t, dialect)}, env: unconfigured()}
	if dialect == store.SQLite {
		return s
	}
	index := meilitest.NewPlace(t)
	s.env = append(s.env, "SEARCH_URL="+index.URL, "SEARCH_KEY="+index.Key, "SEARCH_INDEX="+index.Name)
	if files := s3test.OrNone(t); files != nil {
		s.env = append(s.env, "BLOB_URL="+files.BucketURL(), "S3_ACCESS_KEY="+s3test.Access, "S3_SECRET_KEY="+s3test.Secret)
	}
	return s
}

func (s shape) command(args ...string) *exec.Cmd {
	cmd := exec.Command("collateral", append(args, s.args...)...)
	cmd.Env = s.env
	return cmd
}

// take imports a stream, and wants its content.
func (s shape) take(t *testing.T, stream, content string) {
	t.Helper()
	out, err := s.command("import", stream).CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), content) {
		t.Fatalf("importing: error %v and\n%swant the content\n%s", err, out, content)
	}
}

// facts are what a registry answers.
type facts struct {
	Answers map[string]string // by path
	Slide   string            // the piece that is found by words on a slide
	Content string            // of its file
}

func factsOf(t *testing.T, s *server, token string, asOf time.Time) facts {
	t.Helper()
	f := facts{Answers: make(map[string]string)}
	for _, path := range []string{
		"/stages", "/taxonomies", "/assets?limit=100", "/synonyms", "/users?limit=100", "/audit?limit=100",
		"/reports/unused?as_of=" + url.QueryEscape(asOf.Format(time.RFC3339)),
	} {
		status, body := getAs(t, s, token, path)
		if status != http.StatusOK {
			t.Fatalf("GET %s: got %d %s", path, status, body)
		}
		f.Answers[path] = body
	}
	return f
}

// open finds a piece by words on a slide as soon as the index has them, and reads its file. It signs in with a password.
func (f *facts) open(t *testing.T, s *server, token string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if _, body := getAs(t, s, token, "/search?q=hard+shoulder"); strings.Contains(body, `"page":4`) || time.Now().After(deadline) {
			break
		}
	}
	f.Slide = findSlide(t, s.url)
	var status int
	if status, f.Content = getAs(t, s, token, "/assets/"+f.Slide+"/content"); status != http.StatusOK {
		t.Fatalf("reading the file: got %d %s", status, f.Content)
	}
}

func getAs(t *testing.T, s *server, token, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// makeToken makes a token of the demo's admin, which goes on to hold after a move.
func makeToken(t *testing.T, s *server) string {
	t.Helper()
	var admin string
	for _, account := range demo.SignIns() {
		if account.Roles[0] == collateral.Admin {
			admin = account.Email
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/tokens", strings.NewReader(`{"name": "moves along"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+signInAs(t, s, admin, demo.Password))
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var made struct{ Token string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || made.Token == "" {
		t.Fatalf("making a token: got %d, error %v", res.StatusCode, err)
	}
	return made.Token
}

// testKilledMove kills imports that have got so far. Each time the database is empty again, and in the end takes
// everything.
func testKilledMove(t *testing.T, stream, database string) {
	all, err := os.ReadFile(stream)
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	target := []string{"--data", data, "--database-url", database}
	for tenth := 1; tenth <= 10; tenth++ {
		cmd := exec.Command("collateral", append([]string{"import", "-"}, target...)...)
		cmd.Env = unconfigured()
		said := newTranscript()
		cmd.Stdout, cmd.Stderr = said, said
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// It waits for the rest, in the middle of its transaction.
		if _, err := in.Write(all[:len(all)*tenth/10-10]); err != nil {
			t.Errorf("sending %d tenths: %v\n%s", tenth, err, said)
		}
		time.Sleep(20 * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatalf("the import of %d tenths ended well\n%s", tenth, said)
		}
		if err := checkEmpty(t, database); err != nil {
			t.Errorf("after %d tenths: %v", tenth, err)
		}
	}
	if out, err := run(t, "", append([]string{"import", stream}, target...)...); err != nil {
		t.Errorf("the import that nobody kills: %v\n%s", err, out)
	}
}

// checkEmpty finds nothing but what the migrations made, once PostgreSQL has noticed that the process is gone.
func checkEmpty(t *testing.T, database string) error {
	t.Helper()
	s, err := store.Open(t.Context(), database)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // nothing was written
	rows := make(map[string]int)
	err = s.Snapshot(t.Context(), func(snapshot *store.Store) error {
		tables, err := snapshot.MovedTables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			if err := snapshot.MovedRows(t.Context(), table, func([]any) error { rows[table.Name]++; return nil }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if diff := cmp.Diff(map[string]int{"stages": 6, "stage_questions": 15, "stage_milestones": 17, "taxonomies": 3}, rows); diff != "" {
		return fmt.Errorf("rows (-want +got):\n%s", diff)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		err := s.Load(t.Context(), func(*store.Store) error { return errNotNow }, func(*store.Store) error { return nil })
		if strings.Contains(err.Error(), errNotNow.Error()) {
			return nil
		}
		if time.Now().After(deadline) {
			return err
		}
	}
}

// errNotNow ends a load that would go well.
var errNotNow = errors.New("not now")
