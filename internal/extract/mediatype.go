package extract

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// HeadSize is how many of a file's first bytes MediaType wants to see, at best; fewer do in almost every case.
const HeadSize = 16 << 10

// MediaType tells what a file is from its first bytes. The name only refines what content cannot tell apart: kinds
// of text. The answer carries no parameters; "application/octet-stream" when nothing is known.
func MediaType(head []byte, fileName string) string {
	base, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	ext := strings.ToLower(path.Ext(fileName))
	switch base {
	case "application/zip":
		if office := officeType(head); office != "" {
			return office
		}
	case "text/plain", "text/html":
		// Not the other way round: what looks like HTML is never called plain text, since a browser may run it.
		if ext == ".md" || ext == ".markdown" {
			return "text/markdown"
		}
		if base == "text/plain" {
			return textType(ext)
		}
	}
	return base
}

func textType(ext string) string {
	switch ext {
	case ".csv":
		return "text/csv"
	case ".tsv":
		return "text/tab-separated-values"
	case ".html", ".htm":
		return "text/html"
	default:
		return "text/plain"
	}
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
			return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		}
		head = head[4:]
	}
}
