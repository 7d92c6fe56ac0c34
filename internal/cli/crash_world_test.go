package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"collateral/internal/access"
	"collateral/internal/access/accesstest"
	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// crash is a registry whose server does not live long, and the people who work with it. They remember what they were
// answered. Everybody has random choices of their own, so that one seed gives each the same ones again.
type crash struct {
	t        *testing.T
	random   *rand.Rand
	dialect  string
	database string
	data     string // folder

	server    *server
	http      *http.Client
	dying     atomic.Bool // the server is being killed: requests may fail
	killedAt  time.Time
	startTime time.Duration // that the last server took

	makers []*maker
	reps   []*rep
	ann    string // the approver's token
	lea    string // the leader's
	shelf  shelf
	strays map[string]bool // digests of files that may lie about without a version

	rounds, kills int

	mu       sync.Mutex
	answered map[string]int // acknowledged effects by kind
	awaited  int            // requests that are still to have an effect before enough is closed
	enough   chan struct{}

	// What the kills hit.
	done, undone int // unanswered requests on pieces that took effect, and that did not
	halfWritten  int // files
	takenOver    int // jobs
}

func newCrash(t *testing.T, dialect string, seed uint64) *crash {
	t.Helper()
	c := &crash{
		t: t, dialect: dialect, database: storetest.URL(t, dialect), data: t.TempDir(),
		random: rand.New(rand.NewPCG(seed, 0)), http: &http.Client{Timeout: patience},
		strays: make(map[string]bool), answered: make(map[string]int),
	}
	t.Cleanup(c.http.CloseIdleConnections)
	s, err := store.Open(t.Context(), c.database)
	if err != nil {
		t.Fatal(err)
	}
	people := accesstest.New(s)
	streams := uint64(0)
	stream := func() *rand.Rand {
		streams++
		return rand.New(rand.NewPCG(seed, streams))
	}
	for _, name := range []string{"mia", "max", "moe"} {
		c.makers = append(c.makers, &maker{c: c, token: join(t, people, name, collateral.Marketer), random: stream()})
	}
	for _, name := range []string{"rita", "ron"} {
		c.reps = append(c.reps, &rep{c: c, token: join(t, people, name, collateral.Rep), random: stream()})
	}
	c.ann, c.lea = join(t, people, "ann", collateral.Approver), join(t, people, "lea", collateral.Leader)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c.start()
	return c
}

// join makes an account and signs in.
func join(t *testing.T, people *access.Access, name string, role collateral.Role) (token string) {
	t.Helper()
	const password = "correct horse battery"
	u, _, err := people.CreateUser(t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: []collateral.Role{role}}, password)
	if err != nil {
		t.Fatalf("creating %s: %v", name, err)
	}
	session, err := people.SignIn(t.Context(), u.Email, password, "192.0.2.1")
	if err != nil {
		t.Fatalf("signing %s in: %v", name, err)
	}
	return session.Token
}

// request is what somebody asks of the server.
type request struct {
	token  string
	method string
	path   string
	body   any // sent as JSON, an io.Reader as it is
	header http.Header
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	body   []byte
}

func (a reply) String() string { return fmt.Sprintf("%d %s", a.status, a.body) }

// ask sends a request. Alive is false when the server was killed before it had answered; a server that fails without
// that, or has an internal error, is at fault.
func (c *crash) ask(r request) (a reply, alive bool) {
	a, err := c.send(r)
	switch {
	case err != nil && c.dying.Load():
		return reply{}, false
	case err != nil:
		c.t.Errorf("%s %s: %v", r.method, r.path, err)
		return reply{}, false
	case a.status >= http.StatusInternalServerError && a.status != http.StatusServiceUnavailable:
		c.t.Errorf("%s %s: got %s", r.method, r.path, a)
	}
	return a, true
}

// read asks for JSON of a server that nobody kills, and fails the test without it.
func (c *crash) read(token, path string, into any) {
	c.t.Helper()
	a := c.mustAsk(request{token: token, method: http.MethodGet, path: path}, http.StatusOK)
	c.decode(a, into)
}

func (c *crash) mustAsk(r request, want ...int) reply {
	c.t.Helper()
	a, alive := c.ask(r)
	if !alive || !slices.Contains(want, a.status) {
		c.t.Fatalf("%s %s: got %s, want %v", r.method, r.path, a, want)
	}
	return a
}

func (c *crash) decode(a reply, into any) {
	c.t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		c.t.Fatalf("reading %s: %v", a, err)
	}
}

func (c *crash) send(r request) (reply, error) {
	var body io.Reader
	switch b := r.body.(type) {
	case nil:
	case io.Reader:
		body = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), r.method, c.server.url+"/api/v1"+r.path, body)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(req.Header, r.header)
	res, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, content}, err
}

// count notes the effects of one request that the server has acknowledged.
func (c *crash) count(kind string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered[kind] += n
	if c.awaited--; c.awaited == 0 {
		close(c.enough)
	}
}

// whenAnswered returns a channel that is closed when so many requests more had their effect.
func (c *crash) whenAnswered(requests int) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.awaited, c.enough = requests, make(chan struct{})
	return c.enough
}

func (c *crash) summary() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	total := 0
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(c.answered)) {
		total += c.answered[kind]
		kinds = append(kinds, fmt.Sprintf("%d %s", c.answered[kind], kind))
	}
	return fmt.Sprintf("%d rounds, %d kills, %d acknowledged effects (%s); the kills hit %d changes after and %d before their commit, %d files and %d jobs",
		c.rounds, c.kills, total, strings.Join(kinds, ", "), c.done, c.undone, c.halfWritten, c.takenOver)
}
