package sharing_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/blob/diskblob"
	"collateral/internal/collateral"
	"collateral/internal/jobs"
	"collateral/internal/registry"
	"collateral/internal/sharing"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// world is sharing on real engines, with people who have an account and a clock that can be turned.
type world struct {
	*sharing.Sharing
	t      *testing.T
	pieces *registry.Registry

	mia, max  collateral.Actor // marketers
	ann       collateral.Actor // an approver
	rita, rob collateral.Actor // reps
	lea, ada  collateral.Actor // leader, admin
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { f(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	u := usage.New(s)
	t.Cleanup(func() {
		if err := u.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	log := slog.New(slog.DiscardHandler)
	people := accesstest.New(s)
	w := &world{t: t}
	w.pieces = &registry.Registry{Store: s, Blobs: must(diskblob.Open(t.TempDir()))(t), Usage: u, MaxUpload: 1 << 20, Log: log}
	w.Sharing = &sharing.Sharing{Store: s, Access: people, Registry: w.pieces, Usage: u, PublicURL: "https://collateral.example.com", Log: log}
	join := func(name string, roles ...collateral.Role) collateral.Actor {
		u, _, err := people.CreateUser(t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: roles}, "correct horse battery")
		if err != nil {
			t.Fatalf("creating %s: %v", name, err)
		}
		return collateral.Actor{UserID: u.ID, Roles: roles}
	}
	w.mia, w.max, w.ann = join("mia", collateral.Marketer), join("max", collateral.Marketer), join("ann", collateral.Approver)
	w.rita, w.rob = join("rita", collateral.Rep), join("rob", collateral.Rep)
	w.lea, w.ada = join("lea", collateral.Leader), join("ada", collateral.Admin)
	return w
}

// published is a piece of mia's for customers.
func (w *world) published(title string) uuid.UUID {
	return w.publishedFor(title, collateral.ForCustomer)
}

func (w *world) publishedFor(title string, audience collateral.Audience) uuid.UUID {
	w.t.Helper()
	a := must(w.pieces.Create(w.t.Context(), w.mia, collateral.Details{
		Title: title, Type: "deck", Audience: audience, Language: "en",
		Stages: []collateral.StageTag{{Stage: "solution-exploration", Role: "Shows the buyer what the product does.", Primary: true}},
	}))(w.t)
	w.publish(a.ID, 1, "text of "+title)
	return a.ID
}

// publish takes the next version of a piece of mia's, which gets the number n, all the way.
func (w *world) publish(id uuid.UUID, n int, text string) {
	w.t.Helper()
	w.publishFile(id, n, "piece.txt", []byte(text))
}

func (w *world) publishFile(id uuid.UUID, n int, name string, content []byte) {
	w.t.Helper()
	ctx := w.t.Context()
	_, _, uploaded := w.pieces.Upload(ctx, w.mia, id, registry.File{Name: name, Content: bytes.NewReader(content)})
	_, _, submitted := w.pieces.Submit(ctx, w.mia, id)
	_, signed := w.pieces.Review(ctx, w.ann, id, n, collateral.Approve, "")
	_, published := w.pieces.Publish(ctx, w.mia, id)
	if err := errors.Join(uploaded, submitted, signed, published); err != nil {
		w.t.Fatalf("publishing version %d: %v", n, err)
	}
}

// made is a link of rita's.
func (w *world) made(l collateral.NewLink) *sharing.Shared {
	w.t.Helper()
	return must(w.Make(w.t.Context(), w.rita, l))(w.t)
}

// later has the clock of the world go on.
func (w *world) later(d time.Duration) {
	present := w.Store.Now
	w.Store.Now = func() time.Time { return present().Add(d) }
}

// work does the jobs of links that wait.
func (w *world) work() {
	w.t.Helper()
	r := jobs.New(w.Store, map[string]jobs.Handler{sharing.JobShared: w.RecordShared}, w.Log)
	if err := r.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) reload(id uuid.UUID) *sharing.Shared {
	w.t.Helper()
	return must(w.Link(w.t.Context(), w.ada, id))(w.t)
}

func read(t *testing.T, c *registry.Content) string {
	t.Helper()
	defer c.Close()
	return string(must(io.ReadAll(c))(t))
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// wantKind fails unless err is a refusal of the kind, and of exactly these fields where some are named.
func wantKind(t *testing.T, what string, err error, kind collateral.Kind, pointers ...string) {
	t.Helper()
	if got := collateral.KindOf(err); err == nil || got != kind {
		t.Fatalf("%s: got error %v of kind %d, want kind %d", what, err, got, kind)
	}
	if len(pointers) == 0 {
		return
	}
	e, _ := errors.AsType[*collateral.Error](err)
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Pointer)
	}
	if !slices.Equal(got, pointers) {
		t.Fatalf("%s: got fields %q, want %q: %v", what, got, pointers, err)
	}
}
