package extract

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"collateral/internal/demo/files"
)

// CorpusFile is a document with a word that stands nowhere else, and the page on which it stands.
type CorpusFile struct {
	Name     string // what is special about it
	FileName string
	Bytes    []byte
	Word     string // empty: there is nothing to find in it
	Page     int
}

// Corpus returns documents of every format: made by code, by this project's own writers, or by LibreOffice.
func Corpus(t testing.TB) []CorpusFile {
	t.Helper()
	var all []CorpusFile
	for _, part := range [][]CorpusFile{pdfCorpus(t), ooxmlCorpus(t), sheetCorpus(t), odfCorpus(t), markupCorpus(), textCorpus(t), otherCorpus(t)} {
		all = append(all, part...)
	}
	return all
}

// worded is a document of three pages with the word on the second.
func worded(word string) files.Document {
	d := sampleDocument()
	d.Sections[1].Paragraphs = append(d.Sections[1].Paragraphs, "The word of this document is "+word+".")
	return d
}

func pdfCorpus(t testing.TB) []CorpusFile {
	t.Helper()
	long := files.Document{Info: sampleInfo()}
	long.Footer = "parsnip for partners"
	for range 8 {
		long.Sections = append(long.Sections, files.Section{Paragraphs: []string{"A page like others."}})
	}
	page := func(text string, protect func(*fpdf.Fpdf)) []byte {
		return drawn(t, func(p *fpdf.Fpdf) {
			protect(p)
			p.AddPage()
			p.SetFont("Helvetica", "", 12)
			p.Cell(0, 10, text)
		})
	}
	whole := write(t, files.PDF, worded("tamarisk"))
	return []CorpusFile{
		{"headings, lists and a table", "guide.pdf", write(t, files.PDF, worded("aubergine")), "aubergine", 2},
		{"a word in the footer of each page alone", "footer.pdf", write(t, files.PDF, long), "parsnip", 1},
		{"written by LibreOffice", "deck.pdf", fixture(t, "libreoffice.pdf"), "periwinkle", 4},
		{"text in a form", "form.pdf", rawPDF("/X1 Do", "BT /F1 12 Tf 72 300 Td (quicksand) Tj ET"), "quicksand", 1},
		{"lines turned upright", "turned.pdf", drawn(t, func(p *fpdf.Fpdf) {
			p.AddPage()
			p.SetFont("Helvetica", "", 12)
			p.TransformBegin()
			p.TransformRotate(90, 100, 100)
			p.Text(60, 100, "rhubarb upright")
			p.TransformEnd()
		}), "rhubarb", 1},
		{"a password to open it", "locked.pdf", page("secret", func(p *fpdf.Fpdf) { p.SetProtection(fpdf.CnProtectPrint, "open", "owner") }), "", 0},
		{"pictures alone", "scan.pdf", drawn(t, func(p *fpdf.Fpdf) { p.AddPage(); p.Rect(20, 20, 100, 100, "F"); p.AddPage() }), "", 0},
		{"cut in the middle", "cut.pdf", whole[:len(whole)/2], "", 0},
		{"a page tree that contains itself", "loop.pdf", assemblePDF("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"), "", 0},
		{"a string that inflates to 64 MB", "inflate.pdf", contentPDF(inflating("BT /F1 12 Tf (nectarine) Tj (", 'a', 64<<20)), "nectarine", 1},
	}
}

func ooxmlCorpus(t testing.TB) []CorpusFile {
	t.Helper()
	deck := sampleDeck()
	deck.Slides[0].Notes = "Say marjoram here."
	deck.Slides[1].Table = append(deck.Slides[1].Table, []string{"sorrel"})
	table := sampleDeck()
	table.Slides[1].Table = files.Table{{"Herb"}, {"chervil"}}
	text := func(s string) string { return `<w:p><w:r><w:t>` + s + `</w:t></w:r></w:p>` }
	docx := func(body string) []byte {
		return docxOf(t, `<w:document xmlns:w="w"><w:body>`+body+`</w:body></w:document>`)
	}
	whole := write(t, files.DOCX, worded("hyssop"))
	return []CorpusFile{
		{"speaker notes", "notes.pptx", write(t, files.PPTX, deck), "marjoram", 2},
		{"a table", "table.pptx", write(t, files.PPTX, table), "chervil", 3},
		{"written by LibreOffice", "deck.pptx", fixture(t, "libreoffice.pptx"), "turnstile", 2},
		{"a chart of words", "smart.pptx", zipped(t, map[string]string{
			"_rels/.rels":                      `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="ppt/presentation.xml"/></Relationships>`,
			"ppt/presentation.xml":             `<p xmlns:r="x/relationships"><sldId r:id="s"/></p>`,
			"ppt/_rels/presentation.xml.rels":  `<Relationships><Relationship Id="s" Type="x/slide" Target="slides/slide1.xml"/></Relationships>`,
			"ppt/slides/slide1.xml":            `<sld/>`,
			"ppt/slides/_rels/slide1.xml.rels": `<Relationships><Relationship Id="d" Type="x/diagramData" Target="../diagrams/data1.xml"/></Relationships>`,
			"ppt/diagrams/data1.xml":           `<dataModel><pt><t><p><r><t>lovage</t></r></p></t></pt></dataModel>`,
		}), "lovage", 1},
		{"pictures alone", "pictures.pptx", pptxOf(t, `<sld><pic/></sld>`), "", 0},
		{"entities that multiply", "laughs.pptx", pptxOf(t, billionLaughs+`<sld><p><t>&i;</t></p></sld>`), "", 0},
		{"headings, lists and a table", "guide.docx", write(t, files.DOCX, worded("tarragon")), "tarragon", 2},
		{"written by LibreOffice", "guide-lo.docx", fixture(t, "libreoffice.docx"), "strawberries", 1},
		{"a table in a table", "tables.docx", docx(`<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>` + text("burdock") + `</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`), "burdock", 1},
		{"tracked changes", "changes.docx", docx(`<w:p><w:del><w:r><w:t>deleted</w:t></w:r></w:del><w:ins><w:r><w:t>comfrey</w:t></w:r></w:ins></w:p>`), "comfrey", 1},
		{"a page that the author ended", "pages.docx", docx(text("one") + `<w:p><w:r><w:br w:type="page"/></w:r></w:p>` + text("agrimony")), "agrimony", 2},
		{"a text box", "box.docx", docx(`<w:p><w:r><w:drawing><w:txbxContent>` + text("bergamot") + `</w:txbxContent></w:drawing></w:r></w:p>`), "bergamot", 1},
		{"nothing in it", "empty.docx", docx(""), "", 0},
		{"cut in the middle", "cut.docx", whole[:len(whole)/2], "", 0},
		{"2 GB of one letter, packed", "bomb.docx", bomb(t, "word/document.xml", `<w:document xmlns:w="w"><w:t>`, 'a', 2<<30), "", 0},
		{"a password", "locked.docx", encryptedOLE(), "", 0},
		{"in the format before 2007", "old.doc", plainOLE(), "", 0},
	}
}

