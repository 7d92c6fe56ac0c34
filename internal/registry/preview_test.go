package registry_test

import (
	"bytes"
	"context"
	"image/jpeg"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/render"
	"collateral/internal/render/rendertest"
)

// withPictures gives the world PDFium.
func (w *world) withPictures() {
	w.t.Helper()
	w.Pictures = render.New(rendertest.Path(w.t), rendertest.Cache(w.t), render.DefaultLimits())
	w.t.Cleanup(func() {
		if err := w.Pictures.Close(context.Background()); err != nil {
			w.t.Error(err)
		}
	})
}

// pdf has a page for each text.
func pdf(t *testing.T, texts ...string) string {
	t.Helper()
	f := fpdf.New("P", "pt", "A4", "")
	f.SetFont("Helvetica", "", 14)
	for _, text := range texts {
		f.AddPage()
		f.MultiCell(0, 18, text, "", "", false)
	}
	var file bytes.Buffer
	if err := f.Output(&file); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// Everybody who may see a piece sees the pages of what is published, and only its makers and approvers those of versions.
func TestPicturesOfPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.withPictures()
		a := w.published("Prices", pdf(t, "one", "two", "three", "four", "five", "six"))
		w.work()
		v := must(w.Store.Version(ctx, a.ID, 1))(t)
		p := must(w.Preview(ctx, v))(t)
		if !p.Pictures || p.Total != 6 || len(p.Pages) != 6 || p.Pages[5].Width != 900 || p.Pages[5].Height != 1274 || !strings.Contains(p.Pages[5].Text, "six") {
			t.Fatalf("got %+v, want pictures of six pages with their text", p)
		}

		var asked sync.WaitGroup
		for page := 1; page <= 6; page++ {
			asked.Go(func() {
				picture, err := w.PublishedPicture(ctx, w.rita, a.ID, page)
				if err != nil {
					t.Errorf("page %d: %v", page, err)
					return
				}
				if _, err := jpeg.DecodeConfig(bytes.NewReader(picture.JPEG)); err != nil {
					t.Errorf("page %d: %v", page, err)
				}
			})
		}
		asked.Wait()
		if kept := must(w.Store.PreviewPicture(ctx, v.SHA256, 6))(t); kept == nil {
			t.Error("the picture was not kept")
		}
		must(w.VersionPicture(ctx, w.mia, a.ID, 1, 1))(t)
		must(w.VersionPicture(ctx, w.ann, a.ID, 1, 1))(t)
		_, err := w.VersionPicture(ctx, w.rita, a.ID, 1, 1)
		wantKind(t, err, collateral.Forbidden)
		for _, page := range []int{-1, 0, 7} {
			_, err = w.PublishedPicture(ctx, w.rita, a.ID, page)
			wantKind(t, err, collateral.NotFound)
		}
		draft := w.created("Draft", pdf(t, "secret"))
		_, err = w.PublishedPicture(ctx, w.rita, draft.ID, 1)
		wantKind(t, err, collateral.NotFound)
		_, err = w.VersionPicture(ctx, w.ann, draft.ID, 1, 1)
		wantKind(t, err, collateral.NotFound)
	})
}

func TestPicturesGoWithTheirBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.withPictures()
		a := w.published("Prices", pdf(t, "one"))
		v := must(w.Store.Version(ctx, a.ID, 1))(t)
		must(w.PublishedPicture(ctx, w.rita, a.ID, 1))(t)
		must(w.Withdraw(ctx, w.mia, a.ID, "Has to go."))(t)
		must(w.Purge(ctx, w.ada, a.ID, 1, "Sent by mistake."))(t)
		if known := must(w.Store.Preview(ctx, v.SHA256))(t); known != nil {
			t.Errorf("after the purge: got %+v, want nothing", known)
		}
		_, err := w.VersionPicture(ctx, w.mia, a.ID, 1, 1)
		wantKind(t, err, collateral.Gone)

		b := w.published("Terms", pdf(t, "two"))
		must(w.PublishedPicture(ctx, w.rita, b.ID, 1))(t)
		later := w.Store.Now().Add(48 * time.Hour)
		w.Store.Now = func() time.Time { return later }
		if err := w.ForgetPictures(ctx, 24*time.Hour); err != nil {
			t.Fatal(err)
		}
		v = must(w.Store.Version(ctx, b.ID, 1))(t)
		if known := must(w.Store.Preview(ctx, v.SHA256))(t); known != nil {
			t.Errorf("after a day: got %+v, want it forgotten", known)
		}
		must(w.PublishedPicture(ctx, w.rita, b.ID, 1))(t) // and made again
	})
}

// What has no pictures is shown by its text, and what has none either by nothing; a damaged file is looked at once.
func TestPreviewWithoutPictures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		text := w.created("Notes", "these words")
		w.work()
		v := must(w.Store.Version(ctx, text.ID, 1))(t)
		if p := must(w.Preview(ctx, v))(t); p.Pictures || len(p.Pages) != 1 || p.Pages[0].Text != "these words" {
			t.Errorf("a text: got %+v, want its words", p)
		}
		w.withPictures()
		damaged := must(w.Create(ctx, w.mia, details("Damaged", exploration)))(t)
		must2(w.Upload(ctx, w.mia, damaged.ID, registry.File{Name: "x.pdf", Content: strings.NewReader("%PDF-1.7\nnothing")}))(t)
		v = must(w.Store.Version(ctx, damaged.ID, 1))(t)
		if p := must(w.Preview(ctx, v))(t); p.Pictures || len(p.Pages) != 0 {
			t.Errorf("a damaged PDF: got %+v, want nothing", p)
		}
		if known := must(w.Store.Preview(ctx, v.SHA256))(t); known == nil {
			t.Error("that a PDF has no pictures is not remembered")
		}
	})
}

func must2[T, U any](value T, _ U, err error) func(t *testing.T) T { return must(value, err) }
