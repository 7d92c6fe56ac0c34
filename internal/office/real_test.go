package office_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"collateral/internal/demo/files"
	"collateral/internal/extract"
	"collateral/internal/office"
)

const (
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	odt  = "application/vnd.oasis.opendocument.text"
)

// libreOffice is the one that is installed. It is half a gigabyte that the program does without, so nothing installs it for
// tests.
func libreOffice(t *testing.T) *office.Converter {
	t.Helper()
	path, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("NOT TESTED WITH LIBREOFFICE: there is no soffice; Debian has it as libreoffice-impress-nogui and libreoffice-writer-nogui")
	}
	return office.New(path, office.DefaultLimits())
}

// words has LibreOffice convert a file, and returns the text of the PDF by page.
func words(t *testing.T, c *office.Converter, mediaType string, file []byte) []string {
	t.Helper()
	pdf, err := c.PDF(t.Context(), mediaType, bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := extract.Extract(t.Context(), "application/pdf", bytes.NewReader(pdf), int64(len(pdf)), extract.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return text.Pages
}

func TestLibreOffice(t *testing.T) {
	t.Parallel()
	c := libreOffice(t)
	var deck, letter bytes.Buffer
	if err := files.PPTX(&deck, files.Deck{Info: files.Info{Title: "Keep them rolling"}, Slides: []files.Slide{{Title: "Why trucks stand still", Bullets: []string{"Tyres first"}}}}); err != nil {
		t.Fatal(err)
	}
	if err := files.DOCX(&letter, files.Document{Sections: []files.Section{{Heading: "What it costs"}}}); err != nil {
		t.Fatal(err)
	}
	if got := words(t, c, pptx, deck.Bytes()); len(got) != 2 || !strings.Contains(got[0], "Keep them rolling") || !strings.Contains(got[1], "Tyres first") {
		t.Errorf("the deck: got %q, want two slides with their words", got)
	}
	if got := words(t, c, docx, letter.Bytes()); len(got) != 1 || !strings.Contains(got[0], "What it costs") {
		t.Errorf("the letter: got %q, want a page with its words", got)
	}
	if got := words(t, c, "text/rtf", []byte(`{\rtf1\ansi An old letter}`)); len(got) != 1 || !strings.Contains(got[0], "An old letter") {
		t.Errorf("the old letter: got %q, want a page with its words", got)
	}
	for name, damaged := range map[string][]byte{"half of a deck": deck.Bytes()[:deck.Len()/2], "a page that calls itself a deck": []byte("<html><body>Hello</body></html>")} {
		if pdf, err := c.PDF(t.Context(), pptx, bytes.NewReader(damaged), int64(len(damaged))); err == nil {
			t.Errorf("%s became a PDF of %d bytes", name, len(pdf))
		}
	}
}

// A document can neither show what lies on the server nor call anybody.
func TestLibreOfficeFollowsNoLinks(t *testing.T) {
	t.Parallel()
	c := libreOffice(t)
	called := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { called <- r.URL.Path }))
	t.Cleanup(server.Close)
	folder := t.TempDir()
	secret, picture := filepath.Join(folder, "secret.txt"), filepath.Join(folder, "secret.png")
	if err := os.WriteFile(secret, []byte("what nobody may see"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(picture, square(t), 0o600); err != nil {
		t.Fatal(err)
	}
	linking := openDocument(t, fmt.Sprintf(`
		<text:section text:name="a"><text:section-source xlink:href="file://%[1]s"/><text:p>before</text:p></text:section>
		<text:section text:name="b"><text:section-source xlink:href="%[3]s/section.txt"/><text:p>before</text:p></text:section>
		<text:p>Pictures: <draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="%[3]s/picture.png"/></draw:frame>
		<draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="file://%[2]s"/></draw:frame></text:p>`, secret, picture, server.URL))
	pdf, err := c.PDF(t.Context(), odt, bytes.NewReader(linking), int64(len(linking)))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(pdf, []byte("/Subtype/Image")) {
		t.Error("the PDF has a picture that lay beside the document")
	}
	if text := strings.Join(words(t, c, odt, linking), "\n"); strings.Contains(text, "nobody may see") || !strings.Contains(text, "Pictures") {
		t.Errorf("got %q, want the document's own words alone", text)
	}
	select {
	case path := <-called:
		t.Errorf("the document called for %s", path)
	default:
	}
}

func square(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// openDocument is a text with the content.
func openDocument(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"mimetype", odt},
		{"META-INF/manifest.xml", `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
			<manifest:file-entry manifest:full-path="/" manifest:media-type="` + odt + `"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
		{"content.xml", `<office:document-content office:version="1.2" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
			xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">
			<office:body><office:text>` + content + `</office:text></office:body></office:document-content>`},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
