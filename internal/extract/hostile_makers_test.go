package extract

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
)

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
	packed := append([]byte{0x78, 0x9c}, deflated(start, letter, n)...) // the header of zlib
	return pdfStream{"/Filter/FlateDecode", packed}
}

// rangesOfCodes is a table in which each code is looked for among n ranges.
func rangesOfCodes(n int) pdfStream {
	var b strings.Builder
	b.WriteString("beginbfrange ")
	for i := range n {
		fmt.Fprintf(&b, "<%04x><%04x><0041> ", i%65535, i%65535+1)
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
