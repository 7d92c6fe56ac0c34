package extract

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"testing"

	"collateral/internal/demo/files"
)

func TestArchivesThatUnpackTooFar(t *testing.T) {
	t.Parallel()
	const far = 2 << 20
	letters := `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>` + strings.Repeat("a", far)
	for _, test := range []struct {
		name      string
		mediaType string
		doc       []byte
	}{
		{"one letter in a document", typeDOCX, docxOf(t, letters)},
		{"spaces in a document", typeDOCX, docxOf(t, strings.Repeat(" ", far)+"<w:document/>")},
		{"spaces in links", typeDOCX, zipped(t, map[string]string{"_rels/.rels": strings.Repeat(" ", far)})},
		{"spaces in slides", typePPTX, pptxOf(t, strings.Repeat(" ", far)+"<p:sld/>")},
		{"a part that lies about its size", typeDOCX, lying(t, docxOf(t, letters))},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			lim := testLimits()
			lim.Unpacked = far / 2
			res, err := extractBytes(t, test.mediaType, test.doc, lim)
			if _, blamed := ReasonFor(err); !blamed {
				t.Fatalf("got %d pages, %v; want a failure", len(res.Pages), err)
			}
		})
	}
}

func TestArchivesThatUnpackToManyTimesTheirSize(t *testing.T) {
	t.Parallel()
	doc := docxOf(t, strings.Repeat(" ", unpackedFree+(2<<20))+"<w:document/>")
	_, err := extractBytes(t, typeDOCX, doc, testLimits())
	wantFailure(t, err, TooLarge)
}

func TestUnpackedBytesAreCounted(t *testing.T) {
	t.Parallel()
	body := `<w:document xmlns:w="w">` + strings.Repeat("<w:p><w:r><w:t>words of some sort</w:t></w:r></w:p>", 100) + "</w:document>"
	doc := docxOf(t, body)
	lim := testLimits()
	lim.Unpacked = int64(len(body)) / 2
	_, err := extractBytes(t, typeDOCX, doc, lim)
	wantFailure(t, err, TooLarge)

	lim.Unpacked = 2 * int64(len(body))
	if res, err := extractBytes(t, typeDOCX, doc, lim); err != nil || res.Empty() {
		t.Fatalf("got %v, %v; want text", res, err)
	}
}

func TestXMLThatHarms(t *testing.T) {
	t.Parallel()
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>`
	outside := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>`
	for _, test := range []struct {
		name string
		xml  string
		want Failure
	}{
		{"entities that multiply", bomb + `<w:document xmlns:w="w"><w:t>&c;</w:t></w:document>`, Damaged},
		{"entities from outside", outside + `<w:document xmlns:w="w"><w:t>&f;</w:t></w:document>`, Damaged},
		{"nesting without end", strings.Repeat("<w:p>", 100_000), TooLarge},
		{"never closed", `<w:document xmlns:w="w"><w:p>`, Damaged},
		{"not XML", "PK\x03\x04 and more", Damaged},
		{"an encoding nobody knows", `<?xml version="1.0" encoding="klingon"?><w:document/>`, Damaged},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := extractBytes(t, typeDOCX, docxOf(t, test.xml), testLimits())
			wantFailure(t, err, test.want)
		})
	}
}

func TestPDFsThatNeverEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		doc  []byte
	}{
		{"a page tree that contains itself", assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99>>")},
		{"a page tree with parents in a circle", assemblePDF("<</Type/Catalog/Pages 2 0 R>>",
			"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>")},
		{"pages without number", assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1000000/Kids["+strings.Repeat("3 0 R ", 50_000)+"]>>", "<</Type/Page>>")},
		{"a count that lies", assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 2000000000>>")},
	} {
		for name, read := range engines(t) {
			t.Run(test.name+" by "+name, func(t *testing.T) {
				t.Parallel()
				res, err := read(t.Context(), bytes.NewReader(test.doc), int64(len(test.doc)), testLimits())
				if len(res.Pages) > testLimits().Pages || !res.Empty() {
					t.Errorf("got %d pages, %v; want few or none, and no text", len(res.Pages), err)
				}
			})
		}
	}
}

func TestPDFContentsThatInflate(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for _, part := range []string{"BT /F1 12 Tf (first words) Tj (", strings.Repeat("a", 4*maxOperandLen)} {
		if _, err := io.WriteString(z, part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	doc := bytes.NewReader(assemblePDF(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream", packed.Len(), packed.Bytes()),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	))
	res, err := readPDFByGo(t.Context(), doc, doc.Size(), testLimits())
	if err != nil || len(res.Pages) != 1 || res.Pages[0] != "first words" || res.Note == "" {
		t.Fatalf("got %+v, %v; want what stands before the endless string, and a note", res, err)
	}
}

func TestDamagedDocumentsDoNoHarm(t *testing.T) {
	t.Parallel()
	for mediaType, doc := range map[string][]byte{
		typePDF:     write(t, files.PDF, sampleDocument()),
		typeDOCX:    write(t, files.DOCX, sampleDocument()),
		typePPTX:    write(t, files.PPTX, sampleDeck()),
		typeXLSX:    fixture(t, "excelize.xlsx"),
		typeODT:     fixture(t, "libreoffice.odt"),
		typeRTF:     fixture(t, "libreoffice.rtf"),
		"text/html": write(t, files.HTML, sampleDocument()),
	} {
		t.Run(mediaType, func(t *testing.T) {
			t.Parallel()
			read := readerOf(mediaType)
			if mediaType == typePDF {
				read = readPDFByGo
			}
			try := func(what string, broken []byte) {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("%s: panic: %v", what, p)
					}
				}()
				_, err := read(t.Context(), bytes.NewReader(broken), int64(len(broken)), testLimits())
				if _, blamed := ReasonFor(err); err != nil && !blamed {
					t.Errorf("%s: got %v, want a failure of the document or none", what, err)
				}
			}
			step := max(1, len(doc)/100)
			for n := 0; n < len(doc); n += step {
				try(fmt.Sprintf("cut at %d", n), doc[:n])
				flipped := bytes.Clone(doc)
				flipped[n] ^= 0x55
				try(fmt.Sprintf("byte %d changed", n), flipped)
			}
		})
	}
}

// docxOf wraps the XML of a text document.
func docxOf(t testing.TB, document string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"_rels/.rels":       `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": document,
	})
}

// pptxOf wraps the XML of a slide.
func pptxOf(t testing.TB, slide string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"_rels/.rels":                     `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="/ppt/presentation.xml"/></Relationships>`,
		"ppt/presentation.xml":            `<p xmlns:r="x/relationships"><sldIdLst><sldId id="256" r:id="s"/></sldIdLst></p>`,
		"ppt/_rels/presentation.xml.rels": `<Relationships><Relationship Id="s" Type="x/slide" Target="slides/slide1.xml"/></Relationships>`,
		"ppt/slides/slide1.xml":           slide,
	})
}

// lying rewrites an archive so that each part declares to unpack to ten bytes.
func lying(t testing.TB, archive []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, f := range from.File {
		raw, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		header := f.FileHeader
		header.UncompressedSize64 = 10
		w, err := to.CreateRaw(&header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugeIndex is a PDF whose index claims a hundred million entries, which makes its parser ask for gigabytes.
func hugeIndex() []byte {
	index := "1 0 obj\n<</Type/XRef/Size 100000000/W[1 1 1]/Root 1 0 R/Length 3>>stream\n\x00\x00\x00\nendstream\nendobj\n"
	return fmt.Appendf(nil, "%%PDF-1.5\n%sstartxref\n9\n%%%%EOF\n", index)
}
