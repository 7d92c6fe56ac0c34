package extract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"collateral/internal/demo/files"
)

func TestPDFByEachEngine(t *testing.T) {
	t.Parallel()
	for name, read := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := write(t, files.PDF, sampleDocument())
			res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			wantPages(t, flat(res.Pages), sampleDocumentPages())
			if res.Engine != name || res.Note != "" {
				t.Errorf("got engine %q, note %q; want %q and no note", res.Engine, res.Note, name)
			}
		})
	}
}

func TestPDFOfManyPages(t *testing.T) {
	t.Parallel()
	doc := write(t, files.PDF, longDocument(450))
	for name, read := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Pages) != 450 || !strings.Contains(res.Pages[399], "marker 400 stands here") {
				t.Fatalf("got %d pages, page 400 %q; want 450 and its marker", len(res.Pages), res.Pages[399])
			}
		})
		t.Run(name+" with a limit", func(t *testing.T) {
			t.Parallel()
			lim := testLimits()
			lim.Pages = 20
			res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), lim)
			if err != nil || len(res.Pages) != 20 || res.Note == "" {
				t.Fatalf("got %d pages, note %q, %v; want 20 and a note", len(res.Pages), res.Note, err)
			}
		})
	}
}

func longDocument(pages int) files.Document {
	d := files.Document{Info: sampleInfo()}
	for i := range pages {
		d.Sections = append(d.Sections, files.Section{
			Heading:    fmt.Sprintf("Section %d", i+1),
			Paragraphs: []string{fmt.Sprintf("The marker %d stands here. ", i+1) + strings.Repeat("Each page has its share of plain words. ", 40)},
		})
	}
	return d
}

func TestPDFWithoutText(t *testing.T) {
	t.Parallel()
	doc := drawn(t, func(p *fpdf.Fpdf) {
		p.AddPage()
		p.Rect(10, 10, 50, 50, "F")
		p.AddPage()
	})
	for name, read := range engines(t) {
		res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
		if err != nil || len(res.Pages) != 2 || !res.Empty() {
			t.Errorf("%s: got %q, %v; want two empty pages", name, res.Pages, err)
		}
	}
}

func TestPDFWithAPassword(t *testing.T) {
	t.Parallel()
	doc := protected(t, "secret")
	for name, read := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
			wantFailure(t, err, Encrypted)
		})
	}
}

func TestPDFThatForbidsCopying(t *testing.T) {
	t.Parallel()
	doc := protected(t, "")
	for name, read := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
			if err == nil && strings.Contains(strings.Join(res.Pages, ""), "guarded words") {
				return // some builds of pdftotext leave the decision to those who use the text
			}
			wantFailure(t, err, Encrypted)
		})
	}
}

func protected(t testing.TB, password string) []byte {
	t.Helper()
	return drawn(t, func(p *fpdf.Fpdf) {
		p.SetProtection(0, password, "owner")
		p.AddPage()
		p.SetFont("Helvetica", "", 12)
		p.Text(20, 20, "guarded words")
	})
}

func TestPDFWordsThatAreDrawnInPieces(t *testing.T) {
	t.Parallel()
	contents := `BT /F1 12 Tf 72 700 Td
		[(Sales ) 20 (col) -30 (lateral)] TJ
		[(with) -400 (gaps)] TJ
		0 -20 Td (broken in-) Tj 0 -20 Td (side a line, up-) Tj 0 -20 Td (Front) Tj
		1 0 0 1 300 640 Tm (column) Tj ET`
	doc := rawPDF(contents, "")
	for name, read := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
			if err != nil || len(res.Pages) != 1 {
				t.Fatalf("got %q, %v; want one page", res.Pages, err)
			}
			words := strings.Join(strings.Fields(res.Pages[0]), " ")
			for _, want := range []string{"Sales collateral", "with gaps", "broken inside a line", "Front", "column"} {
				if !strings.Contains(words, want) {
					t.Errorf("got %q, want %q in it", words, want)
				}
			}
		})
	}
}

func TestPDFContents(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, contents, want string }{
		{"strings", `(a\(b\)(c)\\ \101\60) Tj <42 4> Tj`, `a(b)(c)\ A0B@`},
		{"a string over two lines", "(one \\\ntwo) Tj", "one two"},
		{"a picture inside", "BI /W 1 /H 1 ID \x00(<[EI\xff EI (after it) Tj", "after it"},
		{"properties", "/Span <</Lang (en) /List [1 true]>> BDC (marked) Tj EMC", "marked"},
		{"comments", "% (no) Tj\n(yes) Tj", "yes"},
		{"names with codes", "/F#31 12 Tf (named) Tj", "named"},
		{"an end in the middle", "(kept) Tj [(lost", "kept"},
		{"what nobody understands", "] >> } 1 2 foo --5 bar (kept) Tj", "kept"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc := bytes.NewReader(rawPDF("BT /F1 12 Tf 72 700 Td "+test.contents, ""))
			res, err := readPDFByGo(t.Context(), doc, doc.Size(), testLimits())
			if err != nil || len(res.Pages) != 1 || res.Pages[0] != test.want {
				t.Fatalf("got %q, %v; want %q", res.Pages, err, test.want)
			}
		})
	}
}

func TestPDFTextInForms(t *testing.T) {
	t.Parallel()
	doc := rawPDF("q 1 0 0 1 0 300 cm /X1 Do Q", "BT /F1 12 Tf 72 300 Td (words in a form) Tj ET /X1 Do")
	for name, read := range engines(t) {
		res, err := read(t.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits())
		if err != nil || !strings.Contains(strings.Join(res.Pages, ""), "words in a form") {
			t.Errorf("%s: got %q, %v; want the words of the form, which draws itself without end", name, res.Pages, err)
		}
	}
}

func TestUnicodeMap(t *testing.T) {
	t.Parallel()
	m := parseUnicodeMap(`/CIDInit /ProcSet findresource begin % a comment
		1 begincodespacerange <0000> <FFFF> endcodespacerange
		2 beginbfchar <0001> <0041> <0002> <00660066> endbfchar
		3 beginbfrange <0010><0012><0061> <0020> <0021> [<0078> <D83DDE00>] <00fe> <0101> <00ff> endbfrange`)
	for code, want := range map[string]string{
		"\x00\x01": "A", "\x00\x02": "ff", "\x00\x10": "a", "\x00\x12": "c", "\x00\x20": "x", "\x00\x21": "😀", "\x01\x00": "\u0101",
	} {
		if got, ok := m.text(code); !ok || got != want {
			t.Errorf("code %x: got %q, %v; want %q", code, got, ok, want)
		}
	}
	if got, ok := m.text("\x00\x13"); ok {
		t.Errorf("code outside the map: got %q, want none", got)
	}
}

func drawn(t testing.TB, draw func(*fpdf.Fpdf)) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	draw(p)
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rawPDF is a page with the contents, a font /F1 and a form /X1.
func rawPDF(contents, form string) []byte {
	return assemblePDF(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 6 0 R>>/XObject<</X1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(contents), contents),
		fmt.Sprintf("<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length %d>>stream\n%s\nendstream", len(form), form),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
	)
}

// assemblePDF numbers the objects from 1, the catalog, and writes the index that a reader wants.
func assemblePDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, object := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	index := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, index)
	return b.Bytes()
}
