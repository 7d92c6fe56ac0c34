package render_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"collateral/internal/demo/files"
	"collateral/internal/render"
	"collateral/internal/render/rendertest"
)

func newPDFium(t *testing.T, change func(*render.Limits)) *render.PDFium {
	t.Helper()
	limits := render.DefaultLimits()
	if change != nil {
		change(&limits)
	}
	p := render.New(rendertest.Path(t), rendertest.Cache(t), limits)
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func open(t *testing.T, p *render.PDFium, pdf []byte) (*render.Document, error) {
	t.Helper()
	d, err := p.Open(t.Context(), bytes.NewReader(pdf), int64(len(pdf)))
	if err == nil {
		t.Cleanup(d.Close)
	}
	return d, err
}

func TestPagesBecomePictures(t *testing.T) {
	t.Parallel()
	p := newPDFium(t, nil)
	d, err := open(t, p, pages(t, "Prices", "Terms", "Contacts"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Total != 3 || len(d.Pages) != 3 || d.Pages[0] != (render.Size{Width: 595, Height: 842}) {
		t.Fatalf("got %d pages of %v, want 3 of A4", d.Total, d.Pages)
	}
	seen := map[string]int{}
	for n := 1; n <= 3; n++ {
		picture, err := d.Picture(n, 900)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := jpeg.Decode(bytes.NewReader(picture.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if size := decoded.Bounds().Size(); size.X != 900 || size.Y != 1274 || picture.Size != (render.Size{Width: 900, Height: 1274}) {
			t.Errorf("page %d: got %v, said %v, want 900 by 1274", n, size, picture.Size)
		}
		if r, _, _, _ := decoded.At(5, 5).RGBA(); r>>8 < 250 {
			t.Errorf("page %d: the corner is not white", n)
		}
		seen[string(picture.JPEG)] = n
	}
	if len(seen) != 3 {
		t.Errorf("got %d different pictures, want 3", len(seen))
	}
}

func TestPagesBeyondTheLimitAreLeftOut(t *testing.T) {
	t.Parallel()
	p := newPDFium(t, func(l *render.Limits) { l.Pages = 2 })
	d, err := open(t, p, pages(t, "One", "Two", "Three"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Total != 3 || len(d.Pages) != 2 {
		t.Errorf("got %d of %d pages, want 2 of 3", len(d.Pages), d.Total)
	}
}

// Pages that are very high or very wide do not make large pictures.
func TestPicturesAreBounded(t *testing.T) {
	t.Parallel()
	p := newPDFium(t, nil)
	for _, size := range []render.Size{{Width: 10, Height: 14000}, {Width: 14000, Height: 10}, {Width: 14000, Height: 14000}} {
		d, err := open(t, p, drawn(t, size, nil, "Banner"))
		if err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		picture, err := d.Picture(1, 900)
		if err != nil {
			t.Fatalf("%v: %v", size, err)
		}
		if picture.Width > 900 || picture.Height > 2700 || picture.Width < 1 || picture.Height < 1 {
			t.Errorf("%v becomes a picture of %v", size, picture.Size)
		}
		d.Close()
	}
}

func TestDocumentsWithoutPictures(t *testing.T) {
	t.Parallel()
	sound := pages(t, "Prices")
	tests := []struct {
		name   string
		pdf    []byte
		change func(*render.Limits)
	}{
		{"nothing", nil, nil},
		{"no PDF", []byte("<html>hello</html>"), nil},
		{"half of one", sound[:60], nil},
		{"locked", drawn(t, a4, func(f *fpdf.Fpdf) { f.SetProtection(0, "user", "owner") }, "Prices"), nil},
		{"too large", sound, func(l *render.Limits) { l.Input = 100 }},
		{"too little memory", append(bytes.Clone(sound), make([]byte, 32<<20)...), func(l *render.Limits) { l.Memory = 20 << 20 }},
		{"too little time", sound, func(l *render.Limits) { l.Time = time.Nanosecond }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := open(t, newPDFium(t, tt.change), tt.pdf); !errors.Is(err, render.ErrNone) {
				t.Errorf("got error %v, want ErrNone", err)
			}
		})
	}
}

// A damaged document gives pictures or ErrNone, and harms neither the next nor anybody else.
func TestDamagedDocuments(t *testing.T) {
	t.Parallel()
	p := newPDFium(t, func(l *render.Limits) { l.Time = 5 * time.Second })
	sound := pages(t, "Prices", "Terms")
	for at := 20; at < len(sound); at += len(sound) / 40 {
		damaged := bytes.Clone(sound)
		copy(damaged[at:], strings.Repeat("\xff\x00<<", 4))
		d, err := p.Open(t.Context(), bytes.NewReader(damaged), int64(len(damaged)))
		if err == nil {
			_, err = d.Picture(1, 300)
			d.Close()
		}
		if err != nil && !errors.Is(err, render.ErrNone) {
			t.Errorf("damaged at %d: %v", at, err)
		}
	}
	if _, err := open(t, p, sound); err != nil {
		t.Errorf("after them: %v", err)
	}
}

func TestWhoAskedMayLeave(t *testing.T) {
	t.Parallel()
	p := newPDFium(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	pdf := pages(t, "Prices")
	d, err := p.Open(ctx, bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	cancel()
	if _, err := d.Picture(1, 900); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want that nobody wants it any more", err)
	}
}

// Whoever looks at the same time shares nothing but what was compiled.
func TestManyDocumentsAtOnce(t *testing.T) {
	t.Parallel()
	p, pdf := newPDFium(t, nil), pages(t, "Prices")
	var all sync.WaitGroup
	for range 2 * render.DefaultLimits().AtOnce {
		all.Go(func() {
			d, err := p.Open(t.Context(), bytes.NewReader(pdf), int64(len(pdf)))
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close()
			if _, err := d.Picture(1, 900); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestMissingPDFiumIsNoFaultOfTheDocument(t *testing.T) {
	t.Parallel()
	p := render.New(t.TempDir()+"/pdfium.wasm", "", render.DefaultLimits())
	if _, err := p.Open(t.Context(), strings.NewReader("%PDF"), 4); err == nil || errors.Is(err, render.ErrNone) {
		t.Errorf("got error %v, want one that is not the document's", err)
	}
}

// The demo's own files become pictures of a size that a page can carry.
func TestDemoFileBecomesAPicture(t *testing.T) {
	t.Parallel()
	var pdf bytes.Buffer
	err := files.PDF(&pdf, files.Document{Info: files.Info{Title: "Prices on one page"}, Sections: []files.Section{{Heading: "What it costs", Paragraphs: []string{strings.Repeat("Nine euros for each vehicle and month. ", 40)}}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := open(t, newPDFium(t, nil), pdf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	picture, err := d.Picture(1, 900)
	if err != nil {
		t.Fatal(err)
	}
	if len(picture.JPEG) > 200_000 {
		t.Errorf("got %d bytes for a page of text, want less than 200 kB", len(picture.JPEG))
	}
}

func BenchmarkPicture(b *testing.B) {
	p := render.New(rendertest.Path(b), rendertest.Cache(b), render.DefaultLimits())
	defer func() { _ = p.Close(context.Background()) }()
	pdf := pages(b, strings.Repeat("Nine euros for each vehicle and month. ", 100))
	for b.Loop() {
		d, err := p.Open(b.Context(), bytes.NewReader(pdf), int64(len(pdf)))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Picture(1, 900); err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}

var a4 = render.Size{Width: 595, Height: 842}

// pages makes a PDF with a page for each text.
func pages(t testing.TB, texts ...string) []byte {
	t.Helper()
	return drawn(t, a4, nil, texts...)
}

func drawn(t testing.TB, size render.Size, change func(*fpdf.Fpdf), texts ...string) []byte {
	t.Helper()
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: float64(size.Width), Ht: float64(size.Height)}})
	if change != nil {
		change(f)
	}
	f.SetFont("Helvetica", "", 14)
	for n, text := range texts {
		f.AddPage()
		f.MultiCell(0, 18, fmt.Sprintf("%d: %s", n+1, text), "", "", false)
	}
	var pdf bytes.Buffer
	if err := f.Output(&pdf); err != nil {
		t.Fatal(err)
	}
	return pdf.Bytes()
}
