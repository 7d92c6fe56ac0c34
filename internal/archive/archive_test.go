package archive_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/archive"
	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// TestThereAndBack moves a company from one kind of database to the other and back: what comes out is the same, byte for
// byte.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	for _, way := range [][2]string{{store.SQLite, store.Postgres}, {store.Postgres, store.SQLite}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			t.Parallel()
			from := newWorld(t, way[0])
			stream, manifest := export(t, from)
			for _, table := range manifest.Tables {
				if table.Rows == 0 {
					t.Errorf("the world has nothing in %s", table.Name)
				}
			}
			want := unpack(t, stream).withoutOrigin(t)
			for _, dialect := range []string{way[1], way[0]} {
				to := newArchive(t, dialect)
				imported, err := to.Import(t.Context(), bytes.NewReader(stream), archive.ImportOptions{FollowUp: askToRead})
				if err != nil {
					t.Fatalf("importing into %s: %v", dialect, err)
				}
				if imported.Content != manifest.Content {
					t.Errorf("got the content %s, want %s", imported.Content, manifest.Content)
				}
				checkFiles(t, to)
				checkReading(t, to)
				stream, _ = export(t, to)
				got := unpack(t, stream).withoutOrigin(t)
				for i := range max(len(got), len(want)) {
					if i >= len(got) || i >= len(want) || got[i].name != want[i].name || !bytes.Equal(got[i].content, want[i].content) {
						t.Fatalf("entry %d of %d, %s, is not what it was out of %d", i, len(got), got[min(i, len(got)-1)].name, len(want))
					}
				}
			}
		})
	}
}

// askToRead asks for the work that follows, as the program does.
func askToRead(ctx context.Context, tx *store.Store) error {
	unread, err := tx.PendingExtractions(ctx)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, registry.JobExtract, unread...)
}

// checkReading has the one document that was not read where the company comes from be read here.
func checkReading(t *testing.T, a *archive.Archive) {
	t.Helper()
	open, err := a.Store.HasOpenJobs(t.Context(), []string{registry.JobExtract})
	if err != nil || !open {
		t.Errorf("documents wait to be read: got %t, error %v, want true", open, err)
	}
}

func checkFiles(t *testing.T, a *archive.Archive) {
	t.Helper()
	files, err := a.Store.KeptFiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := blob.Verify(t.Context(), a.Blobs, f.SHA256); err != nil {
			t.Error(err)
		}
	}
}

// TestExportIsOfOneMoment exports while people come in, each with rows in several tables.
func TestExportIsOfOneMoment(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			from := newArchive(t, dialect)
			people := accesstest.New(from.Store)
			ctx, stop := context.WithCancel(t.Context())
			hired := make(chan int)
			began := make(chan struct{})
			go func() {
				n := 0
				for ; ctx.Err() == nil; n++ {
					name := uuid.NewString()
					_, _, err := people.CreateUser(ctx, nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: []collateral.Role{collateral.Rep}}, "correct horse battery")
					if err != nil && ctx.Err() == nil {
						t.Errorf("hiring: %v", err)
						break
					}
					if n == 0 {
						close(began)
					}
				}
				hired <- n
			}()
			<-began
			for range 5 {
				stream, manifest := export(t, from)
				to := newArchive(t, dialect)
				if _, err := to.Import(t.Context(), bytes.NewReader(stream), archive.ImportOptions{}); err != nil {
					t.Fatalf("importing: %v", err)
				}
				rows := make(map[string]int)
				for _, table := range manifest.Tables {
					rows[table.Name] = table.Rows
				}
				if rows["users"] == 0 || rows["users"] != rows["role_grants"] {
					t.Errorf("got %d people with %d roles, want as many", rows["users"], rows["role_grants"])
				}
			}
			stop()
			if n := <-hired; n == 0 {
				t.Error("nobody was hired meanwhile")
			}
		})
	}
}

// lossy is a store of files that has lost one, and another's bytes.
type lossy struct {
	blob.Store

	lost, damaged string
}

func (l lossy) Open(ctx context.Context, digest string) (blob.File, blob.Info, error) {
	if digest == l.lost {
		return nil, blob.Info{}, blob.ErrNotFound
	}
	f, info, err := l.Store.Open(ctx, digest)
	if err == nil && digest == l.damaged {
		f = otherBytes{f}
	}
	return f, info, err
}

// otherBytes reads as the file with its first byte turned.
type otherBytes struct{ blob.File }

func (f otherBytes) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if n > 0 {
		p[0] ^= 1
	}
	return n, err
}

// TestStreams shares one company, which is only read.
func TestStreams(t *testing.T) {
	t.Parallel()
	from := newWorld(t, store.SQLite)
	stream, _ := export(t, from)
	for name, test := range map[string]func(*testing.T, archive.Archive, []byte){
		"missing files": testMissingFiles, "nobody takes it": testExportSaysWhenNobodyTakesIt,
		"forged": testForged, "cut off": testCutOff,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, *from, stream)
		})
	}
}

// testMissingFiles exports what is left of an installation that lost files.
func testMissingFiles(t *testing.T, from archive.Archive, _ []byte) {
	files, err := from.Store.KeptFiles(t.Context())
	if err != nil || len(files) < 10 {
		t.Fatalf("got %d files, error %v", len(files), err)
	}
	from.Blobs = lossy{from.Blobs, files[3].SHA256, files[5].SHA256}
	stream, manifest := export(t, &from)
	if want := []string{files[3].SHA256, files[5].SHA256}; !slices.Equal(manifest.Missing, want) || manifest.Files != len(files)-2 {
		t.Fatalf("got %d files without %v, want %d without %v", manifest.Files, manifest.Missing, len(files)-2, want)
	}

	to := newArchive(t, store.SQLite)
	refused(t, to, stream, "The stream lacks 2 files", "--allow-missing")
	if _, err := to.Import(t.Context(), bytes.NewReader(stream), archive.ImportOptions{AllowMissing: true}); err != nil {
		t.Fatalf("importing without them: %v", err)
	}
	for i, f := range files {
		_, err := to.Blobs.Stat(t.Context(), f.SHA256)
		if want := i != 3 && i != 5; (err == nil) != want {
			t.Errorf("file %d: got error %v, want it there: %t", i, err, want)
		}
	}
}

// brokenPipe takes some bytes and no more.
type brokenPipe struct{ left int }

func (w *brokenPipe) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// testExportSaysWhenNobodyTakesIt does not take a place that is full for a file that is missing.
func testExportSaysWhenNobodyTakesIt(t *testing.T, from archive.Archive, stream []byte) {
	for _, left := range []int{0, 5000, len(stream) / 2, len(stream) - 500} {
		if m, err := from.Export(t.Context(), &brokenPipe{left}); err == nil || len(m.Missing) > 0 {
			t.Errorf("after %d bytes: got error %v and missing files %v, want only the error", left, err, m.Missing)
		}
	}
}
