package extract

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collateral/internal/demo/files"
)

// hostileFile is a document that was made to harm its reader.
type hostileFile struct {
	name      string
	mediaType string
	make      func(testing.TB) []byte
	size      int64     // of the file, where that is more than what was made: the rest is a hole
	want      []Failure // any of these; none: it is read
	holds     string    // in the text, when it is read
}

// hostileFiles are made by code: nothing hostile lies about as a file.
func hostileFiles() []hostileFile {
	const gib = 1 << 30
	deep := func(open string, n int) func(testing.TB) []byte {
		return func(testing.TB) []byte { return []byte(strings.Repeat(open, n)) }
	}
	document := func(xml string) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return docxOf(t, xml) }
	}
	const wordStart = `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>`
	return []hostileFile{
		{name: "2 GB of one letter in a document", mediaType: typeDOCX, want: []Failure{TooLarge}, make: func(t testing.TB) []byte {
			return bomb(t, "word/document.xml", wordStart, 'a', 2*gib)
		}},
		{name: "2 GB of spaces in a text", mediaType: typeODT, want: []Failure{TooLarge}, make: func(t testing.TB) []byte {
			return bomb(t, odfContent, "<office:document-content>", ' ', 2*gib)
		}},
		{name: "2 GB of empty cells in a workbook", mediaType: typeXLSX, want: []Failure{TooLarge}, make: func(t testing.TB) []byte {
			return bomb(t, "xl/workbook.xml", "<workbook>", '\n', 2*gib)
		}},
		{name: "2 GB of one letter, mostly a hole", mediaType: "text/plain", make: deep("a", 1000), size: 2 * gib, want: []Failure{TooLarge}},
		{name: "half a GB that is a hole", mediaType: "text/plain", make: deep("a", 1000), size: 500 << 20, holds: "aaa"},
		{name: "100 MB of one letter", mediaType: "text/plain", make: deep("a", 100<<20), holds: "aaa"},
		{name: "100 MB of one letter as HTML", mediaType: "text/html", make: deep("a", 100<<20), want: []Failure{TooLarge}},
		{name: "100 MB of one letter as RTF", mediaType: typeRTF, make: func(t testing.TB) []byte {
			return append([]byte(`{\rtf1 `), bytes.Repeat([]byte("a"), 100<<20)...)
		}, holds: "aaa"},
		{name: "an archive with a million and a half parts", mediaType: typeDOCX, make: func(testing.TB) []byte { return manyParts(1_500_000) }, want: []Failure{TooLarge, Damaged}},
		{name: "a document of documents", mediaType: typeDOCX, make: nested, want: []Failure{Damaged}},
		{name: "an archive of archives", mediaType: "application/zip", make: nested, want: []Failure{Unsupported}},
		{name: "entities that multiply", mediaType: typeDOCX, make: document(billionLaughs + `<w:document xmlns:w="w"><w:t>&i;</w:t></w:document>`), want: []Failure{Damaged}},
		{name: "entities that multiply in a slide", mediaType: typePPTX, make: func(t testing.TB) []byte { return pptxOf(t, billionLaughs+`<p><t>&i;</t></p>`) }, want: []Failure{Damaged}},
		{name: "entities that multiply in a sheet", mediaType: typeODS, make: func(t testing.TB) []byte {
			return zipped(t, map[string]string{odfContent: billionLaughs + `<p>&i;</p>`})
		}, want: []Failure{Damaged}},
		{name: "entities from outside", mediaType: typeDOCX, make: document(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>` + `<w:document xmlns:w="w"><w:t>&f;</w:t></w:document>`), want: []Failure{Damaged}},
		{name: "a million elements inside each other", mediaType: typeDOCX, make: document(strings.Repeat("<a>", 1_000_000)), want: []Failure{TooLarge}},
		{name: "a million elements inside each other, left out", mediaType: typeDOCX, make: document(`<w:document xmlns:w="w"><w:del>` + strings.Repeat("<a>", 1_000_000)), want: []Failure{TooLarge}},
		{name: "one tag of 8 MB", mediaType: typeDOCX, make: document(`<w:document w="` + strings.Repeat("x", 8<<20)), want: []Failure{TooLarge, Damaged}},
		{name: "one string in a million cells", mediaType: typeXLSX, make: func(t testing.TB) []byte {
			return sharedBomb(t, 1<<20, 400_000)
		}, holds: "aaa"},
		{name: "one sheet a hundred thousand times", mediaType: typeXLSX, make: manySheets, want: []Failure{TooLarge}},
		{name: "a million groups inside each other", mediaType: typeRTF, make: deep(`{\rtf1`, 1_000_000), want: []Failure{TooLarge}},
		{name: "bytes without end in RTF", mediaType: typeRTF, make: deep(`{\rtf1 first \bin2147483647 x`, 1), holds: "first"},
		{name: "a million tags inside each other", mediaType: "text/html", make: deep("<div><b>", 1_000_000)},
		{name: "a million quotations inside each other", mediaType: typeMD, make: deep("> ", 900_000), holds: "> >"},
		{name: "a million brackets that are links", mediaType: typeMD, make: deep("[a](", 400_000), holds: "[a]"},
		{name: "a million stars", mediaType: typeMD, make: deep("*a_ ", 400_000), want: []Failure{TooLarge}},
		{name: "control characters and overrides", mediaType: "text/plain", make: deep("pay \u202e001\u202c \x00\x1b[2J\u2066now\u2069 ", 1000), holds: "pay 001 [2Jnow pay"},
		{name: "a page tree that contains itself", mediaType: typePDF, make: func(testing.TB) []byte {
			return assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99>>")
		}, want: []Failure{Damaged}},
		{name: "an index of a hundred million entries", mediaType: typePDF, make: func(testing.TB) []byte { return hugeIndex() }, want: []Failure{TooLarge, Damaged}},
		{name: "a font whose table has a hundred thousand ranges", mediaType: typePDF, make: func(testing.TB) []byte {
			return fontPDF(rangesOfCodes(100_000), strings.Repeat("0 65535 500 ", 200))
		}},
		{name: "a font whose table inflates to 2 GB", mediaType: typePDF, make: func(testing.TB) []byte {
			return fontPDF(inflating("beginbfchar ", ' ', 2*gib), "")
		}},
		{name: "contents that inflate to 2 GB", mediaType: typePDF, make: func(testing.TB) []byte {
			return contentPDF(inflating("BT /F1 12 Tf (first) Tj ", ' ', 2*gib))
		}},
		{name: "a string that inflates to 2 GB", mediaType: typePDF, make: func(testing.TB) []byte {
			return contentPDF(inflating("BT /F1 12 Tf (first) Tj (", 'a', 2*gib))
		}},
		{name: "filters upon filters", mediaType: typePDF, make: func(testing.TB) []byte {
			return contentPDF(pdfStream{"/Filter[" + strings.Repeat("/FlateDecode", 1000) + "]", []byte("x")})
		}},
		{name: "a form that draws itself", mediaType: typePDF, make: func(testing.TB) []byte { return rawPDF("/X1 Do "+strings.Repeat("/X1 Do ", 50), "/X1 Do /X1 Do") }},
		{name: "a thousand pages of the same contents", mediaType: typePDF, make: func(testing.TB) []byte { return samePages(4000) }},
		{name: "a PDF that ends in the middle", mediaType: typePDF, make: func(t testing.TB) []byte {
			doc := write(t, files.PDF, sampleDocument())
			return doc[:len(doc)/2]
		}},
	}
}

// file writes the document into a folder of the test.
func (h hostileFile) file(t testing.TB) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "document"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if _, err := f.Write(h.make(t)); err != nil {
		t.Fatal(err)
	}
	if h.size > 0 {
		if err := f.Truncate(h.size); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	return f
}
