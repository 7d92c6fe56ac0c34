package registry_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store/storetest"
)

// exported is what an actor takes along: the CSV and the files.
func (w *world) exported(actor collateral.Actor) (csv string, files fstest.MapFS, leftOut int) {
	w.t.Helper()
	e := must(w.Export(w.t.Context(), actor))(w.t)
	var out bytes.Buffer
	if err := e.WriteCSV(&out); err != nil {
		w.t.Fatal(err)
	}
	files = fstest.MapFS{}
	for _, f := range e.Files {
		var content bytes.Buffer
		if err := w.WriteFile(w.t.Context(), &content, f); err != nil {
			w.t.Fatal(err)
		}
		files[f.Path] = &fstest.MapFile{Data: content.Bytes()}
	}
	return out.String(), files, e.LeftOut
}

// TestExportIsBroughtInAgain takes a library out, brings it into an empty registry, and takes it out there.
func TestExportIsBroughtInAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.imported(library())
		full := details("=SUM(A1:A9)", exploration)
		full.Summary = "+49 30 1234567\n\"quoted\"; and, separated | by everything\r\n'apostrophe"
		full.Stages = append(full.Stages, collateral.StageTag{Stage: selection, Role: "Two lines:\nthe first, and | a bar \\ here"})
		full.Personas, full.Industries, full.Products = []string{"cfo", "cto"}, []string{"-dash"}, []string{"pulse"}
		full.Language, full.ReviewBy, full.Cost = "pt-BR", "2027-03-31", &collateral.Cost{Amount: "1250.00", Currency: "EUR"}
		a := must(w.Create(t.Context(), w.mia, full))(t)
		must(w.AddCoauthor(t.Context(), w.mia, a.ID, w.ann.UserID))(t)
		w.upload(w.mia, a.ID, "the first version")
		w.upload(w.mia, a.ID, "the second version")
		w.created("A file of the same name", "another text")
		w.published("Published piece", "seen by everybody")
		must(w.Create(t.Context(), w.mia, details("Nothing uploaded", exploration)))(t)

		text, files, leftOut := w.exported(w.ada)
		if leftOut != 1 || len(files) != 5 {
			t.Errorf("got %d pieces left out and %d files, want 1 and 5", leftOut, len(files))
		}
		if string(files["piece.txt"].Data) != "the second version" || files["decks/first.txt"] == nil {
			t.Errorf("got %v, want the newest version as piece.txt and the path by which a file came in", files)
		}
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines[1:] {
			for _, cell := range line {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("a cell begins like a formula: %q", cell)
				}
			}
		}

		empty := newWorld(t, storetest.Open(t, w.Store.Dialect()))
		batch := empty.imported(registry.Library{Name: "again", CSV: []byte(text), Files: files})
		if batch.Rows() != 6 {
			t.Errorf("got %d rows, want 6", batch.Rows())
		}
		again, filesAgain, _ := empty.exported(empty.ada)
		if diff := cmp.Diff(text, again); diff != "" {
			t.Errorf("the CSV differs (-first +again):\n%s", diff)
		}
		if diff := cmp.Diff(files, filesAgain); diff != "" {
			t.Errorf("the files differ (-first +again):\n%s", diff)
		}
	})
}

// TestExportNamesFilesApart gives each file a name of its own, where one lies below another too.
func TestExportNamesFilesApart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, name := range []string{"a", "A", "b", "b"} {
			a := must(w.Create(t.Context(), w.mia, details("Piece "+name, exploration)))(t)
			if _, _, err := w.Upload(t.Context(), w.mia, a.ID, registry.File{Name: name, Content: strings.NewReader(name)}); err != nil {
				t.Fatal(err)
			}
		}
		w.imported(registry.Library{Name: "below", CSV: []byte("file,title,type,audience,owner\na/c,Below,deck,customer,mia@example.com\n"),
			Files: fstest.MapFS{"a/c": {Data: []byte("c")}}})
		_, files, _ := w.exported(w.ada)
		if len(files) != 5 || files["a"] == nil || files["b"] == nil || files["c"] == nil {
			t.Errorf("got files %v, want five, with a, b and c among them", files)
		}
		for name := range files {
			if folder, _, below := strings.Cut(name, "/"); below && files[folder] != nil {
				t.Errorf("%s lies below a file", name)
			}
		}
	})
}

func TestWhoExports(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.published("Published piece of mia's", "text")
		own := must(w.Create(t.Context(), w.max, details("Draft of max's", exploration)))(t)
		w.upload(w.max, own.ID, "text of max's")
		text, _, _ := w.exported(w.max)
		if !strings.Contains(text, "Draft of max's") || strings.Contains(text, "mia's") {
			t.Errorf("max takes along\n%s\nwant the own piece alone", text)
		}
		for name, actor := range map[string]collateral.Actor{"a rep": w.rita, "an approver": w.ann, "a leader": w.lea} {
			_, err := w.Export(t.Context(), actor)
			if collateral.KindOf(err) != collateral.Forbidden {
				t.Errorf("%s: got %v, want a refusal", name, err)
			}
		}
	})
}
