package extract

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// HeadSize is how many of a file's first bytes MediaType wants to see, at best; fewer do in almost every case.
const HeadSize = 16 << 10

// MediaType tells what a file is from its first bytes. The name only refines what content cannot tell apart: kinds
// of text. The answer carries no parameters; "application/octet-stream" when nothing is known.
func MediaType(head []byte, fileName string) string {
	if enc := unicodeEncoding(head); enc != nil { // wide characters hide from the detector what they spell
		if text, err := enc.NewDecoder().Bytes(head[:len(head)&^3]); err == nil && isReadable(text) {
			head = text
		}
	}
	found := mimetype.Detect(head)
	base := bare(found)
	ext := strings.ToLower(path.Ext(fileName))
	switch {
	case base == "application/zip":
		if office := officeType(head); office != "" {
			return office
		}
	// Not the other way round: what looks like HTML is never called plain text, since a browser may run it.
	case (ext == ".md" || ext == ".markdown") && (base == "text/html" || isText(found)):
		return typeMD
	case isText(found):
		return textType(ext, base)
	}
	return base
}

func bare(m *mimetype.MIME) string {
	base, _, _ := strings.Cut(m.String(), ";")
	return base
}

// isText reports whether a file is text that no browser runs, or at least nothing but text by its content: a note that
// begins like a letter, a script or a list.
func isText(m *mimetype.MIME) bool {
	switch base := bare(m); base {
	case "text/plain":
		return true
	case "text/html", "text/xml", "image/svg+xml", typeRTF:
		return false
	default:
		return m.Parent() != nil && bare(m.Parent()) == "text/plain"
	}
}

// textType takes what the content says for a kind of text unless the name says another.
func textType(ext, base string) string {
	switch ext {
	case ".txt", ".text", ".log":
		return "text/plain"
	case ".csv":
		return "text/csv"
	case ".tsv":
		return "text/tab-separated-values"
	case ".html", ".htm":
		return "text/html"
	default:
		return base
	}
}

// isReadable tells text from bytes that happen to have zeros in the right places.
func isReadable(text []byte) bool {
	if r, n := utf8.DecodeLastRune(text); r == utf8.RuneError { // cut in two by the end of what was read
		text = text[:len(text)-n]
	}
	for _, r := range string(text) {
		if r == utf8.RuneError || r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != '\ufeff' && !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// officeType finds an OOXML document whose parts come in an unusual order, by the names of its first parts.
func officeType(head []byte) string {
	for {
		i := bytes.Index(head, []byte("PK\x03\x04"))
		if i < 0 || len(head) < i+30 {
			return ""
		}
		head = head[i:]
		name := head[30:min(len(head), 30+int(binary.LittleEndian.Uint16(head[26:])))]
		switch {
		case bytes.HasPrefix(name, []byte("ppt/")):
			return typePPTX
		case bytes.HasPrefix(name, []byte("word/")):
			return typeDOCX
		case bytes.HasPrefix(name, []byte("xl/")):
			return typeXLSX
		}
		head = head[4:]
	}
}
