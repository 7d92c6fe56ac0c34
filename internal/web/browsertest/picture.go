package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The measures of pictures, in CSS pixels: how much of a long page one shows, and how wide it is itself.
const (
	tallest = 1500
	widest  = 720
)

// FitsWidth fails the test when the page is wider than the window, so that one has to scroll to the side to read it.
func (b *Tab) FitsWidth() {
	b.t.Helper()
	if got := b.extent(); got.Wide > b.width {
		b.t.Errorf("%s at %d px is %d px wide; what sticks out first: %s", b.Path(), b.width, got.Wide, got.First)
	}
}

// extent is how wide a page is.
type extent struct {
	Wide  int
	First string // the first element that is wider than the window
}

func (b *Tab) extent() extent {
	b.t.Helper()
	return evaluate[extent](b, `({
		Wide: document.documentElement.scrollWidth,
		First: [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 120))[0] ?? "",
	})`)
}

// Picture writes what the page looks like to a file, as WebP of at most so many bytes: from the top to its end, or as much of
// a long page as one looks at; smaller than the page, and more so where the window is wide.
func (b *Tab) Picture(file string, most int) {
	b.t.Helper()
	height := min(evaluate[float64](b, `Math.max(document.documentElement.scrollHeight, innerHeight)`), tallest)
	scale := min(0.8, float64(widest)/float64(b.width))
	for quality := int64(75); ; quality -= 15 {
		var picture []byte
		b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
			picture, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(quality).
				WithCaptureBeyondViewport(true).WithClip(&page.Viewport{Width: float64(b.width), Height: height, Scale: scale}).Do(ctx)
			return err
		}))
		if len(picture) <= most {
			writePicture(b.t, file, picture)
			return
		}
		if quality <= 15 {
			b.t.Fatalf("the picture of %s at %d px has %d bytes, want at most %d", b.Path(), b.width, len(picture), most)
		}
	}
}

func writePicture(t testing.TB, file string, picture []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
