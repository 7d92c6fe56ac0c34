// Package meilitest is a stand-in for a Meilisearch server in tests: in memory, over HTTP, with documented behaviour
// (tasks, settings, keys, filters, facets, ranking rules in their order) as far as an adapter uses it. Every request is
// checked against Meilisearch's own description of its API. It knows nothing of the adapter, nor of the port behind it.
package meilitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Version is what the server says it is.
const Version = "1.50.0"

// Server is a running stand-in. Its fields may be changed while it runs by calling Set.
type Server struct {
	URL string
	Key string // that requests must carry; none when it is empty

	contract *contract
	t        testing.TB

	mu      sync.Mutex
	faults  Faults
	http    *http.Server
	indexes map[string]*index
	tasks   []*task
	queued  chan struct{} // holds one element while tasks may wait
	done    chan struct{}
}

// Faults is what goes wrong.
type Faults struct {
	// Answer is called before a request is looked at; when it returns true, it has answered.
	Answer func(w http.ResponseWriter, r *http.Request) bool
	// Refuse returns why a document cannot be indexed, or nothing. Its whole task fails.
	Refuse func(document map[string]any) string
	// TaskCode and TaskKind are the code and the type of the error with which every task fails, when they are set.
	TaskCode, TaskKind string
	// Hold keeps tasks from being done.
	Hold bool
	// MaxBody is the largest body that is taken, in bytes; 100 MB when it is 0.
	MaxBody int64
	// Version is told in place of the real one.
	Version string
}

// Start starts a server on a free port of this machine, which ends with the test.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{
		t: tb, contract: loadContract(tb), indexes: make(map[string]*index),
		queued: make(chan struct{}, 1), done: make(chan struct{}),
	}
	s.listen("127.0.0.1:0")
	var worker sync.WaitGroup
	worker.Go(s.work)
	tb.Cleanup(func() {
		s.Stop()
		close(s.done)
		worker.Wait()
	})
	return s
}

func (s *Server) listen(address string) {
	s.t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(s.t.Context(), "tcp", address)
	if err != nil {
		s.t.Fatalf("starting the stand-in: %v", err)
	}
	s.URL = "http://" + listener.Addr().String()
	server := &http.Server{Handler: s.handler(), ReadHeaderTimeout: time.Minute}
	s.http = server
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.t.Errorf("the stand-in ended: %v", err)
		}
	}()
}

// Stop breaks off all connections and takes no more. What is held stays.
func (s *Server) Stop() { _ = s.http.Close() }

// Resume listens again at the same address after a Stop.
func (s *Server) Resume() {
	s.t.Helper()
	s.listen(strings.TrimPrefix(s.URL, "http://"))
}

// Set changes what goes wrong from now on.
func (s *Server) Set(f Faults) {
	s.mu.Lock()
	s.faults = f
	s.mu.Unlock()
	s.nudge()
}

// Documents returns how many documents an index holds, or -1 when there is no such index.
func (s *Server) Documents(uid string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.indexes[uid]
	if !ok {
		return -1
	}
	return len(x.documents)
}

// Indexes returns the names of all indexes, in no order.
func (s *Server) Indexes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for uid := range s.indexes {
		names = append(names, uid)
	}
	return names
}

// Tasks returns how many tasks of a type there were.
func (s *Server) Tasks(kind string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, t := range s.tasks {
		if t.kind == kind {
			n++
		}
	}
	return n
}

// problem is an error as the server answers it.
type problem struct {
	status  int
	Message string `json:"message"`
	Code    string `json:"code"`
	Type    string `json:"type"`
	Link    string `json:"link"`
}

func (p *problem) Error() string { return p.Message }

// The types of problems.
const (
	invalidRequest = "invalid_request"
	authFault      = "auth"
	systemFault    = "system"
)

func refuse(status int, code, format string, args ...any) *problem {
	kind := invalidRequest
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		kind = authFault
	}
	return &problem{status: status, Message: fmt.Sprintf(format, args...), Code: code, Type: kind, Link: "https://docs.meilisearch.com/errors#" + code}
}

func noIndex(uid string) *problem {
	return refuse(http.StatusNotFound, "index_not_found", "Index `%s` not found.", uid)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // a client that is gone is no matter, and all that is answered can be written
}

func answerProblem(w http.ResponseWriter, err error) {
	var p *problem
	if !errors.As(err, &p) {
		p = &problem{status: http.StatusInternalServerError, Message: err.Error(), Code: "internal", Type: "internal"}
	}
	answer(w, p.status, p)
}
