package usage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	_ "modernc.org/sqlite"             // the driver

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// world is a store with people and published pieces, and a clock that stands still until it is moved.
type world struct {
	t     testing.TB
	url   string
	store *store.Store
	clock *clock
	*Usage

	mia, ann, rita collateral.Actor // marketer, approver, rep
	lea            collateral.Actor // leader
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// each runs f on a fresh world over every database at hand.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			f(t, newWorld(t, dialect))
		})
	}
}

func newWorld(t testing.TB, dialect string) *world {
	t.Helper()
	w := &world{t: t, url: storetest.URL(t, dialect), clock: &clock{at: today}}
	w.store, w.Usage = w.open()
	w.mia, w.ann = w.person("mia", collateral.Marketer), w.person("ann", collateral.Approver)
	w.rita, w.lea = w.person("rita", collateral.Rep), w.person("lea", collateral.Leader)
	return w
}

const day = 24 * time.Hour

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// open is one more process on the same database.
func (w *world) open() (*store.Store, *Usage) {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.url)
	if err != nil {
		w.t.Fatalf("opening the store: %v", err)
	}
	s.Now = w.clock.now
	u := New(s)
	w.t.Cleanup(func() {
		if err := u.Close(context.Background()); err != nil {
			w.t.Errorf("closing: %v", err)
		}
		if err := s.Close(); err != nil {
			w.t.Errorf("closing the store: %v", err)
		}
	})
	return s, u
}

// person has been there for longer than uses are kept.
func (w *world) person(name string, roles ...collateral.Role) collateral.Actor {
	w.t.Helper()
	u := collateral.User{ID: w.store.NewID(), Email: name + "@example.com", Name: name, Roles: roles, Active: true, CreatedAt: today.Add(-500 * day)}
	if err := w.store.Tx(w.t.Context(), func(tx *store.Store) error { return tx.CreateUser(w.t.Context(), u, "x") }); err != nil {
		w.t.Fatalf("creating %s: %v", name, err)
	}
	return collateral.Actor{UserID: u.ID, Roles: roles}
}

// stage returns the id of one of the six default stages, from 1.
func stage(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("01980000-0000-7000-8000-%012d", n)) }

// piece is what a test says of a piece; the rest does not matter.
type piece struct {
	title          string
	owner          collateral.Actor // mia when not set
	coauthors      []uuid.UUID
	kind           collateral.Type // deck when not set
	stages         []int           // of the six, the primary one first; the first when not set
	age            int             // days since its publication
	firstPublished string          // the day of its publication when not set; "unknown" for none
	personas       []string
	reviewBy       string
}

// publish makes a piece that ann signed and that has been published for p.age days.
func (w *world) publish(p piece) *collateral.Asset {
	w.t.Helper()
	if p.owner.UserID == uuid.Nil {
		p.owner = w.mia
	}
	if p.kind == "" {
		p.kind = "deck"
	}
	if p.stages == nil {
		p.stages = []int{1}
	}
	at := w.clock.now().Add(-time.Duration(p.age) * day)
	if p.firstPublished == "" {
		p.firstPublished = dayOf(at)
	}
	if p.firstPublished == "unknown" {
		p.firstPublished = ""
	}
	a := &collateral.Asset{
		ID: w.store.NewID(), OwnerID: p.owner.UserID, Coauthors: p.coauthors, FirstPublishedOn: p.firstPublished, CreatedAt: at, UpdatedAt: at,
		Details: collateral.Details{Title: p.title, Type: p.kind, Audience: collateral.ForCustomer, Language: "en", Personas: p.personas, ReviewBy: p.reviewBy},
	}
	for i, n := range p.stages {
		a.Stages = append(a.Stages, collateral.StageTag{StageID: stage(n), Role: "Shows the buyer what the product does.", Primary: i == 0})
	}
	ctx := w.t.Context()
	if err := w.store.Tx(ctx, func(tx *store.Store) error { return tx.CreateAsset(ctx, a) }); err != nil {
		w.t.Fatalf("creating %q: %v", p.title, err)
	}
	w.publishVersion(a, at)
	return a
}

// publishVersion makes the asset's next version what is published, from the given time on, and returns it.
func (w *world) publishVersion(a *collateral.Asset, at time.Time) *collateral.Version {
	w.t.Helper()
	ctx := w.t.Context()
	v := &collateral.Version{
		ID: w.store.NewID(), AssetID: a.ID, FileName: "piece.txt", MediaType: "text/plain", Size: 1,
		SHA256: strings.Repeat("ab", 32), UploadedBy: a.OwnerID, CreatedAt: at,
	}
	approval := &collateral.Approval{
		ID: w.store.NewID(), VersionID: v.ID, AssetID: a.ID, SHA256: v.SHA256, SignerID: w.ann.UserID, RoleHeld: collateral.Approver, SignedAt: at,
	}
	review := &collateral.Review{ID: w.store.NewID(), VersionID: v.ID, AssetID: a.ID, ReviewerID: w.ann.UserID, Decision: collateral.Approve, At: at}
	err := w.store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.AddVersion(ctx, v); err != nil {
			return err
		}
		if err := tx.SubmitVersion(ctx, a, v, at); err != nil {
			return err
		}
		if err := tx.Decide(ctx, review, approval); err != nil {
			return err
		}
		return tx.Publish(ctx, v, approval.ID, a.OwnerID, at)
	})
	if err != nil {
		w.t.Fatalf("publishing %q: %v", a.Title, err)
	}
	return v
}

func (w *world) withdraw(a *collateral.Asset, at time.Time) {
	w.t.Helper()
	ctx := w.t.Context()
	if err := w.store.Tx(ctx, func(tx *store.Store) error { return tx.Withdraw(ctx, a.ID, a.OwnerID, at) }); err != nil {
		w.t.Fatalf("withdrawing %q: %v", a.Title, err)
	}
}

// event is a use of the asset some time ago, as a client reports it.
func (w *world) event(kind collateral.UseKind, asset uuid.UUID, ago time.Duration) Incoming {
	return Incoming{ID: w.store.NewID().String(), Kind: string(kind), AssetID: asset.String(), OccurredAt: w.clock.now().Add(-ago).Format(time.RFC3339Nano)}
}

// record reports events that must all be accepted.
func (w *world) record(actor collateral.Actor, events ...Incoming) {
	w.t.Helper()
	out, err := w.Record(w.t.Context(), actor, events)
	if err != nil {
		w.t.Fatalf("recording: %v", err)
	}
	if out.Accepted != len(events) {
		w.t.Fatalf("got outcome %+v, want %d accepted", out, len(events))
	}
}

func (w *world) unused(actor collateral.Actor, q UnusedQuery) UnusedReport {
	w.t.Helper()
	r, err := w.Unused(w.t.Context(), actor, q)
	if err != nil {
		w.t.Fatalf("reporting: %v", err)
	}
	return r
}

// sql is a connection beside the store's, for looking at tables as they are.
func (w *world) sql() *sql.DB {
	w.t.Helper()
	driver, dsn := "sqlite", "file:"+w.url+"?_timezone=UTC"
	if w.store.Dialect() == store.Postgres {
		driver, dsn = "pgx", w.url
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = db.Close() })
	return db
}