func plainOLE() []byte {
	ole := make([]byte, 2048)
	copy(ole, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	ole[30], ole[48] = 9, 1 // sectors of 512 bytes, the directory in sector 1
	return ole
}

// encryptedOLE is the container in which Office wraps a document with a password.
func encryptedOLE() []byte {
	ole := plainOLE()
	copy(ole[1024+128:], utf16le("EncryptedPackage"))
	return ole
}

func sheetCorpus(t testing.TB) []CorpusFile {
	t.Helper()
	manyRows := strings.Repeat(`<c><v>1</v></c>`, 20_000) + `<c t="inlineStr"><is><t>hornbeam</t></is></c>`
	return []CorpusFile{
		{"numbers, dates and rich text", "prices.xlsx", fixture(t, "excelize.xlsx"), "northhaven", 2},
		{"an article number with leading zeros", "articles.xlsx", fixture(t, "excelize.xlsx"), "004711", 1},
		{"inline strings", "inline.xlsx", xlsxOf(t, `<c t="inlineStr"><is><t>juniper</t></is></c>`), "juniper", 1},
		{"twenty thousand numbers before the word", "long.xlsx", xlsxOf(t, manyRows), "hornbeam", 1},
		{"cells that are damaged", "damaged.xlsx", xlsxOf(t, `<c t="s"><v>99</v></c><c`), "", 0},
	}
}

func odfCorpus(t testing.TB) []CorpusFile {
	t.Helper()
	const hidden = `<style:style style:name="H"><style:table-properties table:display="false"/></style:style>`
	odf := func(kind, body string) []byte {
		return odfPackage(t, kind, map[string]string{odfContent: `<office:document-content` + odfNamespaces + `><office:automatic-styles>` + hidden +
			`</office:automatic-styles><office:body><office:` + kind + `>` + body + `</office:` + kind + `></office:body></office:document-content>`})
	}
	row := func(text string) string {
		return `<table:table-row><table:table-cell><text:p>` + text + `</text:p></table:table-cell></table:table-row>`
	}
	whole := fixture(t, "libreoffice.odt")
	return []CorpusFile{
		{"written by LibreOffice", "guide.odt", whole, "albatross", 3},
		{"a table", "table.odt", odf("text", `<table:table>`+row("spikenard")+`</table:table>`), "spikenard", 1},
		{"a footnote", "note.odt", odf("text", `<text:p>a<text:note><text:note-body><text:p>valerian</text:p></text:note-body></text:note></text:p>`), "valerian", 1},
		{"a password", "locked.odt", odfPackage(t, "text", map[string]string{odfContent: "\x00", odfManifest: `<m xmlns:m="m"><m:encryption-data/></m>`}), "", 0},
		{"cut in the middle", "cut.odt", whole[:len(whole)/2], "", 0},
		{"written by LibreOffice", "deck.odp", fixture(t, "libreoffice.odp"), "quietwater", 3},
		{"speaker notes", "notes.odp", odf("presentation", `<draw:page/><draw:page><presentation:notes><draw:frame><text:p>wormwood</text:p></draw:frame></presentation:notes></draw:page>`), "wormwood", 2},
		{"a footer on each slide", "footer.odp", odf("presentation", `<draw:page><draw:frame presentation:class="footer"><text:p>again</text:p></draw:frame></draw:page>`), "", 0},
		{"sheets", "prices.ods", odf("spreadsheet", `<table:table table:name="A">`+row("1")+`</table:table><table:table table:name="Figwort">`+row("12.5%")+`</table:table>`), "figwort", 2},
		{"a hidden sheet before the word", "hidden.ods", odf("spreadsheet", `<table:table table:style-name="H">`+row("no")+`</table:table><table:table table:name="B">`+row("mugwort")+`</table:table>`), "mugwort", 1},
	}
}

// odfPackage begins with the type of the document, not compressed, as its format demands.
func odfPackage(t testing.TB, kind string, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(header *zip.FileHeader, content string) {
		w, err := z.CreateHeader(header)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	mediaType := "application/vnd.oasis.opendocument." + kind
	add(&zip.FileHeader{Name: "mimetype", Method: zip.Store}, mediaType)
	for name, content := range parts {
		add(&zip.FileHeader{Name: name, Method: zip.Deflate}, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
