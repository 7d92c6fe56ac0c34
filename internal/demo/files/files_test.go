package files

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// writers returns each writer, bound to the sample, under the extension of its files.
func writers(i Info) map[string]func(io.Writer) error {
	doc, presentation := document(), deck()
	doc.Info, presentation.Info = i, i
	return map[string]func(io.Writer) error{
		"pdf":  func(w io.Writer) error { return PDF(w, doc) },
		"docx": func(w io.Writer) error { return DOCX(w, doc) },
		"html": func(w io.Writer) error { return HTML(w, doc) },
		"pptx": func(w io.Writer) error { return PPTX(w, presentation) },
	}
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameContentGivesSameBytes(t *testing.T) {
	t.Parallel()
	again := writers(info())
	later := info()
	later.Date = time.Date(2026, 3, 1, 9, 30, 0, 0, time.FixedZone("", 3600))
	dated := writers(later)
	for ext, write := range writers(info()) {
		first := written(t, write)
		if !bytes.Equal(first, written(t, again[ext])) {
			t.Errorf("%s: got other bytes the second time, want the same", ext)
		}
		if bytes.Equal(first, written(t, dated[ext])) {
			t.Errorf("%s: got the same bytes for another date, want others", ext)
		}
	}
}

func TestWritersLeaveTheirInputAlone(t *testing.T) {
	t.Parallel()
	doc, presentation := document(), deck()
	for _, err := range []error{PDF(io.Discard, doc), DOCX(io.Discard, doc), HTML(io.Discard, doc), PPTX(io.Discard, presentation)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(document(), doc); diff != "" {
		t.Error("document (-want +got):\n" + diff)
	}
	if diff := cmp.Diff(deck(), presentation); diff != "" {
		t.Error("deck (-want +got):\n" + diff)
	}
}

func TestNothingIsRequired(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"pdf":  PDF(io.Discard, Document{}),
		"docx": DOCX(io.Discard, Document{}),
		"html": HTML(io.Discard, Document{}),
		"pptx": PPTX(io.Discard, Deck{Slides: []Slide{{}}}),
	} {
		if err != nil {
			t.Errorf("%s: got %v, want an empty document", name, err)
		}
	}
}

func TestWritersReportTheirErrors(t *testing.T) {
	t.Parallel()
	for ext, write := range writers(info()) {
		if err := write(fullDisk{}); err == nil {
			t.Errorf("%s: got no error, want that of the disk", ext)
		}
	}
	err := PDF(io.Discard, Document{Info: Info{Title: "漢字"}})
	if err == nil || !strings.Contains(err.Error(), "漢字") {
		t.Errorf("got %v, want an error that names the text its fonts cannot show", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestPackagesHoldTogether checks what Office programs refuse to open a file over: parts that are not XML, that have
// no content type, that are linked to and missing, or there and not linked to.
func TestPackagesHoldTogether(t *testing.T) {
	t.Parallel()
	all := writers(info())
	for _, ext := range []string{"docx", "pptx"} {
		t.Run(ext, func(t *testing.T) {
			t.Parallel()
			raw := written(t, all[ext])
			z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
			if err != nil {
				t.Fatal(err)
			}
			if first := z.File[0].Name; first != "[Content_Types].xml" {
				t.Errorf("got %s first, want [Content_Types].xml", first)
			}
			typed, linked := map[string]bool{}, map[string]bool{}
			for _, f := range z.File {
				for _, el := range elements(t, f) {
					switch el.Name.Local {
					case "Override":
						typed[strings.TrimPrefix(attribute(el, "PartName"), "/")] = true
					case "Relationship":
						from := path.Dir(path.Dir(f.Name)) // of the folder _rels
						linked[path.Join(from, attribute(el, "Target"))] = true
					}
				}
			}
			there := map[string]bool{}
			for _, f := range z.File {
				if f.Name != "[Content_Types].xml" && path.Ext(f.Name) != ".rels" {
					there[f.Name] = true
				}
			}
			if diff := cmp.Diff(there, typed); diff != "" {
				t.Error("parts with a content type (-there +typed):\n" + diff)
			}
			if diff := cmp.Diff(there, linked); diff != "" {
				t.Error("parts linked to (-there +linked):\n" + diff)
			}
		})
	}
}

func elements(t *testing.T, f *zip.File) []xml.StartElement {
	t.Helper()
	in, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var found []xml.StartElement
	for d := xml.NewDecoder(in); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("part %s: %v", f.Name, err)
		}
		if el, ok := tok.(xml.StartElement); ok {
			found = append(found, el.Copy())
		}
	}
}

func attribute(el xml.StartElement, local string) string {
	for _, a := range el.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func TestHTMLEscapes(t *testing.T) {
	t.Parallel()
	page := string(written(t, func(w io.Writer) error {
		return HTML(w, Document{Info: Info{Title: "<script>alert(1)</script>"}, Sections: []Section{{Heading: "a & b"}}})
	}))
	if strings.Contains(page, "<script>") || !strings.Contains(page, "a &amp; b") {
		t.Errorf("got %s, want its texts escaped", page)
	}
}
