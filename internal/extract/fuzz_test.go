package extract

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
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
			return readPDFByGo(t.Context(), r, r.Size(), fuzzLimits())
		}
		res, err := timed()
		wantSound(t, res, err, fuzzLimits())
	})
}

func FuzzPDFContents(f *testing.F) {
	f.Add("BT /F1 12 Tf 72 700 Td (a) Tj T* (b) ' 1 2 (c) \" ET", "q 1 0 0 1 0 0 cm /X1 Do Q")
	f.Fuzz(func(t *testing.T, contents, form string) {
		doc := bytes.NewReader(rawPDF(contents, form))
		res, err := readPDFByGo(t.Context(), doc, doc.Size(), fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add(`<w:document xmlns:w="w"><w:body><w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>a</w:t><w:br w:type="page"/></w:r></w:p></w:body></w:document>`)
	f.Fuzz(func(t *testing.T, document string) {
		res, err := extractBytes(t, typeDOCX, docxOf(t, document), fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

func FuzzPPTX(f *testing.F) {
	f.Add(`<sld><sp><ph type="ftr"/><p><t>no</t></p></sp><tbl><tr><tc><p><r><t>a</t></r></p></tc></tr></tbl><p><fld type="slidenum"><t>1</t></fld></p></sld>`)
	f.Fuzz(func(t *testing.T, slide string) {
		res, err := extractBytes(t, typePPTX, pptxOf(t, slide), fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<c t="s" s="1"><v>0</v></c><c t="inlineStr"><is><t>a</t></is></c><c s="1"><v>46082.5</v></c>`, "yyyy-mm-dd hh:mm;@")
	f.Add(`<c><v>1E308</v></c><c s="1"><v>-1</v></c>`, `[$-409]#,##0.00\ "x"_);[Red]0%`)
	f.Fuzz(func(t *testing.T, row, format string) {
		res, err := extractBytes(t, typeXLSX, xlsxOf(t, row), fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
		b := &workbook{styles: []numberFormat{parseFormat(format)}}
		if got := b.displayed("46082.125", "0"); got == "" || len(got) > 64 {
			t.Fatalf("format %q: got %q, want a number or a date", format, got)
		}
	})
}

func FuzzODF(f *testing.F) {
	f.Add("text", `<style:style style:name="B"><style:paragraph-properties fo:break-before="page"/></style:style>`, `<text:p text:style-name="B">a<text:s/><text:note><text:p>b</text:p></text:note></text:p>`)
	f.Add("presentation", ``, `<draw:page><draw:frame presentation:class="footer"/><text:p>a</text:p></draw:page>`)
	f.Add("spreadsheet", `<style:style style:name="H"><style:table-properties table:display="false"/></style:style>`, `<table:table table:style-name="H"/><table:table table:name="a"><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>`)
	f.Fuzz(func(t *testing.T, kind, styles, body string) {
		for _, mediaType := range []string{typeODT, typeODP, typeODS} {
			res, err := extractBytes(t, mediaType, odfOf(t, kind, styles, body), fuzzLimits())
			wantSound(t, res, err, fuzzLimits())
		}
	})
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset204 x;}{\f1\fcharset128 y;}}\f0 \'e1{\v no}\u8364?\uc2\u-10179??\u-8704??\par{\f1 \'93\'fa}}`))
	f.Add([]byte(`{\rtf1{\*\shpinst{\shptxt a}}{\pict\bin3 }}}}\page\trowd a\cell\row{\field{\*\fldinst x}{\fldrslt y}}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		res, err := extractBytes(t, typeRTF, doc, fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

func FuzzMarkdown(f *testing.F) {
	f.Add([]byte("# a\n\n| b | c |\n|---|---|\n| [d](e) | ![f](g) |\n\n```\nh\n```\n> - [ ] i[^1]\n\n[^1]: j\n"))
	f.Add([]byte("<div>\n**a**\n</div>\n<script>b"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		res, err := extractBytes(t, typeMD, doc, fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

// FuzzPlainText looks for inputs that the guessing of encodings does not survive.
func FuzzPlainText(f *testing.F) {
	f.Add([]byte("\xc4\xee\xe3\xee\xe2\xee\xf0 \xef\xee\xf1\xf2\xe0\xe2\xea\xe8"))
	f.Add([]byte("\x1b$B$3$s$K$A$O\x1b(B"))
	f.Add([]byte("\x97\xe2\x91\xa0\x83R\x83\x93\x83e\x83i\x82\xcc\x89\xb7\x93x\x82\xcd"))
	f.Add([]byte("a\x00b\x00c\x00 \x00"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		_ = MediaType(doc, "a.txt")
		res, err := extractBytes(t, "text/plain", doc, fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

// FuzzRunningLines checks that the rule takes away repetitions and nothing else.
func FuzzRunningLines(f *testing.F) {
	f.Add("head\na\n1\fhead\nb\n2\fhead\nc\n3\fhead\nd\n4")
	f.Add("1\f2\f\f4\f5\n5\n5\n5\n5\f6")
	f.Fuzz(func(t *testing.T, doc string) {
		pages := strings.Split(doc, "\f")
		before := strings.Split(strings.Join(pages, "\n"), "\n")
		n := len(pages)
		withoutRunningLines(pages)
		if len(pages) != n {
			t.Fatalf("got %d pages, want %d", len(pages), n)
		}
		numbers := regexp.MustCompile(`[0-9]+`)
		left := map[string]bool{}
		for line := range strings.SplitSeq(strings.Join(pages, "\n"), "\n") {
			left[numbers.ReplaceAllString(line, "0")] = true
		}
		for _, line := range before {
			if line != "" && !left[numbers.ReplaceAllString(line, "0")] {
				t.Fatalf("got no line like %q any more in %q", line, pages)
			}
		}
	})
}

// FuzzArchive has whole packages, whose directory and compression may be damaged too.
func FuzzArchive(f *testing.F) {
	f.Add(typeDOCX, docxOf(f, `<w:document xmlns:w="w"><w:p><w:t>a</w:t></w:p></w:document>`))
	f.Add(typePPTX, pptxOf(f, `<sld><p><t>a</t></p></sld>`))
	f.Add(typeXLSX, xlsxOf(f, `<c t="s"><v>0</v></c>`))
	f.Add(typeODT, odfPackage(f, "text", map[string]string{odfContent: `<office:text xmlns:office="o"/>`, odfManifest: `<m/>`}))
	f.Add(typeOLE, encryptedOLE())
	f.Fuzz(func(t *testing.T, mediaType string, doc []byte) {
		_ = MediaType(doc, "a.docx")
		if mediaType == typePDF {
			return // has its own
		}
		res, err := extractBytes(t, mediaType, doc, fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}

// fuzzLimits keep each input short: the fuzzer shares its process with the reader.
func fuzzLimits() Limits {
	lim := DefaultLimits()
	lim.Unpacked, lim.Output, lim.Pages, lim.Time = 4<<20, 64<<10, 100, 5*time.Second
	return lim
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
		res, err := extractBytes(t, mediaType, doc, fuzzLimits())
		wantSound(t, res, err, fuzzLimits())
	})
}
