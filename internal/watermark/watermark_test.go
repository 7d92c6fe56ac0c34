package watermark

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/ledongthuc/pdf"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "child" {
		if err := ChildMain(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// document is a PDF of two pages.
func document(t *testing.T) []byte {
	t.Helper()
	d := fpdf.New("L", "mm", "A4", "")
	d.SetFont("Helvetica", "", 14)
	for _, text := range []string{"The first page", "The second page"} {
		d.AddPage()
		d.Cell(40, 10, text)
	}
	var b bytes.Buffer
	if err := d.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryPageIsMarked(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*Marker{"here": New(), "in a child": New(os.Args[0], "child")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			marked, err := m.Mark(t.Context(), bytes.NewReader(document(t)), "For jo@example.com")
			if err != nil {
				t.Fatal(err)
			}
			r, err := pdf.NewReader(bytes.NewReader(marked), int64(len(marked)))
			if err != nil {
				t.Fatal(err)
			}
			if r.NumPage() != 2 {
				t.Fatalf("got %d pages, want 2", r.NumPage())
			}
			for n, want := range []string{"The first page", "The second page"} {
				page := r.Page(n + 1)
				text, err := page.GetPlainText(nil)
				if err != nil || !strings.Contains(text, want) {
					t.Errorf("page %d: got %q and error %v, want %q", n+1, text, err, want)
				}
				if forms := page.Resources().Key("XObject"); len(forms.Keys()) == 0 || !strings.Contains(contentOf(forms), "jo@example.com") {
					t.Errorf("page %d does not name jo@example.com", n+1)
				}
			}
		})
	}
}

// contentOf is what the forms of a page write.
func contentOf(forms pdf.Value) string {
	var b bytes.Buffer
	for _, name := range forms.Keys() {
		_, _ = b.ReadFrom(forms.Key(name).Reader())
	}
	return b.String()
}

func TestWhatCannotBeMarked(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"no PDF": []byte("text"), "nothing": nil, "a part": document(t)[:300], "too large": make([]byte, MaxInput+1),
	} {
		for where, m := range map[string]*Marker{"here": New(), "in a child": New(os.Args[0], "child")} {
			if _, err := m.Mark(t.Context(), bytes.NewReader(content), "For jo"); !errors.Is(err, ErrCannot) {
				t.Errorf("%s, %s: got %v, want that it cannot be marked", name, where, err)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"jo@example.com": "jo@example.com", "Zoë 100%p\n": "Zoë 100 p ", "Łukasz": "?ukasz"} {
		if got := plain(text); got != want || CanWrite(text) != (want == text) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
