package extract

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"collateral/internal/demo/files"
)

func TestMediaType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		file string
		head []byte
		want string
	}{
		{"our PDF", "a.pdf", write(t, files.PDF, sampleDocument()), typePDF},
		{"our DOCX", "a.docx", write(t, files.DOCX, sampleDocument()), typeDOCX},
		{"our PPTX", "a.pptx", write(t, files.PPTX, sampleDeck()), typePPTX},
		{"our HTML", "a.html", write(t, files.HTML, sampleDocument()), "text/html"},
		{"LibreOffice's PDF", "a", fixture(t, "libreoffice.pdf"), typePDF},
		{"LibreOffice's PPTX", "a", fixture(t, "libreoffice.pptx"), typePPTX},
		{"LibreOffice's DOCX", "a", fixture(t, "libreoffice.docx"), typeDOCX},
		{"a PDF with a lying name", "deck.pptx", []byte("%PDF-1.7\n"), typePDF},
		{"a PPTX whose parts come in an unusual order", "a.pptx", zipped(t, map[string]string{"ppt/theme/theme1.xml": "<x/>"}), typePPTX},
		{"a zip file with a lying name", "deck.pptx", zipped(t, map[string]string{"readme.txt": "no deck"}), "application/zip"},
		{"text", "notes.txt", []byte("some text"), "text/plain"},
		{"text without a name", "", []byte("some text"), "text/plain"},
		{"markdown", "notes.MD", []byte("# Some text\n"), "text/markdown"},
		{"markdown that begins with HTML", "notes.md", []byte("<div>x</div>\n\n# Some text\n"), "text/markdown"},
		{"CSV", "prices.csv", []byte("just;one;line\n"), "text/csv"},
		{"HTML without a beginning", "part.html", []byte("plain words <b>and</b> tags"), "text/html"},
		{"HTML with a lying name", "notes.txt", []byte("<!DOCTYPE html><script>x()</script>"), "text/html"},
		{"a picture with a lying name", "page.html", []byte("\x89PNG\r\n\x1a\n"), "image/png"},
		{"a text with a lying name", "deck.pdf", []byte("some text"), "text/plain"},
		{"bytes", "x", []byte{0x01, 0x02, 0x00, 0xff, 0xfe, 0x00}, "application/octet-stream"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := MediaType(test.head[:min(len(test.head), HeadSize)], test.file); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// zipped returns an archive of the parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
