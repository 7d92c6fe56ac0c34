package registry_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/demo/files"
	"collateral/internal/office"
	"collateral/internal/registry"
)

// standIn is a program that takes the place of LibreOffice: it makes the PDF of every file that it was given, or refuses all.
type standIn struct {
	t      *testing.T
	folder string
}

// withOffice gives the world PDFium and the stand-in.
func (w *world) withOffice(pdf string) standIn {
	w.t.Helper()
	w.withPictures()
	s := standIn{w.t, w.t.TempDir()}
	program, err := filepath.Abs("../office/testdata/soffice")
	if err == nil {
		err = os.Symlink(program, filepath.Join(s.folder, "soffice"))
	}
	if err == nil && pdf != "" {
		err = os.WriteFile(filepath.Join(s.folder, "pages.pdf"), []byte(pdf), 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(s.folder, "runs"), nil, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.Office = office.New(filepath.Join(s.folder, "soffice"), office.DefaultLimits())
	return s
}

// runs is how often it was started.
func (s standIn) runs() int {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.folder, "runs"))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

// deck has a slide for each text, behind that with the title.
func deck(t *testing.T, texts ...string) string {
	t.Helper()
	d := files.Deck{Info: files.Info{Title: "Keep them rolling"}}
	for _, text := range texts {
		d.Slides = append(d.Slides, files.Slide{Title: text})
	}
	var file bytes.Buffer
	if err := files.PPTX(&file, d); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// deckOf is a piece of mia's with a deck as its draft, whose text was read.
func (w *world) deckOf(title string, texts ...string) (*collateral.Asset, *collateral.Version) {
	w.t.Helper()
	a := must(w.Create(w.t.Context(), w.mia, details(title, exploration)))(w.t)
	v := must2(w.Upload(w.t.Context(), w.mia, a.ID, registry.File{Name: "deck.pptx", Content: strings.NewReader(deck(w.t, texts...))}))(w.t)
	w.work()
	return a, v
}

// draws does the jobs that make pictures, and returns how many there were.
func (w *world) draws() int {
	w.t.Helper()
	jobs := must(w.Store.ClaimJobs(w.t.Context(), []string{registry.JobPictures}, 100, time.Minute))(w.t)
	for _, j := range jobs {
		if err := w.DrawPages(w.t.Context(), j.Key); err != nil {
			w.t.Fatalf("pictures of %s: %v", j.Key, err)
		}
		if err := w.Store.FinishJob(w.t.Context(), j); err != nil {
			w.t.Fatal(err)
		}
	}
	return len(jobs)
}

// The pictures of what is submitted are made before anybody looks; those of a draft when somebody did, and until then it is
// shown by its text.
func TestPicturesOfSlides(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		program := w.withOffice(pdf(t, "Keep them rolling", "one", "two"))
		a, v := w.deckOf("Deck", "one", "two")
		if n := w.draws(); n != 0 {
			t.Errorf("a draft that nobody looked at: got %d jobs, want none", n)
		}
		w.submit(w.mia, a.ID)
		if n := w.draws(); n != 1 {
			t.Errorf("at submission: got %d jobs, want 1", n)
		}
		p := must(w.Preview(ctx, v))(t)
		if !p.Pictures || p.Coming || p.Total != 3 || len(p.Pages) != 3 || p.Pages[2].Width != 900 || p.Pages[2].Text != "two" {
			t.Errorf("got %+v, want pictures of three slides with their text", p)
		}
		for page := 1; page <= 3; page++ {
			if picture := must(w.VersionPicture(ctx, w.ann, a.ID, 1, page))(t); !bytes.HasPrefix(picture.JPEG, []byte("\xff\xd8")) {
				t.Errorf("slide %d is no JPEG", page)
			}
		}
		_, err := w.VersionPicture(ctx, w.ann, a.ID, 1, 4)
		wantKind(t, err, collateral.NotFound)
		if n := program.runs(); n != 1 {
			t.Errorf("LibreOffice ran %d times, want once", n)
		}

		_, draft := w.deckOf("Draft", "three")
		for range 3 {
			if p := must(w.Preview(ctx, draft))(t); p.Pictures || !p.Coming || len(p.Pages) != 2 || p.Pages[1].Text != "three" {
				t.Errorf("got %+v, want its text and that pictures are coming", p)
			}
		}
		if n := w.draws(); n != 1 {
			t.Errorf("after three looks: got %d jobs, want 1", n)
		}
		// It is two slides by its text and three pages as a PDF: which is which nobody knows.
		if p := must(w.Preview(ctx, draft))(t); !p.Pictures || len(p.Pages) != 3 || p.Pages[1].Text != "" {
			t.Errorf("got %+v, want pictures of three pages without text", p)
		}
	})
}

// A deck that LibreOffice makes nothing of is tried once, and told of once.
func TestSlidesWithoutPictures(t *testing.T) {
	t.Parallel()
	for name, made := range map[string]string{"no PDF": "", "a damaged PDF": "%PDF-1.7\nnothing"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				ctx := t.Context()
				program := w.withOffice(made)
				var log bytes.Buffer
				w.Log = slog.New(slog.NewTextHandler(&log, nil))
				a, v := w.deckOf("Deck", "one")
				w.submit(w.mia, a.ID)
				w.draws()
				for range 3 {
					if p := must(w.Preview(ctx, v))(t); p.Pictures || p.Coming || len(p.Pages) != 2 || p.Pages[1].Text != "one" {
						t.Errorf("got %+v, want its text", p)
					}
				}
				_, err := w.VersionPicture(ctx, w.mia, a.ID, 1, 1)
				wantKind(t, err, collateral.NotFound)
				if n := w.draws() + program.runs(); n != 1 {
					t.Errorf("got %d conversions and further jobs, want 1", n)
				}
				if n := strings.Count(log.String(), "shown by its text"); n != 1 {
					t.Errorf("got %d lines, want 1:\n%s", n, log.String())
				}
			})
		})
	}
}

// What LibreOffice cannot help is tried again: nothing is known of the file by that.
func TestBrokenOffice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		program := w.withOffice(pdf(t, "one"))
		if err := os.Remove(filepath.Join(program.folder, "soffice")); err != nil {
			t.Fatal(err)
		}
		_, v := w.deckOf("Deck", "one")
		if err := w.DrawPages(t.Context(), v.ID); err == nil || errors.Is(err, office.ErrNone) {
			t.Errorf("got error %v, want one that lets the job come again", err)
		}
		if known := must(w.Store.Preview(t.Context(), v.SHA256))(t); known != nil {
			t.Errorf("got %+v, want nothing known", known)
		}
		if err := w.DrawPages(t.Context(), uuid.New()); err != nil {
			t.Errorf("a version that is gone: %v", err)
		}
		w.Office = nil
		if p := must(w.Preview(t.Context(), v))(t); p.Pictures || p.Coming || len(p.Pages) != 2 {
			t.Errorf("without LibreOffice: got %+v, want its text alone", p)
		}
	})
}
