package registry_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/access/accesstest"
	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/registry"
	"collateral/internal/search"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// world is a registry on real engines with one person per role, and a second marketer, approver and rep.
type world struct {
	*registry.Registry
	t *testing.T

	mia, max  collateral.Actor // marketers
	ann, abe  collateral.Actor // approvers
	rita, rob collateral.Actor // reps
	lea, ada  collateral.Actor // leader, admin
	access    *access.Access
}

// each runs f on a fresh world over every database at hand: on SQLite with files and index in folders, and on PostgreSQL with
// files in a bucket, where there is a server for it, and the index on a search server.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { f(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	index := newIndex(t, s.Dialect())
	u := usage.New(s)
	t.Cleanup(func() {
		if err := u.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, access: accesstest.New(s), Registry: &registry.Registry{
		Store: s, Blobs: newBlobs(t, s.Dialect()), Index: index, Usage: u, Text: extract.Runner{Limits: extract.DefaultLimits()}, MaxUpload: 1 << 20, Log: slog.New(slog.DiscardHandler),
	}}
	u.FieldUsed = w.FieldUsed
	w.mia, w.max = w.person("mia", collateral.Marketer), w.person("max", collateral.Marketer)
	w.ann, w.abe = w.person("ann", collateral.Approver), w.person("abe", collateral.Approver)
	w.rita, w.rob = w.person("rita", collateral.Rep), w.person("rob", collateral.Rep)
	w.lea, w.ada = w.person("lea", collateral.Leader), w.person("ada", collateral.Admin)
	return w
}

func (w *world) person(name string, roles ...collateral.Role) collateral.Actor {
	w.t.Helper()
	u, _, err := w.access.CreateUser(w.t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: roles}, "correct horse battery")
	if err != nil {
		w.t.Fatalf("creating %s: %v", name, err)
	}
	return collateral.Actor{UserID: u.ID, Roles: roles}
}

const (
	exploration = "solution-exploration"
	selection   = "supplier-selection"
	roleText    = "Shows the buyer what the product does."
)

func details(title, stage string) collateral.Details {
	return collateral.Details{
		Title: title, Type: "deck", Audience: collateral.ForCustomer, Language: "en",
		Stages: []collateral.StageTag{{Stage: stage, Role: roleText, Primary: true}},
	}
}

// created is a piece of mia's with one version of the text.
func (w *world) created(title, text string) *collateral.Asset {
	w.t.Helper()
	a := must(w.Create(w.t.Context(), w.mia, details(title, exploration)))(w.t)
	w.upload(w.mia, a.ID, text)
	return w.reload(a.ID)
}

func (w *world) upload(actor collateral.Actor, id uuid.UUID, text string) *collateral.Version {
	w.t.Helper()
	v, _, err := w.Upload(w.t.Context(), actor, id, registry.File{Name: "piece.txt", Content: strings.NewReader(text)})
	if err != nil {
		w.t.Fatalf("uploading: %v", err)
	}
	return v
}

// approved is a created piece that ann signed.
func (w *world) approved(title, text string) *collateral.Asset {
	w.t.Helper()
	a := w.created(title, text)
	w.submit(w.mia, a.ID)
	w.sign(w.ann, a.ID, 1)
	return w.reload(a.ID)
}

// published is an approved piece that is published.
func (w *world) published(title, text string) *collateral.Asset {
	w.t.Helper()
	a := w.approved(title, text)
	return must(w.Publish(w.t.Context(), w.mia, a.ID))(w.t)
}

func (w *world) submit(actor collateral.Actor, id uuid.UUID) {
	w.t.Helper()
	if _, _, err := w.Submit(w.t.Context(), actor, id); err != nil {
		w.t.Fatalf("submitting: %v", err)
	}
}

func (w *world) sign(actor collateral.Actor, id uuid.UUID, n int) {
	w.t.Helper()
	must(w.Review(w.t.Context(), actor, id, n, collateral.Approve, ""))(w.t)
}

func (w *world) reload(id uuid.UUID) *collateral.Asset {
	w.t.Helper()
	return must(w.Asset(w.t.Context(), w.ada, id))(w.t)
}

// work does every job that waits, the way a runner would.
func (w *world) work() {
	w.t.Helper()
	for {
		jobs := must(w.Store.ClaimJobs(w.t.Context(), []string{registry.JobExtract, registry.JobIndex, registry.JobSynonyms}, 100, time.Minute))(w.t)
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			do := map[string]func(context.Context, uuid.UUID) error{
				registry.JobExtract: w.ExtractText, registry.JobIndex: w.IndexAsset, registry.JobSynonyms: w.IndexSynonyms,
			}
			if err := do[j.Kind](w.t.Context(), j.Key); err != nil {
				w.t.Fatalf("job %s %s: %v", j.Kind, j.Key, err)
			}
			if err := w.Store.FinishJob(w.t.Context(), j); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// find returns the titles that a search shows, in order.
func (w *world) find(actor collateral.Actor, q search.Query) []string {
	w.t.Helper()
	q.Page, q.PerPage = max(q.Page, 1), max(q.PerPage, 20)
	found := must(w.Find(w.t.Context(), actor, q))(w.t)
	titles := []string{}
	for _, h := range found.Hits {
		titles = append(titles, h.Piece.Title)
	}
	return titles
}

func (w *world) read(c *registry.Content) string {
	w.t.Helper()
	defer c.Close()
	return string(must(io.ReadAll(c))(w.t))
}

// blobs returns the digests that the blob store holds.
func (w *world) blobs() []string {
	w.t.Helper()
	digests := []string{}
	err := w.Blobs.(blob.Lister).All(w.t.Context(), func(i blob.Info) error {
		digests = append(digests, i.SHA256)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(digests)
	return digests
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
func wantKind(t *testing.T, err error, kind collateral.Kind, pointers ...string) {
	t.Helper()
	if got := collateral.KindOf(err); err == nil || got != kind {
		t.Fatalf("got error %v of kind %d, want kind %d", err, got, kind)
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
		t.Fatalf("got fields %q, want %q: %v", got, pointers, err)
	}
}

// brokenReader gives some bytes and then fails, as a connection does that is cut.
type brokenReader struct{ io.Reader }

func broken(bytesBefore int) io.Reader {
	return io.MultiReader(bytes.NewReader(make([]byte, bytesBefore)), brokenReader{})
}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
