package extract

import (
	"bytes"
	"testing"
	"unicode"
	"unicode/utf8"

	"collateral/internal/demo/files"
)

// wantSound checks what holds for every result, whatever the document.
func wantSound(t *testing.T, res Result, err error, lim Limits) {
	t.Helper()
	if _, blamed := ReasonFor(err); err != nil && !blamed {
		t.Fatalf("got %v, want a failure of the document or none", err)
	}
	var size int64
	for _, page := range res.Pages {
		size += int64(len(page))
		if !utf8.ValidString(page) {
			t.Fatalf("got invalid UTF-8: %q", page)
		}
		for _, r := range page {
			if unicode.IsControl(r) && r != '\n' {
				t.Fatalf("got control character %U in %q", r, page)
			}
		}
	}
	if size > 2*lim.Output { // composing characters may add a little
		t.Fatalf("got %d bytes, want at most %d", size, lim.Output)
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(write(f, files.PDF, sampleDocument()))
	f.Add(rawPDF("BT /F1 12 Tf (a) Tj [(b) -300 (c)] TJ ET", "/X1 Do"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r := bytes.NewReader(doc)
		timed := func() (Result, error) {
			defer func() { _ = recover() }() // Extract does that, but would take pdftotext
			return readPDFByGo(t.Context(), r, r.Size(), DefaultLimits())
		}
		res, err := timed()
		wantSound(t, res, err, DefaultLimits())
	})
}

func FuzzPDFContents(f *testing.F) {
	f.Add("BT /F1 12 Tf 72 700 Td (a) Tj T* (b) ' 1 2 (c) \" ET", "q 1 0 0 1 0 0 cm /X1 Do Q")
	f.Fuzz(func(t *testing.T, contents, form string) {
		doc := bytes.NewReader(rawPDF(contents, form))
		res, err := readPDFByGo(t.Context(), doc, doc.Size(), DefaultLimits())
		wantSound(t, res, err, DefaultLimits())
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add(`<w:document xmlns:w="w"><w:body><w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>a</w:t><w:br w:type="page"/></w:r></w:p></w:body></w:document>`)
	f.Fuzz(func(t *testing.T, document string) {
		res, err := extractBytes(t, typeDOCX, docxOf(t, document), DefaultLimits())
		wantSound(t, res, err, DefaultLimits())
	})
}

func FuzzPPTX(f *testing.F) {
	f.Add(`<sld><sp><ph type="ftr"/><p><t>no</t></p></sp><tbl><tr><tc><p><r><t>a</t></r></p></tc></tr></tbl><p><fld type="slidenum"><t>1</t></fld></p></sld>`)
	f.Fuzz(func(t *testing.T, slide string) {
		res, err := extractBytes(t, typePPTX, pptxOf(t, slide), DefaultLimits())
		wantSound(t, res, err, DefaultLimits())
	})
}

func FuzzText(f *testing.F) {
	f.Add("text/html", []byte("<meta charset=utf-16><p>a<script>b"))
	f.Add("text/plain", []byte("\xff\xfea\x00\x0c\x00"))
	f.Add(typeOLE, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	f.Add(typeDOCX, []byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, mediaType string, doc []byte) {
		_ = MediaType(doc, mediaType)
		if mediaType == typePDF {
			return // has its own
		}
		res, err := extractBytes(t, mediaType, doc, DefaultLimits())
		wantSound(t, res, err, DefaultLimits())
	})
}
