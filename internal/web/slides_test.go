package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"collateral/internal/collateral"
	"collateral/internal/demo/files"
	"collateral/internal/office"
	"collateral/internal/registry"
	"collateral/internal/render"
)

// A page with slides does not wait for their pictures: it shows their text and says that pictures are coming.
func TestSlidesBeforeAndAfterTheirPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// Neither program runs here: what they would make is put where it is kept.
	w.pieces.Pictures, w.pieces.Office = render.New("pdfium.wasm", "", render.DefaultLimits()), office.New("soffice", office.DefaultLimits())
	id := w.submitted("Deck", "before")
	var deck bytes.Buffer
	if err := files.PPTX(&deck, files.Deck{Info: files.Info{Title: "Keep them rolling"}, Slides: []files.Slide{{Title: "Tyres first"}}}); err != nil {
		t.Fatal(err)
	}
	v, _, err := w.pieces.Upload(t.Context(), w.mia.actor(), id, registry.File{Name: "deck.pptx", Content: &deck})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.pieces.Submit(t.Context(), w.mia.actor(), id); err != nil {
		t.Fatal(err)
	}
	if err := w.jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := w.ann.get(address(id, "2")).wantStatus(http.StatusOK)
	p.wantText(".preview-text li:nth-child(2)", "Tyres first").wantText(".preview-note", "Pictures of its slides are being made")

	made := collateral.Preview{Total: 2, Pages: []collateral.PreviewPage{{N: 1, Width: 900, Height: 506}, {N: 2, Width: 900, Height: 506}}}
	if err := w.store.PutPreview(t.Context(), v.SHA256, made); err != nil {
		t.Fatal(err)
	}
	if err := w.store.PutPreviewPicture(t.Context(), v.SHA256, 2, []byte("\xff\xd8")); err != nil {
		t.Fatal(err)
	}
	p = w.ann.get(address(id, "2")).wantStatus(http.StatusOK)
	sources := p.Find(".preview-pages img").Map(func(_ int, img *goquery.Selection) string { return img.AttrOr("src", "") })
	if len(sources) != 2 || !strings.HasPrefix(sources[1], "/pieces/"+id.String()+"/versions/2/preview/2?") {
		t.Fatalf("got pictures at %q, want two", sources)
	}
	if alt := p.Find(".preview-pages img").Last().AttrOr("alt", ""); alt != "Slide 2: Tyres first" {
		t.Errorf("the second says %q", alt)
	}
	w.ann.get(sources[1]).wantStatus(http.StatusOK)
	w.ann.get(sources[0]).wantStatus(http.StatusNotFound)
}
