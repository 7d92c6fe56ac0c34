package extract

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"
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

// billionLaughs declares an entity of 3 GB.
const billionLaughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">` +
	`<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">` +
	`<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;"><!ENTITY i "&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;">]>`

// deflated returns a start and then the letter so many times, compressed. A run of one letter compresses to the same
// bytes again and again, so that gigabytes cost nothing to make.
func deflated(start string, letter byte, n int64) []byte {
	const run = 64 << 20
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		panic(err) // a level that does not exist
	}
	_, _ = io.WriteString(z, start)
	_ = z.Flush()
	from := b.Len()
	z.Reset(&b)
	_, _ = z.Write(bytes.Repeat([]byte{letter}, run))
	_ = z.Flush()
	again := bytes.Clone(b.Bytes()[from:])
	for done := int64(run); done < n; done += run {
		b.Write(again)
	}
	z.Reset(&b)
	_ = z.Close()
	return b.Bytes()
}

// bomb is an archive whose main part, which has the name, unpacks to n bytes and declares ten.
func bomb(t testing.TB, name, start string, letter byte, n int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("_rels/.rels")
	if err == nil {
		_, err = fmt.Fprintf(w, `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="%s"/></Relationships>`, name)
	}
	if err != nil {
		t.Fatal(err)
	}
	packed := deflated(start, letter, n)
	w, err = z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(n) + uint64(len(start))})
	if err == nil {
		_, err = w.Write(packed)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// manyParts is an archive whose directory names n parts, all in the same place.
func manyParts(n int) []byte {
	local := make([]byte, 30, 38)
	binary.LittleEndian.PutUint32(local, 0x04034b50)
	binary.LittleEndian.PutUint16(local[26:], 8)
	local = append(local, "00000000"...)
	entry := make([]byte, 46)
	binary.LittleEndian.PutUint32(entry, 0x02014b50)
	binary.LittleEndian.PutUint16(entry[28:], 8)
	b := bytes.Clone(local)
	for i := range n {
		b = fmt.Appendf(append(b, entry...), "%08d", i)
	}
	end := make([]byte, 22)
	binary.LittleEndian.PutUint32(end, 0x06054b50)
	binary.LittleEndian.PutUint16(end[8:], uint16(n))
	binary.LittleEndian.PutUint16(end[10:], uint16(n))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(b)-len(local)))
	binary.LittleEndian.PutUint32(end[16:], uint32(len(local)))
	return append(b, end...)
}

// nested is an archive in an archive, twenty times.
func nested(t testing.TB) []byte {
	t.Helper()
	doc := zipped(t, map[string]string{"word/document.xml": strings.Repeat("a", 1<<20)})
	for range 20 {
		doc = zipped(t, map[string]string{"word/document.xml": string(doc), "copy.docx": string(doc[:min(len(doc), 1<<16)])})
	}
	return doc
}

// sharedBomb is a workbook in which many cells refer to one long string.
func sharedBomb(t testing.TB, length, cells int) []byte {
	t.Helper()
	parts := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x/relationships"><sheet name="Sheet" r:id="s"/></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="s.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="t.xml"/></Relationships>`,
		"xl/t.xml":                   "<sst><si><t>" + strings.Repeat("a", length) + "</t></si></sst>",
		"xl/s.xml":                   "<worksheet><row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, cells) + "</row></worksheet>",
	}
	return zipped(t, parts)
}

// manySheets is a workbook that names one large sheet a hundred thousand times.
func manySheets(t testing.TB) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x/relationships">` + strings.Repeat(`<sheet name="S" r:id="s"/>`, 100_000) + `</workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="s.xml"/></Relationships>`,
		"xl/s.xml":                   "<worksheet>" + strings.Repeat(" ", 7<<20) + "</worksheet>",
	})
}

// pdfStream is a stream's filter and its bytes.
type pdfStream struct {
	dict string
	body []byte
}

func (s pdfStream) String() string {
	return fmt.Sprintf("<</Length %d%s>>stream\n%s\nendstream", len(s.body), s.dict, s.body)
}

// inflating is a stream of n letters after the start.
func inflating(start string, letter byte, n int64) pdfStream {
	var header bytes.Buffer
	_, _ = zlib.NewWriter(&header).Write(nil)
	packed := append([]byte{0x78, 0x9c}, deflated(start, letter, n)...)
	return pdfStream{"/Filter/FlateDecode", packed}
}

// rangesOfCodes is a table in which each code is looked for among n ranges.
func rangesOfCodes(n int) pdfStream {
	var b strings.Builder
	b.WriteString("beginbfrange ")
	for i := range n {
		fmt.Fprintf(&b, "<%04x><%04x><0041> ", i%65536, i%65536)
	}
	return pdfStream{"", []byte(b.String() + "endbfrange")}
}

// fontPDF shows every code of two bytes in a font with the table and the widths.
func fontPDF(table pdfStream, widths string) []byte {
	var codes strings.Builder
	for i := range 65536 {
		fmt.Fprintf(&codes, "%04x", 65535-i)
	}
	return assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		pdfStream{"", []byte("BT /F1 12 Tf <" + codes.String() + "> Tj ET")}.String(),
		"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/W["+widths+"]>>]>>",
		table.String())
}

func contentPDF(contents pdfStream) []byte {
	return assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		contents.String(), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
}

// samePages is a PDF whose pages all show the same contents of a megabyte.
func samePages(n int) []byte {
	contents := "BT /F1 12 Tf " + strings.Repeat("(words and more words) Tj ", 40_000) + "ET"
	return assemblePDF("<</Type/Catalog/Pages 2 0 R>>", fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.Repeat("3 0 R ", n), n),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		pdfStream{"", []byte(contents)}.String(), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
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
