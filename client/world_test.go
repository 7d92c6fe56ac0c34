package client_test

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver

	"collateral/api"
	"collateral/client"
	"collateral/internal/access/accesstest"
	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// patience is for a machine that is busy with other tests.
const patience = time.Minute

// world is the API on a database, with a rep, an API token of hers and a published piece.
type world struct {
	t     *testing.T
	api   http.Handler
	url   string
	db    *sql.DB
	token string
	piece string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	file := storetest.URL(t, store.SQLite)
	s, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	now := s.Now
	s.Now = func() time.Time { return now().AddDate(0, 0, -1) } // people and the piece have been there for a day
	uses, people := usage.New(s), accesstest.New(s)
	w := &world{t: t}
	w.api, err = api.New(api.Deps{
		Access: people, Usage: uses, Now: now,
		Ready: func(context.Context) error { return nil },
		Front: httpd.Front{Log: slog.New(slog.DiscardHandler), NewID: s.NewID},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := uses.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if w.db, err = sql.Open("sqlite", "file:"+file); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })

	join := func(name string, role collateral.Role) collateral.Actor {
		u, _, err := people.CreateUser(t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: []collateral.Role{role}}, "correct horse battery")
		if err != nil {
			t.Fatalf("creating %s: %v", name, err)
		}
		return collateral.Actor{UserID: u.ID, Roles: u.Roles}
	}
	if _, w.token, err = people.CreateToken(t.Context(), join("rita", collateral.Rep), collateral.NewToken{Name: "CRM"}); err != nil {
		t.Fatal(err)
	}
	w.piece = publish(t, s, join("mia", collateral.Marketer), join("ann", collateral.Approver))
	s.Now = now

	server := httptest.NewServer(w.api)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

func publish(t *testing.T, s *store.Store, marketer, approver collateral.Actor) string {
	t.Helper()
	ctx, at := t.Context(), s.Now()
	a := &collateral.Asset{
		ID: s.NewID(), OwnerID: marketer.UserID, CreatedAt: at, UpdatedAt: at, FirstPublishedOn: at.Format(time.DateOnly),
		Details: collateral.Details{Title: "Deck", Type: "deck", Audience: collateral.ForCustomer, Language: "en"},
	}
	a.Stages = []collateral.StageTag{{StageID: uuid.MustParse("01980000-0000-7000-8000-000000000001"), Role: "Shows the buyer what the product does.", Primary: true}}
	v := &collateral.Version{ID: s.NewID(), AssetID: a.ID, FileName: "deck.txt", MediaType: "text/plain", Size: 1, SHA256: strings.Repeat("ab", 32), UploadedBy: a.OwnerID, CreatedAt: at}
	approval := &collateral.Approval{ID: s.NewID(), VersionID: v.ID, AssetID: a.ID, SHA256: v.SHA256, SignerID: approver.UserID, RoleHeld: collateral.Approver, SignedAt: at}
	review := &collateral.Review{ID: s.NewID(), VersionID: v.ID, AssetID: a.ID, ReviewerID: approver.UserID, Decision: collateral.Approve, At: at}
	for _, step := range []func(tx *store.Store) error{
		func(tx *store.Store) error { return tx.CreateAsset(ctx, a) },
		func(tx *store.Store) error { return tx.AddVersion(ctx, v) },
		func(tx *store.Store) error { return tx.SubmitVersion(ctx, a, v, at) },
		func(tx *store.Store) error { return tx.Decide(ctx, review, approval) },
		func(tx *store.Store) error { return tx.Publish(ctx, v, approval.ID, a.OwnerID, at) },
	} {
		if err := s.Tx(ctx, step); err != nil {
			t.Fatalf("publishing: %v", err)
		}
	}
	return a.ID.String()
}

// downloads returns how many the figures show, which are what reports read. They go on from day to day.
func (w *world) downloads() int {
	w.t.Helper()
	var n int
	if err := w.db.QueryRow("SELECT coalesce(max(taken), 0) FROM usage_totals WHERE asset_id = ?", w.piece).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// recorded returns the ids of the uses that are kept.
func (w *world) recorded() map[string]bool {
	w.t.Helper()
	rows, err := w.db.Query("SELECT id FROM usage_events")
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	ids := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			w.t.Fatal(err)
		}
		ids[id] = true
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// client is one that loses no time; options come after those of the tests.
func (w *world) client(options ...client.Option) *client.Client {
	w.t.Helper()
	return newClient(w.t, w.url, w.token, options...)
}

func newClient(t *testing.T, url, token string, options ...client.Option) *client.Client {
	t.Helper()
	quick := []client.Option{client.Linger(0), client.Pauses(time.Millisecond, 10*time.Millisecond)}
	c, err := client.New(url, token, append(quick, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (w *world) report(c *client.Client, n int) {
	w.t.Helper()
	for range n {
		if err := c.Report(w.t.Context(), client.Use{AssetID: w.piece, Kind: client.Download}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func flush(t *testing.T, c *client.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// inFront answers first what it is told to, and then as the API does.
type inFront struct {
	api   http.Handler
	first chan http.HandlerFunc
	seen  chan *http.Request
}

func (f *inFront) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	f.seen <- r
	select {
	case answer := <-f.first:
		answer(rw, r)
	default:
		f.api.ServeHTTP(rw, r)
	}
}

// answering starts a server that gives the answers in turn before it is the real one.
func (w *world) answering(answers ...http.HandlerFunc) (url string, seen <-chan *http.Request) {
	w.t.Helper()
	f := &inFront{api: w.api, first: make(chan http.HandlerFunc, len(answers)), seen: make(chan *http.Request, 1000)}
	for _, a := range answers {
		f.first <- a
	}
	server := httptest.NewServer(f)
	w.t.Cleanup(server.Close)
	return server.URL, f.seen
}
