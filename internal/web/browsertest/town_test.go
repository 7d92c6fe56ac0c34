package browsertest_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/web/browsertest"
)

// town is the demo company as "collateral demo" serves it.
type town struct {
	url    string
	setup  string // where the first admin is made; "" in the demo, where people are
	folder string
	cmd    *exec.Cmd
	log    strings.Builder                   // what it said on standard error, to be read when it has ended
	ids    func() (map[string]string, error) // of the pieces, by title
}

// shared are the towns that no single test owns.
var shared = &towns{}

// towns makes the company once and copies its folder, which is much quicker.
type towns struct {
	mu     sync.Mutex
	folder string
	read   *town

	building sync.Mutex
	built    string // the program
}

// newTown serves a company of the test's own, which it may change, with settings written as variables of the environment.
func newTown(t *testing.T, settings ...string) *town {
	t.Helper()
	w, err := shared.own(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(w.stop(), os.RemoveAll(w.folder)); err != nil {
			t.Error(err)
		}
	})
	return w
}

// newEmptyTown serves a registry without people, as "collateral serve" makes it in an empty folder.
func newEmptyTown(t *testing.T) *town {
	t.Helper()
	w, lines, err := start("serve", filepath.Join(t.TempDir(), "data"))
	if err == nil {
		w.setup, err = address(lines)
	}
	if err != nil {
		t.Fatal(err)
	}
	go drain(lines)
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// sharedTown serves a company that tests only look at.
func sharedTown(t *testing.T) *town {
	t.Helper()
	w, err := shared.readOnly()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (s *towns) readOnly() (*town, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read != nil {
		return s.read, nil
	}
	made, err := s.copy()
	if err != nil {
		return nil, err
	}
	s.read, err = serve(made)
	return s.read, err
}

func (s *towns) own(settings []string) (*town, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, err := s.copy()
	if err != nil {
		return nil, err
	}
	return serve(made, settings...)
}

// copy returns a folder with the company in it. The caller holds the lock.
func (s *towns) copy() (string, error) {
	if s.folder == "" {
		folder, err := os.MkdirTemp("", "collateral-town-")
		if err != nil {
			return "", err
		}
		s.folder = folder
		w, err := serve(filepath.Join(folder, "made"))
		if err == nil {
			err = w.stop()
		}
		if err != nil {
			return "", err
		}
	}
	to, err := os.MkdirTemp(s.folder, "copy-")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(to, os.DirFS(filepath.Join(s.folder, "made"))); err != nil {
		return "", err
	}
	return to, shareCompiled(to)
}

// shareCompiled lets a company use what other tests compiled of PDFium: that takes a while, in which pages with a PDF are not complete.
func shareCompiled(folder string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	compiled := filepath.Join(cache, "collateral", "pdfium", "compiled")
	return errors.Join(os.MkdirAll(compiled, 0o755), os.RemoveAll(filepath.Join(folder, "compiled")), os.Symlink(compiled, filepath.Join(folder, "compiled")))
}

func (s *towns) end() {
	if s.read != nil {
		_ = s.read.stop() // nobody is left to tell
	}
	_ = os.RemoveAll(s.folder)
	if s.built != "" {
		_ = os.RemoveAll(filepath.Dir(s.built))
	}
}

// program builds the program once, as it is shipped: under the race detector each page took several times as long, and a
// browser asks for hundreds. What pages do at the same time is watched by the tests of package web.
func (s *towns) program() (string, error) {
	s.building.Lock()
	defer s.building.Unlock()
	if s.built != "" {
		return s.built, nil
	}
	folder, err := os.MkdirTemp("", "collateral-program-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "collateral")
	if said, err := exec.Command("go", "build", "-o", path, "collateral").CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("building the program: %w: %s", err, said), os.RemoveAll(folder))
	}
	s.built = path
	return path, nil
}

// serve starts the demo and waits until it says where it listens.
func serve(folder string, settings ...string) (*town, error) {
	w, lines, err := start("demo", folder, settings...)
	if err == nil {
		go drain(lines)
	}
	return w, err
}

// start starts a command of the program that serves, and waits until it says where it listens. What it says after that must
// be read.
func start(command, folder string, settings ...string) (*town, *bufio.Scanner, error) {
	program, err := shared.program()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(program, command, "--data", folder, "--listen", "127.0.0.1:0", "--log-level", "warn")
	w := &town{folder: folder, cmd: cmd}
	w.ids = sync.OnceValues(w.readIDs)
	cmd.Stderr = &w.log
	cmd.Env = append(os.Environ(), "COLLATERAL_OFFICE=none") // where it is, it would keep the machine busy with pictures that no test looks at
	cmd.Env = append(cmd.Env, settings...)
	dieWithParent(cmd)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	lines := bufio.NewScanner(stdout)
	if w.url, err = address(lines); err != nil {
		return nil, nil, errors.Join(err, cmd.Wait(), errors.New(w.log.String()))
	}
	return w, lines, nil
}

// address is the next one that a program prints.
func address(lines *bufio.Scanner) (string, error) {
	for lines.Scan() {
		if at := strings.Index(lines.Text(), "http://"); at >= 0 {
			return lines.Text()[at:], nil
		}
	}
	return "", errors.New("the program does not say where it listens")
}

func drain(lines *bufio.Scanner) {
	for lines.Scan() {
	}
}

func (w *town) stop() error {
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := w.cmd.Wait(); err != nil {
		return fmt.Errorf("the demo ended: %w: %s", err, w.log.String())
	}
	return nil
}

// tab opens a tab in which the demo's person with the role is signed in, at a page; "" is a stranger.
func (w *town) tab(t *testing.T, role collateral.Role, path string) *browsertest.Tab {
	t.Helper()
	b := browsertest.Open(t, w.url)
	if role == "" {
		b.Go(path)
		return b
	}
	b.SignIn(emailOf(role), demo.Password, path)
	return b
}

// emailOf is how the demo's person with the role signs in.
func emailOf(role collateral.Role) string { return string(role) + "@marrowby.example" }

// titles in braces stand in paths for the ids of pieces.
var titles = regexp.MustCompile(`\{[^}]+\}`)

// path puts ids in the place of {TITLE}.
func (w *town) path(t *testing.T, path string) string {
	t.Helper()
	return titles.ReplaceAllStringFunc(path, func(title string) string {
		ids, err := w.ids()
		if err != nil {
			t.Fatal(err)
		}
		id, ok := ids[strings.Trim(title, "{}")]
		if !ok {
			t.Fatalf("the demo has no piece %s", title)
		}
		return id
	})
}

func (w *town) readIDs() (map[string]string, error) {
	var session struct{ Token string }
	body := fmt.Sprintf(`{"email": %q, "password": %q}`, emailOf(collateral.Admin), demo.Password)
	if err := w.call(http.MethodPost, "/api/v1/sessions", "", body, &session); err != nil {
		return nil, err
	}
	var list struct{ Items []struct{ ID, Title string } }
	if err := w.call(http.MethodGet, "/api/v1/assets?limit=200", session.Token, "", &list); err != nil {
		return nil, err
	}
	ids := make(map[string]string, len(list.Items))
	for _, piece := range list.Items {
		ids[piece.Title] = piece.ID
	}
	return ids, nil
}

func (w *town) call(method, path, token, body string, answer any) error {
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(answer)
}

// status is how the API answers a program that brings a token.
func (w *town) status(t *testing.T, path, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}
