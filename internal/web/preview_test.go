package web

import (
	"testing"

	"collateral/internal/collateral"
)

func TestAltOfPages(t *testing.T) {
	t.Parallel()
	slides, pages := preview{Slides: true}, preview{}
	long := ""
	for range 30 {
		long += "word "
	}
	tests := []struct {
		of   preview
		text string
		want string
	}{
		{slides, "  Why trucks\nstand still ", "Slide 3: Why trucks stand still"},
		{pages, "", "Page 3"},
		{pages, long, "Page 3: " + long[:5*firstWords] + "…"},
	}
	for _, tt := range tests {
		page := previewPage{PreviewPage: collateral.PreviewPage{N: 3, Text: tt.text}}
		if got := tt.of.Alt(page); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestRestOfPages(t *testing.T) {
	t.Parallel()
	p := preview{Total: 60, Pages: []previewPage{{PreviewPage: collateral.PreviewPage{N: 1}}, {PreviewPage: collateral.PreviewPage{N: 50}}}}
	if got := p.Rest(); got != 10 {
		t.Errorf("got %d pages that are not shown, want 10", got)
	}
	if got := (preview{}).Rest(); got != 0 {
		t.Errorf("without pages: got %d, want 0", got)
	}
}
