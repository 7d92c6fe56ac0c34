package extract

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"collateral/internal/demo/files"
)

func TestMediaType(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		file string
		head []byte
		want string
	}{
		{"our PDF", "a.pdf", write(t, files.PDF, sampleDocument()), typePDF},
		{"our DOCX", "a.docx", write(t, files.DOCX, sampleDocument()), typeDOCX},
		{"our PPTX", "a.pptx", write(t, files.PPTX, sampleDeck()), typePPTX},
		{"our HTML", "a.html", write(t, files.HTML, sampleDocument()), "text/html"},
		{"LibreOffice's PDF", "a", fixture(t, "libreoffice.pdf"), typePDF},
		{"LibreOffice's PPTX", "a", fixture(t, "libreoffice.pptx"), typePPTX},
		{"LibreOffice's DOCX", "a", fixture(t, "libreoffice.docx"), typeDOCX},
		{"LibreOffice's ODT", "a", fixture(t, "libreoffice.odt"), typeODT},
		{"LibreOffice's ODP", "a", fixture(t, "libreoffice.odp"), typeODP},
		{"LibreOffice's RTF", "a", fixture(t, "libreoffice.rtf"), typeRTF},
		{"RTF with a lying name", "a.txt", []byte(`{\rtf1 x}`), typeRTF},
		{"a workbook", "a", fixture(t, "excelize.xlsx"), typeXLSX},
		{"a workbook whose parts come in an unusual order", "a", zipped(t, map[string]string{"xl/theme/theme1.xml": "<x/>"}), typeXLSX},
		{"a PDF with a lying name", "deck.pptx", []byte("%PDF-1.7\n"), typePDF},
		{"a PPTX whose parts come in an unusual order", "a.pptx", zipped(t, map[string]string{"ppt/theme/theme1.xml": "<x/>"}), typePPTX},
		{"a zip file with a lying name", "deck.pptx", zipped(t, map[string]string{"readme.txt": "no deck"}), "application/zip"},
		{"text", "notes.txt", []byte("some text"), "text/plain"},
		{"text without a name", "", []byte("some text"), "text/plain"},
		{"markdown", "notes.MD", []byte("# Some text\n"), "text/markdown"},
		{"markdown that begins with HTML", "notes.md", []byte("<div>x</div>\n\n# Some text\n"), "text/markdown"},
		{"CSV", "prices.csv", []byte("just;one;line\n"), "text/csv"},
		{"a letter", "note.txt", []byte("From: Mia\nTo: Max\nSubject: x\n\nBody"), "text/plain"},
		{"a script", "note.txt", []byte("#!/bin/sh\necho x"), "text/plain"},
		{"an XML document with a lying name", "note.txt", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`), "image/svg+xml"},
		{"text in UTF-16 without a mark", "note.txt", []byte(utf16Bytes("some text of a few words", 0)), "text/plain"},
		{"text in Shift-JIS", "note.txt", []byte("\x93\xfa\x96\x7b\x8c\xea"), "text/plain"},
		{"text in Windows-1252", "note.txt", []byte("caf\xe9 \x96 na\xefve"), "text/plain"},
		{"HTML in UTF-16 with a lying name", "note.txt", []byte("\xff\xfe" + utf16Bytes("<!DOCTYPE html><script>x()</script>", 0)), "text/html"},
		{"numbers of two bytes", "note.txt", bytes.Repeat([]byte{7, 0, 9, 0}, 100), "application/octet-stream"},
		{"HTML without a beginning", "part.html", []byte("plain words <b>and</b> tags"), "text/html"},
		{"HTML with a lying name", "notes.txt", []byte("<!DOCTYPE html><script>x()</script>"), "text/html"},
		{"a picture with a lying name", "page.html", []byte("\x89PNG\r\n\x1a\n"), "image/png"},
		{"a text with a lying name", "deck.pdf", []byte("some text"), "text/plain"},
		{"bytes", "x", []byte{0x01, 0x02, 0x00, 0xff, 0xfe, 0x00}, "application/octet-stream"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := MediaType(test.head[:min(len(test.head), HeadSize)], test.file); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// zipped returns an archive of the parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
