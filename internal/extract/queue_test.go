package extract_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/blob/diskblob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/jobs"
	"collateral/internal/registry"
	"collateral/internal/search/bleveindex"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// TestHostileFilesDoNotStopTheQueue uploads twenty hostile files and then a good one, and has two workers read them.
// All of them wait at once, so the good one is read only if each of the others ends.
func TestHostileFilesDoNotStopTheQueue(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes several seconds")
	}
	const readable = "the good file behind the hostile ones"
	q := newQueue(t)
	var hostile []uuid.UUID
	for _, file := range []struct{ hostile, name string }{
		{"2 GB of one letter in a document", "a.docx"},
		{"2 GB of empty cells in a workbook", "a.xlsx"},
		{"an archive with a million and a half parts", "parts.docx"},
		{"a document of documents", "a.docx"},
		{"an archive of archives", "a.zip"},
		{"entities that multiply", "a.docx"},
		{"entities that multiply in a slide", "a.pptx"},
		{"entities from outside", "a.docx"},
		{"a million elements inside each other", "a.docx"},
		{"one string in a million cells", "a.xlsx"},
		{"one sheet a hundred thousand times", "a.xlsx"},
		{"a million groups inside each other", "a.rtf"},
		{"a million stars", "a.md"},
		{"a million brackets that are links", "a.md"},
		{"a page tree that contains itself", "a.pdf"},
		{"an index of a hundred million entries", "a.pdf"},
		{"a string that inflates to 2 GB", "a.pdf"},
		{"contents that inflate to 2 GB", "a.pdf"},
		{"a font whose table inflates to 2 GB", "a.pdf"},
		{"a PDF that ends in the middle", "a.pdf"},
	} {
		hostile = append(hostile, q.upload(file.hostile, file.name, extract.HostileFile(t, file.hostile)).ID)
	}
	good := q.upload("Good", "good.txt", []byte(readable)).ID

	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- q.runner.Run(ctx) }()
	read := q.waitFor(good, time.Minute)
	t.Logf("the good file was read after %s", time.Since(began).Round(time.Millisecond))
	if read.State != collateral.ExtractionDone {
		t.Errorf("got %+v, want the good file read", read)
	}
	for _, version := range hostile {
		if e := q.waitFor(version, time.Minute); e.State == collateral.ExtractionFailed && e.Reason == "" {
			t.Errorf("got %+v, want a reason", e)
		}
	}
	end()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if left, err := q.pieces.Store.HasOpenJobs(t.Context(), []string{registry.JobExtract}); err != nil || left {
		t.Errorf("got jobs left: %v, %v; want each done at its first attempt", left, err)
	}
}

// queue is a registry with the jobs of a server, whose runner reads documents in children.
type queue struct {
	t      *testing.T
	pieces *registry.Registry
	runner *jobs.Runner
	mia    collateral.Actor
}

func newQueue(t *testing.T) *queue {
	t.Helper()
	s := storetest.Open(t, store.SQLite)
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	index, _, err := bleveindex.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = index.Close() })
	uses := usage.New(s)
	t.Cleanup(func() { _ = uses.Close(context.Background()) })
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	limits := extract.DefaultLimits()
	limits.Time = 3 * time.Second // those that take all of it should not make the test long
	q := &queue{t: t, pieces: &registry.Registry{
		Store: s, Blobs: blobs, Index: index, Usage: uses, MaxUpload: 1 << 30, Log: slog.New(slog.DiscardHandler),
		Text: extract.Runner{Command: []string{exe, "child"}, Limits: limits},
	}}
	u, _, err := accesstest.New(s).CreateUser(t.Context(), nil, collateral.NewUser{Email: "mia@example.com", Name: "mia", Roles: []collateral.Role{collateral.Marketer}}, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	q.mia = collateral.Actor{UserID: u.ID, Roles: u.Roles}
	q.runner = jobs.New(s, map[string]jobs.Handler{registry.JobExtract: q.pieces.ExtractText, registry.JobIndex: q.pieces.IndexAsset}, slog.New(slog.DiscardHandler))
	return q
}

// upload makes a piece of the file.
func (q *queue) upload(title, name string, content []byte) *collateral.Version {
	q.t.Helper()
	a, err := q.pieces.Create(q.t.Context(), q.mia, collateral.Details{
		Title: title, Type: "deck", Audience: collateral.ForCustomer, Language: "en",
		Stages: []collateral.StageTag{{Stage: "solution-exploration", Role: "Shows what the product does.", Primary: true}},
	})
	if err != nil {
		q.t.Fatal(err)
	}
	v, _, err := q.pieces.Upload(q.t.Context(), q.mia, a.ID, registry.File{Name: name, Content: bytes.NewReader(content)})
	if err != nil {
		q.t.Fatal(err)
	}
	return v
}

// waitFor returns what became of reading the version's text.
func (q *queue) waitFor(version uuid.UUID, atMost time.Duration) collateral.Extraction {
	q.t.Helper()
	for deadline := time.Now().Add(atMost); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		found, err := q.pieces.Store.Extractions(q.t.Context(), []uuid.UUID{version})
		if err != nil {
			q.t.Fatal(err)
		}
		if e := found[version]; e.State != collateral.ExtractionPending {
			return e
		}
	}
	q.t.Fatalf("version %s was not read within %s", version, atMost)
	return collateral.Extraction{}
}
