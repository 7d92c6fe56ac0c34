package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"collateral/internal/access/accesstest"
	"collateral/internal/blob/s3test"
	"collateral/internal/collateral"
	"collateral/internal/search/meilitest"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// replicas are servers on one PostgreSQL, one S3 store and one search server, behind a balancer. Without an S3 server here,
// the files are in a folder that all share.
type replicas struct {
	t        *testing.T
	database string
	blobs    string
	env      []string
	all      []*replica
	next     atomic.Uint64
	client   *http.Client
	looker   *pgx.Conn // for the test itself

	marketer, approver, rep string // tokens
	piece                   string // published
}

// replica is one place behind the balancer, with one process after the other in it.
type replica struct {
	r    *replicas
	data string
	args []string

	mu      sync.Mutex
	process *server
	healthy atomic.Bool // what the last look at /readyz said
	logs    []*transcript
}

// newReplicas starts so many servers at once on a database without a schema, and publishes a piece.
func newReplicas(t *testing.T, database string, n int, args ...string) *replicas {
	t.Helper()
	folder := t.TempDir()
	r := &replicas{t: t, database: database, blobs: filepath.Join(folder, "blobs"), env: unconfigured(), client: &http.Client{Timeout: patience}}
	t.Cleanup(r.client.CloseIdleConnections)
	if files := s3test.OrNone(t); files != nil {
		r.blobs = files.BucketURL()
		r.env = append(r.env, "S3_ACCESS_KEY="+s3test.Access, "S3_SECRET_KEY="+s3test.Secret)
	}
	index := meilitest.NewPlace(t)
	r.env = append(r.env, "SEARCH_URL="+index.URL, "SEARCH_KEY="+index.Key, "SEARCH_INDEX="+index.Name)
	var starting sync.WaitGroup
	for i := range n {
		one := &replica{r: r, data: filepath.Join(folder, fmt.Sprint(i)), args: args}
		r.all = append(r.all, one)
		starting.Go(one.start)
	}
	starting.Wait()
	if t.Failed() {
		t.FailNow()
	}
	watching, stop := context.WithCancel(context.Background())
	var watchers sync.WaitGroup
	t.Cleanup(func() { stop(); watchers.Wait() })
	for _, one := range r.all {
		watchers.Go(func() { one.watch(watching) })
	}
	r.join()
	r.piece = r.publish("Freight deck")
	return r
}

// start starts a process in the place of the last one.
func (one *replica) start() {
	cmd := exec.Command("collateral", append([]string{
		"serve", "--data", one.data, "--database-url", one.r.database, "--blob-url", one.r.blobs, "--listen", "127.0.0.1:0",
	}, one.args...)...)
	cmd.Env = one.r.env
	s := launch(one.r.t, cmd)
	one.mu.Lock()
	defer one.mu.Unlock()
	one.process = s
	one.logs = append(one.logs, s.stderr)
	one.healthy.Store(true)
}

func (one *replica) now() *server {
	one.mu.Lock()
	defer one.mu.Unlock()
	return one.process
}

// watch looks at /readyz as a balancer does.
func (one *replica) watch(ctx context.Context) {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for ctx.Err() == nil {
		res, err := client.Get(one.now().url + "/readyz")
		if err == nil {
			res.Body.Close()
		}
		one.healthy.Store(err == nil && res.StatusCode == http.StatusOK)
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// send sends a request to one healthy replica after the other in turn. As a balancer does, it tries the next one only
// when no connection could be made; what fails after that has failed.
func (r *replicas) send(token, method, path, mediaType string, body []byte) (int, []byte, error) {
	for deadline := time.Now().Add(patience); ; {
		one := r.all[r.next.Add(1)%uint64(len(r.all))]
		if one.healthy.Load() {
			status, answer, err := r.sendTo(one, token, method, path, mediaType, body)
			if !errors.Is(err, syscall.ECONNREFUSED) {
				return status, answer, err
			}
		}
		if time.Now().After(deadline) {
			return 0, nil, errors.New("no replica is ready")
		}
		<-time.After(time.Millisecond)
	}
}

func (r *replicas) sendTo(one *replica, token, method, path, mediaType string, body []byte) (int, []byte, error) {
	req, err := http.NewRequest(method, one.now().url+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.GetBody = nil // or net/http sends again what had no answer
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", mediaType)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// must sends JSON, wants one of the statuses, and returns what was answered.
func (r *replicas) must(token, method, path string, body any, want ...int) []byte {
	r.t.Helper()
	status, answer, err := r.send(token, method, path, "application/json", r.json(body))
	if err != nil || !slices.Contains(want, status) {
		r.t.Fatalf("%s %s: got %d %s, error %v, want %v", method, path, status, answer, err, want)
	}
	return answer
}

func (r *replicas) json(body any) []byte {
	if body == nil {
		return nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Error(err)
	}
	return raw
}

// join makes the accounts.
func (r *replicas) join() {
	r.t.Helper()
	s := r.open()
	people := accesstest.New(s)
	r.marketer, r.approver, r.rep = join(r.t, people, "mia", collateral.Marketer), join(r.t, people, "ann", collateral.Approver), join(r.t, people, "rita", collateral.Rep)
	if err := s.Close(); err != nil {
		r.t.Fatal(err)
	}
}

// open opens the database beside the servers.
func (r *replicas) open() *store.Store {
	r.t.Helper()
	s, err := store.Open(r.t.Context(), r.database)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// create makes a piece with a file, and returns its id.
func (r *replicas) create(title string) string {
	r.t.Helper()
	var made struct{ ID string }
	answer := r.must(r.marketer, "POST", "/assets", map[string]any{
		"title": title, "type": "deck", "stages": []any{map[string]any{"stage": "validation", "role": "Shows the buyer what it does at their own depot.", "primary": true}},
	}, http.StatusCreated)
	if err := json.Unmarshal(answer, &made); err != nil {
		r.t.Fatal(err)
	}
	if status, answer, err := r.upload(made.ID, "About the "+title); err != nil || status != http.StatusCreated {
		r.t.Fatalf("uploading: got %d %s, error %v, want 201", status, answer, err)
	}
	return made.ID
}

func (r *replicas) publish(title string) string {
	r.t.Helper()
	id := r.create(title)
	r.must(r.marketer, "POST", "/assets/"+id+"/submit", nil, http.StatusOK)
	r.must(r.approver, "POST", "/assets/"+id+"/reviews", map[string]any{"version": 1, "decision": "approve"}, http.StatusCreated)
	r.must(r.marketer, "POST", "/assets/"+id+"/publish", nil, http.StatusOK)
	return id
}

func (r *replicas) upload(asset, content string) (int, []byte, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "deck.txt")
	if err != nil {
		return 0, nil, err
	}
	if _, err := io.WriteString(part, content); err != nil {
		return 0, nil, err
	}
	if err := w.Close(); err != nil {
		return 0, nil, err
	}
	return r.send(r.marketer, "POST", "/assets/"+asset+"/versions", w.FormDataContentType(), form.Bytes())
}

// report sends uses of the piece with these ids.
func (r *replicas) report(ids ...string) (int, []byte, error) {
	return r.send(r.rep, "POST", "/usage/events", "application/json", r.uses(ids))
}

// reportTo is report to one replica, ready or not.
func (r *replicas) reportTo(one *replica, ids ...string) (int, []byte, error) {
	return r.sendTo(one, r.rep, "POST", "/usage/events", "application/json", r.uses(ids))
}

func (r *replicas) uses(ids []string) []byte {
	uses := make([]any, len(ids))
	for i, id := range ids {
		uses[i] = map[string]any{"id": id, "kind": "share", "asset_id": r.piece, "occurred_at": time.Now().UTC().Format(time.RFC3339)}
	}
	return r.json(map[string]any{"events": uses})
}

// number reads one number from the database.
func (r *replicas) number(query string, args ...any) (n int64) {
	r.t.Helper()
	if r.looker == nil || r.looker.IsClosed() {
		r.looker = storetest.Connect(r.t, r.database)
	}
	if err := r.looker.QueryRow(r.t.Context(), query, args...).Scan(&n); err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// figuresAre holds what is counted of the piece against the ids of what was acknowledged: each is there once, in the rows
// and in the totals.
func (r *replicas) figuresAre(acknowledged []string) {
	r.t.Helper()
	for _, figure := range []struct{ what, query string }{
		{"rows of uses", "select count(*) from usage_events where kind = 'share' and asset_id = $1"},
		{"qualifying uses in the totals", "select coalesce(max(used), 0) from usage_totals where asset_id = $1"},
	} {
		if n := r.number(figure.query, uuid.MustParse(r.piece)); n != int64(len(acknowledged)) {
			r.t.Errorf("got %d %s, want the %d that were acknowledged", n, figure.what, len(acknowledged))
		}
	}
	for _, c := range []struct{ what, query string }{
		{"openings that were counted twice within half an hour", `select count(*) from usage_events a join usage_events b on a.id < b.id and a.user_id = b.user_id
			and a.version_id = b.version_id and a.kind = b.kind and a.kind = 'view' and b.occurred_at - a.occurred_at < interval '30 minutes'`},
		{"pieces whose totals are not what the rows say", `select count(*) from (select asset_id, max(found) found, max(opened) opened from usage_totals group by asset_id) t
			where opened <> (select count(*) from usage_events e where e.asset_id = t.asset_id and kind = 'view' and qualifies)
			or found <> (select count(*) from searches s where t.asset_id = any (s.shown))`},
	} {
		if n := r.number(c.query); n != 0 {
			r.t.Errorf("got %d %s, want none", n, c.what)
		}
	}
}

// logsAreQuiet refuses servers that had to complain of themselves.
func (r *replicas) logsAreQuiet(complaints ...string) {
	r.t.Helper()
	for i, one := range r.all {
		for _, log := range one.logs {
			for _, complaint := range append(complaints, "DATA RACE", "panic:", "deadlock") {
				if text := log.String(); strings.Contains(text, complaint) {
					r.t.Errorf("the log of replica %d has %q:\n%s", i, complaint, text)
				}
			}
		}
	}
}
